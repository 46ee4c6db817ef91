"""Completion of commands and of what they take, from the table of commands and the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from agent.answer.view import NO_DATE
from agent.chat.chat_session import ChatSession
from agent.chat.commands import COMMANDS, SIGN, Command, Completes
from agent.chat.library_commands import CLEAR
from agent.chat.model_command import NONE
from agent.sessions.typed_filters import KEYS
from agent.terminal.safe_text import clean, join_facts, squeeze
from vectorstore import ArticleHeader, PullquoteError

_WORD = re.compile(r'(?:[^\s"]|"[^"]*"?)*\Z')
"""The word before the cursor; white space between quotation marks belongs to it."""
_MOST = 40
_LONGEST = 60


class ChatCompleter(Completer):
    """Completes lines that begin with `/`; called in a thread of its own."""

    def __init__(self, chat: ChatSession) -> None:
        self._chat = chat
        self._paths = PathCompleter(expanduser=True)
        self._headers: tuple[int, list[ArticleHeader]] | None = None

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """Yield completions of the word before the cursor."""
        text = document.text_before_cursor
        if not text.startswith(SIGN) or "\n" in text:
            return
        name, space, rest = text[1:].partition(" ")
        if not space:
            yield from self._complete_command(name, SIGN)
            return
        for command in COMMANDS:
            if command.name == name:
                # There may be no library to complete from.
                with suppress(PullquoteError):
                    yield from self._complete_argument(command, rest, event)

    def _complete_command(self, begun: str, sign: str = "") -> Iterator[Completion]:
        for command in COMMANDS:
            if command.name.startswith(begun):
                yield Completion(
                    f"{sign}{command.name}", -len(begun) - len(sign), command.usage, command.does
                )

    def _complete_argument(self, command: Command, rest: str, event: CompleteEvent) -> Iterator[Completion]:
        complete = {
            Completes.COMMANDS: self._complete_command,
            Completes.NUMBERS: self._complete_number,
            Completes.ARTICLES: self._complete_article,
            Completes.FILTERS: self._complete_filter,
            Completes.MODELS: self._complete_model,
        }
        if command.completes is Completes.PATHS:
            yield from self._paths.get_completions(Document(rest.rpartition(" ")[2]), event)
        elif command.completes in complete:
            yield from complete[command.completes](rest)

    def _complete_number(self, begun: str) -> Iterator[Completion]:
        for number, citation in self._chat.numbering.numbered:
            if str(number).startswith(begun):
                yield Completion(str(number), -len(begun), display_meta=_shorten(citation.quote))

    def _complete_article(self, begun: str) -> Iterator[Completion]:
        wanted = begun.casefold()
        shown = 0
        for header in self._list_headers():
            is_named = wanted and wanted in (header.title or "").casefold()
            if shown < _MOST and (is_named or header.id.startswith(wanted)):
                shown += 1
                facts = join_facts(header.outlet, str(header.published or NO_DATE), header.language)
                yield Completion(header.id, -len(begun), _shorten(header.title or header.id), facts)

    def _complete_filter(self, rest: str) -> Iterator[Completion]:
        found = _WORD.search(rest)
        word = found.group() if found else ""
        key, is_set, begun = word.partition("=")
        if not is_set:
            for each in (*(f"{key}=" for key in KEYS), CLEAR):
                if each.startswith(word):
                    yield Completion(each, -len(word))
            return
        begun = begun.strip('"').casefold()
        for value in self._list_values(key)[:_MOST]:
            if begun in value.casefold():
                quoted = f'"{value}"' if " " in value else value
                yield Completion(f"{key}={quoted}", -len(word), value)

    def _complete_model(self, begun: str) -> Iterator[Completion]:
        writer = self._chat.writer
        for name in (*(writer.model.offered if writer is not None else ()), NONE):
            if name.startswith(begun):
                yield Completion(name, -len(begun))

    def _list_values(self, key: str) -> list[str]:
        values: set[str | None] = set()
        for header in self._list_headers():
            own = {"outlet": header.outlet, "language": header.language, "article": header.id}
            values.update(header.authors if key == "author" else [own.get(key)])
        return sorted(map(clean, filter(None, values)))

    def _list_headers(self) -> list[ArticleHeader]:
        library = self._chat.library
        # A list for each key pressed would be slow in a large library.
        generation = library.generation
        if self._headers is None or self._headers[0] != generation:
            self._headers = generation, library.articles.headers()
        return self._headers[1]


def _shorten(text: str) -> str:
    line = squeeze(text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
