"""Numbers that end in a half."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checks.numbers.quantities import find_quantities
from agent.checks.words.halves import read_spelled
from agent.checks.words.numerals import load_table

MILLIONS = {
    "nl": "tweeënhalf miljoen, twee en een half miljoen, 2 en een half miljoen",
    "tr": "iki buçuk milyon, 2 buçuk milyon",
    "az": "iki yarım milyon",
    "en": "two and a half million, 2 and a half million",
    "de": "zweieinhalb Millionen, zweiundeinhalb Millionen, zwei und eine halbe Million",
    "fr": "deux millions et demi, 2 millions et demi",
    "es": "dos millones y medio, dos y medio millones",
    "it": "due milioni e mezzo, 2 milioni e mezzo",
    "pt": "dois milhões e meio, dois e meio milhões",
    "ca": "dos milions i mig",
    "ro": "două milioane și jumătate",
    "pl": "dwa i pół miliona",
    "cs": "dva a půl milionu",
    "sk": "dva a pol milióna",
    "sl": "dva in pol milijona",
    "hr": "dva i pol milijuna",
    "sr": "два и по милиона",
    "ru": "два с половиной миллиона",
    "uk": "два з половиною мільйони",
    "bg": "два милиона и половина, два и половина милиона",
    "sv": "två och en halv miljon",
    "da": "to og en halv million",
    "nb": "to og en halv million",
    "fi": "kaksi ja puoli miljoonaa",
    "et": "kaks ja pool miljonit",
    "hu": "két és fél millió, kétésfél millió",
    "lv": "divi ar pusi miljoni, divarpus miljoni",
    "lt": "du su puse milijono",
    "el": "δυόμισι εκατομμύρια, δύο και μισό εκατομμύρια",
    "ar": "2 مليون ونصف",
    "fa": "دو و نیم میلیون, دو میلیون و نیم",
    "he": "שני מיליון וחצי",
    "id": "dua setengah juta",
    "vi": "hai triệu rưỡi",
}
ONE_AND_A_HALF = {
    "nl": "anderhalf miljoen",
    "de": "anderthalb Millionen",
    "pl": "półtora miliona",
    "ru": "полтора миллиона",
    "uk": "півтора мільйона",
    "da": "halvanden million",
    "nb": "halvannen million",
    "fi": "puolitoista miljoonaa",
    "et": "poolteist miljonit",
    "hu": "másfél millió",
    "fr": "un million et demi",
    "es": "un millón y medio",
    "it": "un milione e mezzo",
    "en": "one and a half million",
}


def strong(text: str, language: str) -> list[tuple[str, Decimal]]:
    return [
        (quantity.text, quantity.value)
        for quantity in find_quantities(text, language)
        if not quantity.is_weak
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [(language, text) for language, texts in MILLIONS.items() for text in texts.split(", ")],
)
def test_two_and_a_half_million(language: str, text: str) -> None:
    assert strong(text, language) == [(text, Decimal(2_500_000))]
    opening = text[0].upper() + text[1:]
    if language not in ("tr", "az"):
        assert strong(opening, language) == [(opening, Decimal(2_500_000))]


@pytest.mark.parametrize(("language", "text"), [("nl", "Tweeënhalf miljoen"), ("tr", "İki buçuk milyon")])
def test_at_the_beginning_of_a_sentence(language: str, text: str) -> None:
    assert strong(f"{text}.", language) == [(text, Decimal(2_500_000))]


@pytest.mark.parametrize(("language", "text"), ONE_AND_A_HALF.items())
def test_one_and_a_half_million(language: str, text: str) -> None:
    assert strong(text, language) == [(text, Decimal(1_500_000))]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("hi", "ढाई करोड़", 25_000_000),
        ("hi", "साढ़े तीन करोड़", 35_000_000),
        ("nl", "twintig en een half miljoen", 20_500_000),
        ("de", "dreieinhalb Milliarden Euro", 3_500_000_000),
        ("es", "dos mil millones y medio", 2_500_000_000),
        ("en", "twenty-two and a half percent", Decimal("22.5")),
        ("en", "three and a half years", Decimal("3.5")),
    ],
)
def test_halves_of_other_numbers(language: str, text: str, value: int | Decimal) -> None:
    assert [found for _, found in strong(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("nl", "tweeënhalf uur", []),
        ("nl", "in een half jaar", []),
        ("de", "anderthalb Jahre", []),
        ("en", "exit 2 and a half mile on", [2]),
        ("en", "half of them and a half", []),
        ("es", "los medios", []),
    ],
)
def test_a_half_of_something_else_claims_none(language: str, text: str, values: list[int]) -> None:
    assert [value for _, value in strong(text, language)] == values


@given(st.sampled_from([2, 3, 4, 5, 6, 7, 8, 9, 12, 20, 30, 45]), st.sampled_from(["nl", "de", "en"]))
def test_a_half_adds_a_half(whole: int, language: str) -> None:
    table = load_table(language)
    assert table is not None
    words = {
        "nl": "twee drie vier vijf zes zeven acht negen twaalf twintig dertig vijfenveertig",
        "de": "zwei drei vier funf sechs sieben acht neun zwolf zwanzig dreissig funfundvierzig",
        "en": "two three four five six seven eight nine twelve twenty thirty forty-five",
    }[language].split()
    spelled = words[[2, 3, 4, 5, 6, 7, 8, 9, 12, 20, 30, 45].index(whole)].split("-")
    half = {"nl": "en een half", "de": "und eine halbe", "en": "and a half"}[language].split()
    (number,) = read_spelled([*spelled, *half], table)
    assert (number.value, number.whole) == (whole + Decimal("0.5"), whole)


@given(st.lists(st.sampled_from(["two", "million", "and", "a", "half", "hundred", "of"]), max_size=8))
def test_words_are_read_once_and_in_order(words: list[str]) -> None:
    table = load_table("en")
    assert table is not None
    end = 0
    for number in read_spelled(words, table):
        assert end <= number.first < number.end <= len(words)
        end = number.end
