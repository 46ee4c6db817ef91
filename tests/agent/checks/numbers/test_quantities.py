"""Numbers of a text with what stands beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.checks.numbers.magnitudes import Quantity
from agent.checks.numbers.quantities import find_quantities


def strong(text: str, language: str) -> list[Quantity]:
    return [quantity for quantity in find_quantities(text, language) if not quantity.is_weak]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "3.5 million, 3.5m and £2.8bn", ["3500000.0", "3500000.0", "2800000000.0"]),
        ("nl", "1,3 miljoen en 5 mld.", ["1300000.0", "5000000000"]),
        ("de", "2,5 Mio. Euro, 3 Milliarden", ["2500000.0", "3000000000"]),
        ("fr", "2 milliards d’euros", ["2000000000"]),
        ("es", "1,2 mil millones", ["1200000000.0"]),
        ("it", "5,69 milioni", ["5690000.00"]),
        ("pl", "25 tys. osób", ["25000"]),
        ("ru", "1,5 млн и 300 тыс.", ["1500000.0", "300000"]),
        ("tr", "12 bin 500 kişi", ["12500"]),
        ("ar", "3 ملايين شخص", ["3000000"]),
        ("zh", "326万人", ["3260000"]),
        ("ja", "1億2000万円", ["120000000"]),
        ("hi", "5 करोड़ लोग", ["50000000"]),
    ],
)
def test_takes_magnitudes_in(language: str, text: str, values: list[str]) -> None:
    assert [str(quantity.value) for quantity in strong(text, language)] == values


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "One of them had a second look at an apple"),
        ("nl", "Een van hen nam het in acht"),
        ("de", "Einer der Männer gab acht."),
        ("fr", "Un homme a acheté du neuf"),
        ("es", "Una vez"),
        ("tr", "On numara, bir kez"),
        ("zh", "十分清楚的三明治"),
        ("en", "thousands of people"),
    ],
)
def test_articles_and_words_that_look_like_numbers_claim_none(language: str, text: str) -> None:
    assert strong(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "is_percent"),
    [
        ("en", "10 percent", True),
        ("nl", "10 procent", True),
        ("de", "10 %", True),
        ("fr", "10 pour cent", True),
        ("tr", "yüzde 10", True),
        ("zh", "百分之10", True),
        ("ar", "10 بالمائة", True),
        ("ru", "10 процентов", True),
        ("en", "10 people", False),
    ],
)
def test_knows_percentages(language: str, text: str, is_percent: bool) -> None:
    (quantity,) = strong(text, language)
    assert (quantity.value, quantity.is_percent) == (Decimal(10), is_percent)


@pytest.mark.parametrize(
    ("language", "text", "currency"),
    [
        ("en", "$5 million", "dollar"),
        ("nl", "5 miljoen dollar", "dollar"),
        ("de", "5 Millionen Euro", "euro"),
        ("ja", "500円", "yen"),
        ("ru", "5 млн рублей", "rouble"),
        ("pl", "5 zł", "zloty"),
        ("en", "5 people", None),
    ],
)
def test_knows_currencies_by_kind(language: str, text: str, currency: str | None) -> None:
    assert strong(text, language)[0].currency == currency


def test_clocks_decades_and_scores_have_other_readings() -> None:
    (afternoon,) = strong("at 3 p.m.", "en")
    assert afternoon.values == {Decimal(3), Decimal(15)}
    (clock,) = strong("om 15:00", "nl")
    assert clock.values == {Decimal("15.00"), Decimal(3)}
    (decade,) = strong("in the 1990s", "en")
    assert decade.values == {Decimal(1990), Decimal(90)}
    assert [quantity.pair for quantity in strong("a 2-1 win", "en")] == [frozenset({2, 1})] * 2
    assert Decimal(1953) in strong("1950-53", "en")[1].values


def test_a_code_of_any_length_is_read() -> None:
    code = "1" + "0" * 400
    assert [quantity.text for quantity in strong(f"{code} million", "en")] == [f"{code} million"]
    assert [quantity.value for quantity in strong(code, "tr")] == [Decimal(code)]
