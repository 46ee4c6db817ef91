"""Which days a date may mean, and whether one date supports another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from agent.checks.dates.calendar import Relative
from agent.checks.dates.reading import DateMention

_NEAR_YEARS = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days `first` to `last`, both included."""

    first: date
    last: date

    def contains(self, other: DayRange) -> bool:
        """Whether `other` lies wholly inside."""
        return self.first <= other.first and other.last <= self.last


def resolve(mention: DateMention, published: date | None) -> tuple[DayRange, ...]:
    """The days it may mean, given when it was written; none when that cannot be told.

    A weekday is the nearest one before or after, or the day itself; a day without a year is taken in
    the year of writing and the two around it.
    """
    if mention.relative:
        return (_shift(published, mention.relative),) if published else ()
    if mention.weekday is not None:
        if published is None:
            return ()
        days = (published + timedelta(days) for days in range(-7, 8))
        return tuple(DayRange(day, day) for day in days if day.weekday() == mention.weekday)
    years = (
        [mention.year]
        if mention.year
        else [published.year + shift for shift in _NEAR_YEARS]
        if published
        else []
    )
    found = (_days_of(year, mention.month, mention.day) for year in years)
    return tuple(interval for interval in found if interval)


def _days_of(year: int, month: int | None, day: int | None) -> DayRange | None:
    try:
        if month is None:
            return DayRange(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            following = date(year + month // 12, month % 12 + 1, 1)
            return DayRange(date(year, month, 1), following - timedelta(1))
        return DayRange(date(year, month, day), date(year, month, day))
    except (ValueError, OverflowError):
        return None


def _shift(published: date, told: Relative) -> DayRange:
    """So many days, weeks, months or years from `published`; that day itself where no calendar reaches."""
    try:
        if told.unit == "day":
            day = published + timedelta(told.offset)
            return DayRange(day, day)
        if told.unit == "week":
            monday = published - timedelta(published.weekday()) + timedelta(weeks=told.offset)
            return DayRange(monday, monday + timedelta(6))
    except OverflowError:
        return DayRange(published, published)
    if told.unit == "month":
        months = published.year * 12 + published.month - 1 + told.offset
        found = _days_of(months // 12, months % 12 + 1, None)
    else:
        found = _days_of(published.year + told.offset, None, None)
    return found or DayRange(published, published)


def supports(
    claimed: DateMention, known: DateMention, claimed_at: date | None, known_at: date | None
) -> bool:
    """Whether `known` says at least as exactly what `claimed` says.

    Fields that both name must agree. What only `claimed` names must follow from the days `known` can mean.
    """
    pairs = (
        (claimed.year, known.year),
        (claimed.month, known.month),
        (claimed.day, known.day),
        (claimed.weekday, known.weekday),
    )
    if any(one is not None and other is not None and one != other for one, other in pairs):
        return False
    if claimed.relative and claimed.relative == known.relative:
        return True
    if claimed.relative is None and all(one is None or other is not None for one, other in pairs):
        return True
    meant = resolve(claimed, claimed_at or known_at)
    if claimed.weekday is not None and known.day is not None and known.month is not None:
        return any(day.first.weekday() == claimed.weekday for day in resolve(known, known_at))
    return any(span.contains(day) for span in meant for day in resolve(known, known_at))
