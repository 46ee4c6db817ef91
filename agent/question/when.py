"""The days a question asks about: "on 12 September 2018", "last week", "since March", "12月3日以来"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regex

from agent.checks.dates.intervals import DayRange
from agent.checks.dates.reading import spell_as_figures
from agent.checks.stance.clauses import fold_quotes
from agent.checks.words.cjk import read_cjk
from agent.checks.words.digits import to_ascii_digits
from agent.checks.words.lexicons import load_lexicon
from agent.question.cues import (
    LEXICON,
    PAIRS_UNOPENED,
    UNSPACED,
    compile_pattern,
    either,
    is_among,
    is_before,
    is_behind,
)
from agent.question.mentions import TimeMention, find_times

_MARGIN = 10
"""What happened in so many days is reported until a day later, or a tenth of them where that is more."""
_UNITS = ("day", "week", "month", "year")
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_BARE_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|\.|日|號|号)?"
_CJK_NUMBER = regex.compile("[〇零一二两三四五六七八九十百]+")
_ARABIC_AND = regex.compile(r"(?<!\p{L})و(?=\d)")
"""And, joined to a number."""
_QUOTED = regex.compile(r"[\"“„«「『《][^\"”»」』》]*[\"”“»」』》]")


@dataclass(frozen=True, slots=True)
class Period:
    """Days a question asks about, both included; None is open."""

    first: date | None
    last: date | None


def find_period(question: str, language: str, today: date) -> Period | None:
    """Return the days a question asks about, by when articles on them are published.

    What happened in a period is reported a little later (`_MARGIN`), but where articles of that period are
    asked for. A date that may be of several years is the last one up to today. What is to come, what
    something is only compared with, dates in quotation marks, and several days at once give no period.

    Args:
        question: in any language.
        language: BCP 47 without region; an unknown one knows dates in figures only.
        today: the day of asking.
    """
    text = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), to_ascii_digits(question))
    text = _ARABIC_AND.sub("و ", text)
    span = _find_span(text, language, today)
    if span is not None:
        return span
    said = find_times(text, language, today)
    pair = _find_pair(said, language)
    is_publication = is_among("articles", language, text)
    if pair is not None:
        return Period(pair.first, _extend(pair, is_publication))
    return _combine([_relate(one, language, is_publication) for one in said])


def _find_span(text: str, language: str, today: date) -> Period | None:
    """Return "the last three days" and its like, today included."""
    patterns = load_lexicon(LEXICON)["spans"].get(language, ())
    figures = _read_ideographs(text) if language in UNSPACED else spell_as_figures(text, language)[0]
    for pattern in patterns:
        for unit in _UNITS:
            words = pattern.replace("{unit}", either(unit, language) or "(?!)")
            boundary = "" if language in UNSPACED else r"(?!\w)"
            match = compile_pattern(words + boundary).search(figures)
            if match is not None:
                number = int(match[1]) if match.re.groups else 1
                try:
                    return Period(today - timedelta(number * _DAYS[unit]), today)
                except OverflowError:
                    return None
    return None


def _read_ideographs(text: str) -> str:
    """Return folded text with numbers of Chinese characters in figures."""

    def read(match: regex.Match[str]) -> str:
        value = read_cjk(match.group())
        return match.group() if value is None else str(int(value))

    return _CJK_NUMBER.sub(read, fold_quotes(text))


def _find_pair(said: list[TimeMention], language: str) -> DayRange | None:
    """Return "between 3 and 7 December": from the first day of one date to the last of the other."""
    join = either("joins", language)
    if join is None or not said:
        return None
    one = said[0]
    if len(said) == 2:
        gap = said[1].before[one.mention.end :]
        joined = compile_pattern(rf"\W*(?:{join}|[-–—])?\W*(?:(?:le|the|el|dem|den|il)\W+)?").fullmatch(
            fold_quotes(gap)
        )
        is_dash = regex.fullmatch(r"\s*[-–—]\s*", gap) is not None
        opened = is_dash or language in PAIRS_UNOPENED or is_before("first", language, one.before)
        days = DayRange(one.days.first, said[1].days.last)
        return days if joined and opened and days.first <= days.last else None
    return _find_short_pair(one, language, join)


def _find_short_pair(one: TimeMention, language: str, join: str) -> DayRange | None:
    """Return the days of a pair that names the month once: "from 3 to 7 December", "12月3日到7日"."""
    if one.mention.day is None:
        return None
    if language in UNSPACED:
        match = compile_pattern(rf"\A(?:{join}|[-–~〜])\s*{_BARE_DAY}").search(fold_quotes(one.behind))
    else:
        first = either("first", language)
        match = compile_pattern(
            rf"(?:(?<!\w){first}\W+(?:(?:le|the|el|dem|den|il)\W+)?{_BARE_DAY}\W*{join}|(?<!\d){_BARE_DAY}\s?[-–—])"
            r"\W*(?:(?:le|the|el|dem|den|il)\W+)?\Z"
        ).search(fold_quotes(one.before) + " ")
    day = int(next(filter(None, match.groups()))) if match else 0
    try:
        other = one.days.first.replace(day=day)
    except ValueError:
        return None
    return DayRange(min(other, one.days.first), max(other, one.days.last))


def _relate(one: TimeMention, language: str, is_publication: bool) -> Period:
    """Return the period that a date stands for, by the words around it."""
    first, last = one.days.first, one.days.last
    relations = (
        ("since", Period(first, None)),
        ("after", Period(_next(last), None)),
        ("until", Period(None, last)),
        ("before", Period(None, _next(first, -1))),
    )
    for table, period in relations:
        if is_behind(f"{table}_behind", language, one.behind):
            return period
    for table, period in relations:
        if is_before(table, language, one.before):
            return period
    return Period(first, _extend(one.days, is_publication))


def _combine(periods: list[Period]) -> Period | None:
    """Return what all of them leave; None for none, and for days that exclude each other."""
    first = max((one.first for one in periods if one.first), default=None)
    last = min((one.last for one in periods if one.last), default=None)
    excludes = first is not None and last is not None and first > last
    return None if excludes or not periods else Period(first, last)


def _extend(days: DayRange, is_publication: bool) -> date:
    """Return the day until which articles on what happened then are published."""
    if is_publication:
        return days.last
    length = (days.last - days.first).days + 1
    return _next(days.last, max(1, length // _MARGIN))


def _next(day: date, count: int = 1) -> date:
    try:
        return day + timedelta(count)
    except OverflowError:
        return day
