"""`/filter`: the filters of a chat session, in words like `from=2024-12-01 language=nl`."""

from __future__ import annotations

import shlex
from difflib import get_close_matches

from agent.chat.chat_session import ChatSession
from agent.sessions.sessions import describe_filters
from agent.sessions.typed_filters import KEYS, change_filters
from vectorstore import Filters, Library, PullquoteError, plural

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
    return change_filters(library, before, given)


def _explain(part: str, key: str) -> str:
    near = get_close_matches(key, KEYS, n=1)
    hint = f"Did you mean {near[0]}=…? " if near else ""
    return f"“{part}” is no filter. {hint}There are {', '.join(f'{each}=' for each in KEYS)} and {CLEAR}."
