"""A chat session: one library, one session at a time, one numbering, one model. Commands act on it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.answer.answer import Answer, Citation, Verdict
from agent.answer.locating import LocatedQuote, locate_quote
from agent.answer.numbering import Numbering
from agent.answer.receipts import list_session
from agent.answer.request import AnswerStopped, Request
from agent.generative import Withheld, Writer
from agent.pipeline import Pipeline
from agent.render.live_answer import LiveAnswer
from agent.render.transcript import Entry
from agent.sessions.sessions import open_session
from agent.settings.loading import Settings
from agent.terminal.output import Screen
from vectorstore import Embedder, Filters, Library, PullquoteError, SetupError, UnknownArticleError

_THREADS = "slack/"
"""How the names of a team's threads begin, which are no chat sessions."""
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"


class Leave(Exception):
    """The user is done."""


class ChatSession:
    """The state of a chat between two lines. For one thread, except `library` for completion."""

    def __init__(
        self,
        settings: Settings,
        screen: Screen,
        writer: Writer | None,
        *,
        session: str | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        """Open the library, if there is one, and a session; SetupError or PullquoteError where that fails."""
        self.settings = settings
        self.screen = screen
        self.writer = writer
        self.former_writer: Writer | None = None
        """What wrote before `/model none`, with the language and the limits of this chat session."""
        self.saved: set[Path] = set()
        """Files that this chat session has written, and may write again."""
        self.has_hinted = False
        self._library: Library | None = None
        self._embedder = embedder
        self.begin()
        self.find_library()
        if session is not None:
            self.session = session
            self._recall()

    @property
    def library(self) -> Library:
        """Return the library, which is opened once. Raise PullquoteError where there is none yet."""
        found = self.find_library()
        if found is None:
            seeds = Path("seeds")
            first = " (a first one to try: /add seeds)" if seeds.is_dir() and any(seeds.iterdir()) else ""
            raise PullquoteError(
                f"There is no library in {self.settings.library} yet. Add articles: /add PATH{first}"
            )
        return found

    def find_library(self) -> Library | None:
        """Return the library; None as long as there is none. Another process may make it meanwhile."""
        if self._library is None and (self.settings.library.expanduser() / "library.db").exists():
            settings, embedder = self.settings.for_library(), self._embedder
            self.use_library(Library.open(settings, warm=True, embedder=embedder, notice=self.screen.say))
        return self._library

    def use_library(self, library: Library) -> None:
        """Read from this one from now on; it is closed at the end."""
        self._library = library

    def close(self) -> None:
        """Close the library."""
        if self._library is not None:
            self._library.close()

    def begin(self) -> None:
        """Begin a new session."""
        self.session = name_session()
        self.filters = Filters()
        self.numbering = Numbering()
        self.entries: list[Entry] = []

    def ask(self, question: str) -> None:
        """Answer a question of the session, and show it. Raise as `Pipeline.answer` does."""
        # What `/filter` says is shown at the prompt, and no question before changes it.
        request = Request(
            question=question, filters=self.filters, session=self.session, inherits_filters=False
        )
        self._show(question, request)

    def summarize(self, reference: str) -> None:
        """Summarize one article, and show it. Raise as `ask` does."""
        article = self.library.articles.get(reference)
        request = Request(articles=(article.id,), session=self.session)
        self._show(f"summary of “{article.title or article.id}”", request)

    def summarize_topic(self, topic: str) -> None:
        """Summarize what the articles say about `topic`, and show it. Raise as `ask` does."""
        request = Request(query=topic, filters=self.filters, session=self.session)
        self._show(f"summary: {topic}", request)

    def find(self, words: str) -> tuple[int, Citation]:
        """Return the citation that "7" or "[7]" names. Raise PullquoteError where there is none."""
        digits = words.strip().removeprefix("[").removesuffix("]")
        if not (digits.isascii() and digits.isdigit()):
            raise PullquoteError(f"“{words.strip()}” is not a number like 7. /sources lists what there is.")
        number = int(digits[:9])
        citation = self.numbering.find(number)
        if citation is None:
            raise PullquoteError(f"There is no [{digits}]: {self._describe_numbers()}.")
        return number, citation

    def locate(self, number: int, citation: Citation) -> LocatedQuote:
        """Return where a citation is in its article. Raise PullquoteError where it is there no more."""
        try:
            return locate_quote(self.library, citation.article, citation.start, citation.end)
        except UnknownArticleError as error:
            live = f" It was published at {citation.url}" if citation.url else ""
            raise PullquoteError(
                f"The article of [{number}], {citation.article}, has been removed from the library.{live}"
            ) from error

    def _describe_numbers(self) -> str:
        numbered = self.numbering.numbered
        if not numbered:
            return "nothing has been cited in this session yet"
        last = numbered[-1][0]
        return "this session has [1]" if last == 1 else f"this session has [{numbered[0][0]}] to [{last}]"

    def _show(self, question: str, request: Request) -> None:
        screen, withheld = self.screen, list[Withheld]()
        live = LiveAnswer(screen.show, screen.say, self.numbering, is_live=screen.is_terminal)
        writer = self.writer and replace(
            self.writer,
            on_statement=live.show_statement,
            on_trace=live.show_step,
            on_withheld=withheld.append,
        )
        pipeline = Pipeline.with_settings(self.library, self.settings, writer, self.numbering)

        def finish(found: Answer) -> None:
            live.finish(found, is_last=False)
            self.entries.append(Entry(question, found, tuple(withheld)))

        try:
            found = pipeline.answer(request)
        except AnswerStopped as stop:
            finish(stop.answer)
            raise
        finish(found)
        has_nothing = found.verdict is Verdict.NOT_FOUND and not found.nearest and self.filters.is_empty
        if has_nothing and not self.library.articles.headers():
            self.screen.say("The library is empty. Add articles: /add PATH")
        if found.citations() and not self.has_hinted:
            self.has_hinted = True
            first = self.numbering.number(found.citations()[0])
            hint = f"/quote {first} shows a quote in its place, /open {first} its article; /help lists more."
            self.screen.say(hint)

    def _recall(self) -> None:
        """Continue where the session stopped, with its numbers and filters."""
        library = self.find_library()
        if library is None:
            return
        opened = open_session(library, self.session)
        self.session = opened.name
        receipts = list_session(library, opened.name)
        self.numbering = Numbering.of_receipts(receipts)
        self.entries = [Entry(receipt.question, receipt.answer) for receipt in receipts]
        if opened.turns:
            self.filters = opened.turns[-1].filters


def name_session() -> str:
    """Return a new name: when it began, and three signs for those that begin together."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(3))
    return f"chat {datetime.now().astimezone():%Y-%m-%d %H:%M} {signs}"


def find_last_session(settings: Settings) -> str | None:
    """Return the session used last, by a chat or `ask --session`; None when there is none."""
    try:
        with Library.open(settings.for_library()) as library:
            headers = library.sessions.headers()
    except SetupError:
        return None
    return next((header.id for header in headers if not header.id.startswith(_THREADS)), None)
