"""Whether the dates of a statement are those of what it cites."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from agent.answer.answer import Check
from agent.checks.claim import Claim, conclude
from agent.checks.dates.intervals import resolve, supports
from agent.checks.dates.reading import DateMention, find_dates

NAME = "dates"
_SHOWN = 6

Dated: TypeAlias = tuple[DateMention, date | None]
"""A date with the day it counts from."""


def check_dates(claim: Claim) -> Check | None:
    """Return whether dates are supported; None when there is none. Bare years count as numbers.

    A date needs one in what is cited that is at least as exact and agrees with it; "Tuesday" and "last
    week" count from the day the article appeared.
    """
    claimed = find_dates(claim.text, claim.language)
    if not claimed:
        return None
    known = known_dates(claim)
    missing = [mention.text for mention in claimed if not _is_supported(mention, known, claim)]
    return conclude(NAME, missing, (mention.text for mention, _ in known), _SHOWN)


def known_dates(claim: Claim) -> list[Dated]:
    """Return the dates of everything cited and of the question."""
    cited: list[Dated] = []
    around: list[Dated] = []
    for source in claim.cited:
        cited += _date(source.text, source.language, source.published)
        for text in dict.fromkeys((source.passage, *source.about)):
            around += _date(text, source.language, source.published)
    kinds = {_kind(mention) for mention, _ in cited}
    # A sentence that says Thursday is not about the Friday of the next one.
    added = [known for known in around if _kind(known[0]) not in kinds]
    return cited + added + _date(claim.question, claim.question_language, None)


def _date(text: str, language: str, published: date | None) -> list[Dated]:
    return [(mention, published) for mention in find_dates(text, language)]


def _kind(mention: DateMention) -> str:
    if mention.relative:
        return mention.relative.unit
    return "weekday" if mention.weekday is not None else "day" if mention.day is not None else "month"


def implied_years(claim: Claim) -> frozenset[int]:
    """Return the years that dates of the evidence mean without naming them."""
    years: set[int] = set()
    for mention, published in known_dates(claim):
        if mention.relative or mention.year:
            years.update(days.first.year for days in resolve(mention, published))
    return frozenset(years)


def _is_supported(mention: DateMention, known: list[Dated], claim: Claim) -> bool:
    # Languages differ in how often they say "this year", so it passes where no other year is named so.
    if mention.relative and not any(_is_of_unit(other, mention) for other, _ in known):
        return True
    days = {cited.published for cited in claim.cited if cited.published}
    claimed_at = next(iter(days)) if len(days) == 1 else None
    if any(supports(mention, other, claimed_at or published, published) for other, published in known):
        return True
    return mention.day is not None and any(_is_day_of(mention, day) for day in days)


def _is_of_unit(known: DateMention, mention: DateMention) -> bool:
    if mention.relative is None or known.relative is None:
        return mention.relative is not None and mention.relative.unit == "day" and known.weekday is not None
    return known.relative.unit == mention.relative.unit


def _is_day_of(mention: DateMention, published: date) -> bool:
    """Whether it is the day the article appeared, by its day and month."""
    is_same_day = (mention.day, mention.month) == (published.day, published.month)
    return is_same_day and mention.year in (None, published.year)
