"""Which days a date may mean, and whether one date supports another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from agent.checks.dates.calendar import Relative
from agent.checks.dates.reading import DateMention


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days `first` to `last`, both included."""

    first: date
    last: date

    def contains(self, other: DayRange) -> bool:
        """Whether `other` lies wholly inside."""
        return self.first <= other.first and other.last <= self.last


def resolve(mention: DateMention, published: date | None) -> tuple[DayRange, ...]:
    """Return the days it may mean, given when it was written; none when they depend on an unknown day.

    A weekday is the nearest one before or after, or the day itself; a day without a year is taken in
    the year of writing and the two around it.
    """
    if mention.relative:
        shifted = _shift(published, mention.relative) if published else None
        return (shifted,) if shifted else ()
    if mention.weekday is not None:
        if published is None:
            return ()
        found = []
        for offset in range(-7, 8):
            day = published + timedelta(offset)
            if day.weekday() == mention.weekday:
                found.append(DayRange(day, day))
        return tuple(found)
    if mention.year:
        years = range(mention.year, mention.year + 1)
    elif published:
        years = range(published.year - 1, published.year + 2)
    else:
        return ()
    return tuple(filter(None, (_days_of(year, mention.month, mention.day) for year in years)))


def _days_of(year: int, month: int | None, day: int | None) -> DayRange | None:
    try:
        if month is None:
            return DayRange(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            following = date(year + month // 12, month % 12 + 1, 1)
            return DayRange(date(year, month, 1), following - timedelta(1))
        return DayRange(date(year, month, day), date(year, month, day))
    except (ValueError, OverflowError):
        # 30 February, or a year beyond the calendar.
        return None


def _shift(published: date, relative: Relative) -> DayRange | None:
    """Return so many days, weeks, months or years from `published`; None beyond the calendar."""
    try:
        if relative.unit == "day":
            day = published + timedelta(relative.offset)
            return DayRange(day, day)
        if relative.unit == "week":
            monday = published - timedelta(published.weekday()) + timedelta(weeks=relative.offset)
            return DayRange(monday, monday + timedelta(6))
    except OverflowError:
        return None
    if relative.unit == "month":
        months = published.year * 12 + published.month - 1 + relative.offset
        return _days_of(months // 12, months % 12 + 1, None)
    return _days_of(published.year + relative.offset, None, None)


def supports(
    claimed: DateMention, known: DateMention, claimed_at: date | None, known_at: date | None
) -> bool:
    """Whether `known` says at least as exactly what `claimed` says: no field differs, none is missing."""
    names_more = claimed.relative is not None
    for field in ("year", "month", "day", "weekday"):
        one, other = getattr(claimed, field), getattr(known, field)
        if one is not None and other is not None and one != other:
            return False
        names_more = names_more or (one is not None and other is None)
    if not names_more or (claimed.relative and claimed.relative == known.relative):
        return True
    # What only `claimed` names must follow from the days that `known` can mean.
    known_days = resolve(known, known_at)
    if claimed.weekday is not None and known.day is not None and known.month is not None:
        return any(days.first.weekday() == claimed.weekday for days in known_days)
    return any(
        span.contains(days) for span in resolve(claimed, claimed_at or known_at) for days in known_days
    )
