"""The filters of a search, a listing or a summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions an article must meet, all of them; an empty one leaves everything.

    Of the tuples, any one entry has to fit. An article without a date meets no date condition.
    """

    since: datetime | None = None
    """Aware; articles published at or after."""
    until: datetime | None = None
    """Aware; articles published before, this moment excluded."""
    outlets: tuple[str, ...] = ()
    """Compared as `fold_name` leaves them."""
    authors: tuple[str, ...] = ()
    """Compared as `fold_name` leaves them; one of an article's authors has to be among them."""
    languages: tuple[str, ...] = ()
    """BCP 47; a tag fits itself and every longer tag that begins with its subtags: `zh` fits `zh-CN`."""
    articles: tuple[str, ...] = ()
    """Full article ids."""
    collections: tuple[str, ...] = ()
    """Folders and web addresses; an article read from one of them, or from below it, fits."""

    def __post_init__(self) -> None:
        for moment in (self.since, self.until):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{moment!r} has no time zone")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for, so that every article fits."""
        return self == Filters()
