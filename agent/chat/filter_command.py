"""`/filter`: the filters of a chat session, in words like `from=2024-12-01 language=nl`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from agent.chat.chat_session import ChatSession
from agent.sessions.sessions import describe_filters
from vectorstore import UNDETERMINED, Filters, Library, PullquoteError, plural, to_bcp47

KEYS = ("from", "until", "outlet", "author", "language", "article")
"""What can be filtered by."""
CLEAR = "none"
_EXAMPLE = '/filter from=2024-12-01 until=2024-12-31 outlet="De Krant" language=nl'


def filter_articles(chat: ChatSession, words: str) -> None:
    """Set, take off or show the filters, which stay as they were where a word is none."""
    library = chat.library
    if words.strip():
        chat.filters = parse_filters(library, words, chat.filters)
    if chat.filters.is_empty:
        chat.screen.say(f"No filters: all articles are asked. An example: {_EXAMPLE}")
        return
    passing = len(library.articles.headers(chat.filters))
    line = f"Only {describe_filters(chat.filters)}: {plural(passing, 'article')}."
    hint = "" if passing else " /articles lists what there is."
    chat.screen.say(f"{line}{hint} /filter {CLEAR} asks all again.", "")


def parse_filters(library: Library, words: str, before: Filters) -> Filters:
    """Return `before` with what `words` say; a key without a value is taken off, and `none` takes off all."""
    try:
        parts = shlex.split(words)
    except ValueError as error:
        raise PullquoteError(f"A quotation mark is not closed. Write: {_EXAMPLE}") from error
    if [part.casefold() for part in parts] in (["none"], ["clear"], ["off"]):
        return Filters()
    given: dict[str, list[str]] = {}
    for part in parts:
        key, separator, value = part.partition("=")
        key = key.casefold()
        if not separator or key not in KEYS:
            raise PullquoteError(_explain(part, key))
        given.setdefault(key, []).extend([value] if value else [])
    found = before
    for key, values in given.items():
        found = _apply(library, found, key, values)
    if found.since and found.until and found.since >= found.until:
        raise PullquoteError("The first day is after the last, so that no article would pass.")
    return found


def _apply(library: Library, before: Filters, key: str, values: Iterable[str]) -> Filters:
    chosen = tuple(dict.fromkeys(values))
    if key == "outlet":
        return replace(before, outlets=chosen)
    if key == "author":
        return replace(before, authors=chosen)
    if key == "language":
        return replace(before, languages=tuple(_read_language(value) for value in chosen))
    if key == "article":
        return replace(before, articles=tuple(library.articles.resolve(value) for value in chosen))
    if len(chosen) > 1:
        raise PullquoteError(f"{key}= is given {len(chosen)} times, and there is one such day.")
    day = _read_day(chosen[0]) if chosen else None
    if key == "from":
        return replace(before, since=day)
    return replace(before, until=day + timedelta(days=1) if day else None)


def _read_day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise PullquoteError(f"“{text}” is not a day like 2024-12-03.") from error


def _read_language(text: str) -> str:
    tag = to_bcp47(text)
    if tag == UNDETERMINED:
        raise PullquoteError(f"“{text}” is not a language code like nl.")
    return tag


def _explain(part: str, key: str) -> str:
    near = get_close_matches(key, KEYS, n=1)
    hint = f"Did you mean {near[0]}=…? " if near else ""
    return f"“{part}” is no filter. {hint}There are {', '.join(f'{each}=' for each in KEYS)} and {CLEAR}."
