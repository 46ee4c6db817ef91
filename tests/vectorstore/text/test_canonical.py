"""Canonical text: what is folded, what is left alone, and that doing it twice changes nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.text.canonical import article_id, canonicalize

TROUBLE = "a\u0301\r\n\t\x00\x85\u2028\u2029\ufeff\ud83d\ude00\udc00e\u0327\u0345\u1fb3 "
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80) | st.text(
    st.sampled_from(TROUBLE), max_size=30
)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("\ufeffKop\r\n\r\nTekst\rnog een\n", "Kop\n\nTekst\nnog een\n"),
        ("a\tb\x1fc", "a b c"),
        ("een\u2028twee\u2029drie\x85vier\x0bvijf\x0czes", "een\ntwee\n\ndrie\nvier\nvijf\nzes"),
        ("nul\x00bel\x07del\x7fc1\x9b", "nulbeldelc1"),
        ("cafe\u0301 \u1112\u1161\u11ab", "café 한"),
        ("a\ufeff\u0301", "á"),
        ("\ud83d\ude00 \ud83d \ude00", "😀 \ufffd \ufffd"),
        ("  twee  spaties\u00a0en\n\n\nwitregels  ", "  twee  spaties\u00a0en\n\n\nwitregels  "),
        ("क्\u200dष می\u200cخواهم \u200fשלום", "क्\u200dष می\u200cخواهم \u200fשלום"),
        ("", ""),
    ],
)
def test_what_is_folded_and_what_is_left_alone(raw: str, canonical: str) -> None:
    assert canonicalize(raw) == canonical


@given(ANY_TEXT)
def test_result_is_canonical_and_stable(raw: str) -> None:
    text = canonicalize(raw)
    assert canonicalize(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert [c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"] == []
    assert not set(text) & {"\u2028", "\u2029", "\ufeff"}
    assert text.encode("utf-8").decode("utf-8") == text


@given(ANY_TEXT)
def test_equal_text_has_equal_id(raw: str) -> None:
    text = canonicalize(raw)
    assert article_id(text) == article_id(canonicalize(text))
    assert len(article_id(text)) == 16
    assert article_id(text + "x") != article_id(text)


def test_id_is_the_sha256_of_the_utf8() -> None:
    assert article_id("Zürich") == "4251685e06cab635"
    assert article_id("") == "e3b0c44298fc1c14"
