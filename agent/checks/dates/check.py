"""Whether the dates of a statement are those of what it cites."""

from __future__ import annotations

from datetime import date

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.dates.intervals import resolve, supports
from agent.checks.dates.reading import DateMention, find_dates

NAME = "dates"


def check_dates(claim: Claim) -> Check | None:
    """None when the statement has no date besides bare years, which count as numbers.

    A date needs one in what is cited that is at least as exact and agrees with it; "Tuesday" and "last
    week" count from the day the article appeared. "This year" and its like are let pass where the evidence
    tells of no other year in that way: languages differ in how often they say it.
    """
    claimed = find_dates(claim.text, claim.language)
    if not claimed:
        return None
    known = known_dates(claim)
    missing = [mention for mention in claimed if not _is_supported(mention, known, claim)]
    if not missing:
        return Check(name=NAME, passed=True)
    lacking = ", ".join(f"“{mention.text}”" for mention in missing)
    there = list(dict.fromkeys(mention.text for mention, _ in known))[:6]
    seen = f"the dates there are {', '.join(there)}" if there else "there is no date there"
    return Check(
        name=NAME,
        passed=False,
        detail=f"{lacking} {'is' if len(missing) == 1 else 'are'} not in what is cited; {seen}",
    )


def known_dates(claim: Claim) -> list[tuple[DateMention, date | None]]:
    """Dates of everything cited and of the question, each with the day it counts from.

    Those of the passages and titles count only for kinds of date that the cited sentences have none of:
    a sentence that says Thursday is not about the Friday of the next one.
    """
    cited = [
        (mention, source.published)
        for source in claim.cited
        for mention in find_dates(source.text, source.language)
    ]
    kinds = {_kind(mention) for mention, _ in cited}
    around = [
        (mention, source.published)
        for source in claim.cited
        for text in dict.fromkeys((source.passage, *source.about))
        for mention in find_dates(text, source.language)
    ]
    asked = [(mention, None) for mention in find_dates(claim.question, claim.question_language)]
    return cited + [known for known in around if _kind(known[0]) not in kinds] + asked


def _kind(mention: DateMention) -> str:
    if mention.relative:
        return mention.relative.unit
    return "weekday" if mention.weekday is not None else "day" if mention.day is not None else "month"


def implied_years(claim: Claim) -> frozenset[int]:
    """Years that dates of the evidence stand for without naming them."""
    return frozenset(
        interval.first.year
        for mention, published in known_dates(claim)
        if mention.relative or mention.year
        for interval in resolve(mention, published)
    )


def _is_supported(mention: DateMention, known: list[tuple[DateMention, date | None]], claim: Claim) -> bool:
    if mention.relative and not any(_tells_the_same_unit(other, mention) for other, _ in known):
        return True
    days = {published for _, published in known if published} | {
        cited.published for cited in claim.cited if cited.published
    }
    claimed_at = next(iter(days)) if len(days) == 1 else None
    if any(supports(mention, other, claimed_at or published, published) for other, published in known):
        return True
    return mention.day is not None and any(_is_day_of(mention, day) for day in days)


def _tells_the_same_unit(known: DateMention, mention: DateMention) -> bool:
    if mention.relative is None or known.relative is None:
        return mention.relative is not None and mention.relative.unit == "day" and known.weekday is not None
    return known.relative.unit == mention.relative.unit


def _is_day_of(mention: DateMention, published: date) -> bool:
    """Whether it is the day the article appeared, by its day and month."""
    return (mention.day, mention.month) == (published.day, published.month) and mention.year in (
        None,
        published.year,
    )
