"""Dates of a statement are borne out by what it cites."""

from __future__ import annotations

from datetime import date

import pytest

from agent.checks import Cited, Claim, check_dates

PUBLISHED = date(2024, 12, 3)  # a Tuesday


def check(
    language: str, statement: str, cited_language: str, cited: str, published: date | None
) -> bool | None:
    outcome = check_dates(Claim(statement, language, (Cited(cited, cited_language, published=published),)))
    return None if outcome is None else outcome.passed


@pytest.mark.parametrize(
    ("language", "statement", "cited_language", "cited", "published", "passes"),
    [
        ("en", "on 29 September 2018", "nl", "op 29 september 2018", None, True),
        ("en", "in September 2018", "nl", "op 29 september 2018", None, True),
        ("en", "on 29 September 2018", "nl", "in september 2018", None, False),
        ("de", "am 30. September", "fr", "le 29 septembre", None, False),
        ("es", "el lunes", "ru", "в понедельник", None, True),
        ("es", "el martes", "ru", "в понедельник", None, False),
        ("tr", "Pazartesi", "zh", "周一", None, True),
        ("ar", "يوم الأربعاء", "ja", "火曜日に", None, False),
        ("pl", "w zeszłym roku", "it", "l'anno scorso", None, True),
        ("en", "next year", "nl", "vorig jaar", None, False),
        ("en", "on 2 December 2024", "nl", "gisteren", PUBLISHED, True),
        ("en", "on Monday", "nl", "gisteren", PUBLISHED, True),
        ("en", "on Thursday", "nl", "gisteren", PUBLISHED, False),
        ("hi", "मंगलवार को", "en", "on 3 December 2024", PUBLISHED, True),
        ("en", "on 24 November 2024", "nl", "op 24 november", PUBLISHED, True),
        ("en", "on 24 November 2023", "nl", "op 24 november", date(2030, 1, 1), False),
        ("fr", "en janvier", "de", "im Februar", PUBLISHED, False),
        ("en", "on 3 December the paper wrote", "nl", "De krant schreef", PUBLISHED, True),
    ],
)
def test_compares_at_the_same_precision_or_coarser(
    language: str, statement: str, cited_language: str, cited: str, published: date | None, passes: bool
) -> None:
    assert check(language, statement, cited_language, cited, published) is passes


def test_names_the_date_that_is_missing() -> None:
    outcome = check_dates(Claim("It fell on Friday.", "en", (Cited("Het viel donderdag.", "nl"),)))
    assert outcome is not None
    assert outcome.detail == "“Friday” is not in what is cited; the dates there are donderdag"


def test_another_day_of_the_passage_does_not_stand_in_for_the_cited_one() -> None:
    passage = "He spoke on Friday. She spoke on Thursday."
    cited = (Cited("She spoke on Thursday.", "en", passage),)
    outcome = check_dates(Claim("She spoke on Friday.", "en", cited))
    assert outcome is not None and not outcome.passed
    outcome = check_dates(Claim("He spoke on Friday.", "en", (Cited("He spoke.", "en", passage),)))
    assert outcome is not None and outcome.passed


def test_has_nothing_to_say_about_a_bare_year() -> None:
    assert check("en", "In 2018 it fell.", "nl", "Niets.", None) is None


def test_no_calendar_reaches_everywhere() -> None:
    cited = (
        Cited(
            "It fell 99999999999 weeks ago, 99999999999 years ago, in 99999999999 days.",
            "en",
            published=PUBLISHED,
        ),
    )
    outcome = check_dates(Claim("It fell on Friday, 99999999999 weeks ago.", "en", cited))
    assert outcome is not None and not outcome.passed
