"""Filters as a user types them, on the command line and in the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vectorstore import UNDETERMINED, Filters, Library, PullquoteError, to_bcp47

KEYS = ("from", "until", "outlet", "author", "language", "article")
"""What can be filtered by."""


def change_filters(library: Library, before: Filters, typed: Mapping[str, Sequence[str]]) -> Filters:
    """Return `before` with the values typed for some of `KEYS`; a key without a value is taken off.

    Raise PullquoteError where a day, a language or an article is none, or the first day is after the last.
    """
    found = before
    for key, values in typed.items():
        found = _change(library, found, key, tuple(dict.fromkeys(values)))
    if found.since and found.until and found.since >= found.until:
        raise PullquoteError("The first day is after the last, so that no article would pass.")
    return found


def read_language(text: str) -> str:
    """Return the BCP 47 tag of a language's code. Raise PullquoteError where it is none."""
    tag = to_bcp47(text)
    if tag == UNDETERMINED and text != UNDETERMINED:
        raise PullquoteError(f"“{text}” is not a language code like nl.")
    return tag


def _change(library: Library, before: Filters, key: str, values: tuple[str, ...]) -> Filters:
    if key == "outlet":
        return replace(before, outlets=values)
    if key == "author":
        return replace(before, authors=values)
    if key == "language":
        return replace(before, languages=tuple(map(read_language, values)))
    if key == "article":
        return replace(before, articles=tuple(map(library.articles.resolve, values)))
    if len(values) > 1:
        raise PullquoteError(f"{key}= is given {len(values)} times, and there is one such day.")
    day = _read_day(values[0]) if values else None
    if key == "from":
        return replace(before, since=day)
    # The last day passes whole, and `Filters.until` is the first moment that does not.
    return replace(before, until=day + timedelta(days=1) if day else None)


def _read_day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise PullquoteError(f"“{text}” is not a day like 2024-12-03.") from error
