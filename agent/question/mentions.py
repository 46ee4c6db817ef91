"""The dates of a question that say when: not those in names (Black Friday) or titles (1984)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import regex

from agent.checks.dates.intervals import DayRange, resolve
from agent.checks.dates.reading import DateMention, find_dates
from agent.checks.words.folding import is_apart
from agent.question.cues import (
    LANGUAGES,
    PAIRS_UNOPENED,
    UNSPACED,
    ends_with_articles,
    is_among,
    is_before,
    is_behind,
)

_OLDEST = 30
"""Years that a time counted from today may be ago."""
_NEAR = 15
"""Code points between the two dates of a period, at most: "between May and November"."""
_CALENDAR_LOWER = frozenset(("nl", "fr", "es", "it", "pt", "pl", "ru"))
"""Languages that write months and weekdays small; with a capital they are names, but at the beginning."""
_WEEKDAY_ALONE = frozenset(("nl", "fr", "es", "it", "pt"))
"""Of those, where a weekday says when without a preposition."""
_YEAR = regex.compile(
    r"(?<![\d.,/\-\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}])((?:19|20)\d\d)(\s?年)?(?![\d%/-]|[.,]\d)"
)
_DAY_BEHIND = regex.compile(r"\s?(\d{1,2})\s?[日號号](?!間|间)")
_AFTER_A_DAY = regex.compile(r"\d\s*و\s*\Z")
_TIMES = "at since after until before"
_TIMES_BEHIND = "at_behind since_behind after_behind until_behind before_behind"


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A date of a question that says when, with what is before and behind it."""

    days: DayRange
    before: str
    behind: str
    mention: DateMention


def find_times(text: str, language: str, today: date) -> list[TimeMention]:
    """Return the dates of a question that say when something was, in order.

    A date that may be of several years is the last one up to `today`; one that is to come is left out.

    Args:
        text: a question; what it quotes may be blanked.
        language: BCP 47 without region; of one that is not among `LANGUAGES` only whole dates are read.
        today: the day of asking.
    """
    dated = [one for one in find_dates(text, language) if language in LANGUAGES or (one.year and one.day)]
    mentions = sorted([*dated, *_find_years(text, dated, language)], key=lambda one: one.start)
    accepted: list[DateMention] = []
    for at, mention in enumerate(mentions):
        follows = bool(accepted) and _are_near(accepted[-1], mention)
        precedes = at + 1 < len(mentions) and _are_near(mention, mentions[at + 1])
        if _says_when(mention, text, language, _Neighbours(follows, precedes)):
            accepted.append(mention)
    return list(_resolve_all(accepted, text, today))


def _find_years(text: str, dated: Sequence[DateMention], language: str) -> Iterator[DateMention]:
    if language not in LANGUAGES:
        return
    for match in _YEAR.finditer(text):
        mention = DateMention(*match.span(), match.group(), year=int(match[1]))
        # 2000人 is no year, 2000年 is.
        if is_apart(mention, dated) and (match[2] or language not in UNSPACED):
            yield mention


def _are_near(one: DateMention, other: DateMention) -> bool:
    """Whether two dates may be those of one period."""
    return 0 <= other.start - one.end <= _NEAR


class _Neighbours(NamedTuple):
    """Whether a date is right behind another, and right before one."""

    follows: bool
    precedes: bool


def _says_when(mention: DateMention, text: str, language: str, near: _Neighbours) -> bool:
    before, behind = text[: mention.start], text[mention.end :]
    if is_before("compared", language, before) or is_behind("compared", language, behind):
        return False
    if _is_name(mention, before, behind, language):
        return False
    if mention.relative:
        return _is_near(mention, text, language)
    if mention.day is not None:
        needs_cue = language == "ar" and mention.year is None and not _AFTER_A_DAY.search(before)
        return not needs_cue or has_cue(before, behind, language)
    if mention.year is not None and mention.month is not None:
        return True
    if near.follows and (is_before("joins", language, before) or regex.search(r"[-–—~〜]\s*\Z", before)):
        return True
    if near.precedes and (is_before("first", language, before) or language in PAIRS_UNOPENED):
        return True
    if has_cue(before, behind, language) or ends_with_articles(before, language):
        return True
    return mention.weekday is not None and _is_plain_weekday(before, behind, language)


