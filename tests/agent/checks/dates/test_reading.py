"""Dates in any order and language, absolute and relative."""

from __future__ import annotations

from datetime import date

import pytest

from agent.checks.dates.calendar import Relative
from agent.checks.dates.intervals import DayRange, resolve
from agent.checks.dates.reading import find_dates

DAY = {"year": 2018, "month": 9, "day": 29}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on 29 September 2018"),
        ("en", "on September 29, 2018"),
        ("nl", "op 29 september 2018"),
        ("de", "am 29. September 2018"),
        ("de", "am 29.09.2018"),
        ("fr", "le 29 septembre 2018"),
        ("es", "el 29 de septiembre de 2018"),
        ("it", "il 29 settembre 2018"),
        ("pl", "29 września 2018 r."),
        ("ru", "29 сентября 2018 года"),
        ("tr", "29 Eylül 2018 tarihinde"),
        ("ar", "في 29 سبتمبر 2018"),
        ("zh", "2018年9月29日"),
        ("ja", "2018年9月29日に"),
        ("hi", "29 सितंबर 2018 को"),
        ("en", "2018-09-29"),
    ],
)
def test_finds_a_full_date(language: str, text: str) -> None:
    (mention,) = find_dates(text, language)
    assert {name: getattr(mention, name) for name in DAY} == DAY


@pytest.mark.parametrize(
    ("language", "text", "weekday"),
    [
        ("en", "on Tuesday", 1),
        ("nl", "dinsdagavond", 1),
        ("de", "am Dienstagmorgen", 1),
        ("fr", "mardi dernier", 1),
        ("es", "el martes", 1),
        ("it", "martedì", 1),
        ("pl", "we wtorku", 1),
        ("pl", "sobotniego meczu", 5),
        ("ru", "в пятницу", 4),
        ("tr", "pazar günü", 6),
        ("ar", "يوم الثلاثاء", 1),
        ("zh", "上周二"[1:], 1),
        ("ja", "火曜日に", 1),
        ("hi", "मंगलवार को", 1),
    ],
)
def test_finds_a_weekday(language: str, text: str, weekday: int) -> None:
    (mention,) = find_dates(text, language)
    assert mention.weekday == weekday


@pytest.mark.parametrize(
    ("language", "text", "unit", "offset"),
    [
        ("en", "last week", "week", -1),
        ("en", "two years ago", "year", -2),
        ("nl", "gisteren", "day", -1),
        ("nl", "twee jaar geleden", "year", -2),
        ("de", "letzte Woche", "week", -1),
        ("de", "vor zwei Jahren", "year", -2),
        ("fr", "l’année dernière", "year", -1),
        ("es", "hace dos años", "year", -2),
        ("it", "la settimana scorsa", "week", -1),
        ("pl", "w zeszłym roku", "year", -1),
        ("ru", "два года назад", "year", -2),
        ("tr", "geçen hafta", "week", -1),
        ("ar", "العام الماضي", "year", -1),
        ("zh", "去年", "year", -1),
        ("ja", "先月", "month", -1),
        ("hi", "पिछले साल", "year", -1),
    ],
)
def test_finds_a_relative_date(language: str, text: str, unit: str, offset: int) -> None:
    (mention,) = find_dates(text, language)
    assert mention.relative == Relative(unit, offset)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Theresa May said it may march on"),
        ("fr", "mais sept amis"),
        ("pl", "mają środki dla św. Marcina"),
        ("tr", "St. Martin'in pazarı"),
        ("en", "the Sunday Times"),
        ("es", "por la mañana"),
        ("zh", "三个月的会议"),
        ("de", "am Morgen"),
    ],
)
def test_other_words_are_no_dates(language: str, text: str) -> None:
    assert find_dates(text, language) == ()


def test_relative_dates_count_from_the_day_of_writing() -> None:
    published = date(2024, 12, 3)  # a Tuesday
    (yesterday, week, month) = find_dates("yesterday, last week and next month", "en")
    assert resolve(yesterday, published) == (DayRange(date(2024, 12, 2), date(2024, 12, 2)),)
    assert resolve(week, published) == (DayRange(date(2024, 11, 25), date(2024, 12, 1)),)
    assert resolve(month, published) == (DayRange(date(2025, 1, 1), date(2025, 1, 31)),)
    assert resolve(yesterday, None) == ()
