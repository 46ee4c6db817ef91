"""Digits are read with the separators of their language, in every script."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from agent.checks.words.digits import find_digits, read_number, to_ascii_digits

LOCALES = [
    "en",
    "nl",
    "de",
    "fr",
    "es",
    "it",
    "pl",
    "tr",
    "ru",
    "pt",
    "sv",
    "zh",
    "ja",
    "hi",
    "en-IN",
    "de-CH",
    "cs",
]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "1,300 of 1.3", ["1300", "1.3"]),
        ("nl", "1.300 van 1,3", ["1300", "1.3"]),
        ("de", "1.300.000,50", ["1300000.50"]),
        ("fr", "1 300 000,5", ["1300000.5"]),
        ("pl", "25 000 osób", ["25000"]),
        ("de-CH", "1’300.5", ["1300.5"]),
        ("en-IN", "12,34,567", ["1234567"]),
        ("hi", "१२,३४,५६७", ["1234567"]),
        ("ar", "١٬٣٠٠٫٥", ["1300.5"]),
        ("fa", "۲۰۱۸", ["2018"]),
        ("nl", "op 12.10.2024", ["12", "10", "2024"]),
        ("en", "in 2018, 300 people", ["2018", "300"]),
        ("en", "0.125", ["0.125"]),
        ("ja", "１２３人", ["123"]),
    ],
)
def test_reads_numbers_as_the_language_writes_them(language: str, text: str, values: list[str]) -> None:
    assert [str(digits.value) for digits in find_digits(text, language)] == values


@pytest.mark.parametrize("locale", LOCALES)
@given(whole=st.integers(0, 10**9), cents=st.integers(0, 9))
def test_reads_back_what_cldr_writes(locale: str, whole: int, cents: int) -> None:
    value = Decimal(whole) + Decimal(cents) / 10
    written = format_decimal(value, locale=locale.replace("-", "_"))
    assert read_number(written, locale) == value


@given(st.text())
def test_offsets_survive_other_digits(text: str) -> None:
    assert len(to_ascii_digits(text)) == len(text)


@given(st.text(alphabet="0123456789.,' \u00a0\u202f٫٬a", max_size=30))
def test_every_digit_is_read_once(text: str) -> None:
    found = list(find_digits(text, "en"))
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    covered = [at for one in found for at in range(one.start, one.end) if text[at].isdigit()]
    assert covered == digits