def has_cue(before: str, behind: str, language: str) -> bool:
    """Whether a preposition or its like says that a date is a time."""
    return is_before(_TIMES, language, before) or is_behind(_TIMES_BEHIND, language, behind)


def _is_name(mention: DateMention, before: str, behind: str, language: str) -> bool:
    """Whether capitals show that it is part of a name: Plaza de Mayo, 19 Mayıs Stadyumu, "Yesterday"."""
    is_first = not regex.search(r"\w", before)
    is_capital = mention.year is None and regex.search(r"(?<!\p{L})\p{Lu}", mention.text) is not None
    has_small = language in _CALENDAR_LOWER or (language == "en" and mention.relative is not None)
    if is_capital and has_small and not is_first:
        return True
    if mention.weekday is not None and language == "en":
        named = regex.search(r"(?<!\A)(?<![.?!]\s)\p{Lu}\p{Ll}+\s\Z", before)
        return named is not None or mention.text.endswith("s")
    if mention.weekday is not None and language == "de":
        return mention.text.endswith("s")  # sonntags
    next_is_capital = mention.relative is None and regex.match(r"[-\w]*\s\p{Lu}\p{Ll}", behind) is not None
    return next_is_capital and language in ("tr", *_CALENDAR_LOWER) and is_capital


def _is_near(mention: DateMention, text: str, language: str) -> bool:
    """Whether a time counted from today is one that news are asked of; "today" is more often nowadays."""
    relative = mention.relative
    if relative is None or (relative.unit == "year" and relative.offset < -_OLDEST):
        return False
    is_today = (relative.unit, relative.offset) == ("day", 0)
    return not is_today or is_among("happened says articles", language, text)


def _is_plain_weekday(before: str, behind: str, language: str) -> bool:
    """Whether a weekday without a preposition says when: at the end, or where that is how it is said."""
    if language in _WEEKDAY_ALONE:
        return not is_before("habit", language, before)
    ends = not regex.search(r"\w", behind)
    return ends and language in ("en", "de") and not regex.search(r"\b(?:the|a|every|each|jeden)\s\Z", before)


def _resolve_all(mentions: Sequence[DateMention], text: str, today: date) -> Iterator[TimeMention]:
    for at, mention in enumerate(mentions):
        dated = mention
        for other in mentions[max(0, at - 1) : at + 2]:
            dated = _share_year(dated, other)
        past = [days for days in resolve(dated, today) if days.first <= today]
        if past:
            days = max(past, key=lambda each: each.first)
            found = TimeMention(days, text[: mention.start], text[mention.end :], mention)
            yield _add_day(found)


def _share_year(mention: DateMention, other: DateMention) -> DateMention:
    """Return a date of "from May to November 2022" with the year that the other has."""
    if not _are_near(mention, other) and not _are_near(other, mention):
        return mention
    if mention.year or not mention.month or not other.year or not other.month:
        return mention
    is_before = mention.start < other.start
    is_turn = mention.month > other.month if is_before else mention.month < other.month
    return replace(mention, year=other.year + (-is_turn if is_before else is_turn))


def _add_day(found: TimeMention) -> TimeMention:
    """Return 先月27日 as the day of that month."""
    relative = found.mention.relative
    match = _DAY_BEHIND.match(found.behind) if relative and relative.unit == "month" else None
    if match is None:
        return found
    try:
        day = found.days.first.replace(day=int(match[1]))
    except ValueError:
        return found
    return replace(found, days=DayRange(day, day), behind=found.behind[match.end() :])
