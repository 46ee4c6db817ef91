"""Asking the library for the bot, in a thread of its own: the same functions that every face calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from agent.answer.answer import Answer, Statement
from agent.answer.last_answer import Place, find_place
from agent.answer.receipts import read_receipt
from agent.generative import Writer
from agent.pipeline import Pipeline
from agent.pipeline import Request as Asked
from agent.sessions.sessions import open_session
from agent.settings.loading import Settings
from agent.slack.commands import Order, Wish
from agent.slack.events import Request
from vectorstore import ArticleHeader, Filters, Library, Opinion, PullquoteError, Turn, UnknownArticleError

_REFERENCE = re.compile(r"[0-9a-f]{4,16}")
"""An article's id or its beginning. A word or a year that looks like one and is none is a topic."""
_LONGEST_HEARD = 1000
"""Code points of a message that are taken from a thread."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The library and how answers are made of it. Its methods block; threads may share it."""

    library: Library
    settings: Settings
    writer: Writer | None = None

    def answer(
        self, request: Request, order: Order, filters: Filters, on_statement: Callable[[Statement], None]
    ) -> Answer:
        """What the articles that pass `filters` say.

        Raises:
            PullquoteError: there is a reason why nothing can be said.
        """
        writer = None if self.writer is None else replace(self.writer, on_statement=on_statement)
        if order.wish is Wish.SUMMARIZE:
            asked = self._summary_of(order.about, filters)
        else:
            asked = Asked(question=order.about, filters=filters, session=request.session)
        return Pipeline.with_settings(self.library, self.settings, writer).answer(asked)

    def list_articles(self, filters: Filters) -> Sequence[ArticleHeader]:
        """The articles that pass `filters`, newest first."""
        return self.library.headers(filters)

    def is_new(self, request: Request) -> bool:
        """Whether nothing was asked in the request's thread before."""
        return request.session is not None and not open_session(self.library, request.session).turns

    def hear(self, request: Request, messages: Sequence[str]) -> None:
        """Take what was said in a thread before its first question as what that may lean on."""
        assert request.session is not None
        limits = self.settings.sessions
        for message in messages:
            heard = " ".join(message.split())[:_LONGEST_HEARD]
            if heard:
                self.library.sessions.append(
                    request.session,
                    Turn(heard, heard, Filters(), None),
                    keep=limits.keep,
                    keep_days=limits.keep_days,
                    keep_turns=limits.turns,
                )

    def find_place(self, article: str, start: int, end: int, filters: Filters) -> Place:
        """Where a quote stands.

        Raises:
            PullquoteError: the article is not there, not visible under `filters`, or no longer what it was.
        """
        if not self._is_visible(article, filters):
            raise UnknownArticleError("This article is not in the library, or is not for this channel.")
        return find_place(self.library, article, start, end)

    def keep_opinion(self, receipt: str, opinion: Opinion, rater: str) -> None:
        """Keep what a reader thought of an answer, with its question, for the evaluation.

        Raises:
            PullquoteError: the receipt is not kept any more, or the library cannot be written.
        """
        found = self.library.receipts.find(receipt)
        if len(found) != 1:
            raise PullquoteError("This answer is not kept any more, so your opinion of it cannot be either.")
        question = read_receipt(found[0]).answer.question
        self.library.feedback.put(receipt, question, opinion, rater)

    def _summary_of(self, about: str, filters: Filters) -> Asked:
        if _REFERENCE.fullmatch(about.casefold()):
            # What it says of an id that fits none or several may name articles that are not for this channel.
            with suppress(UnknownArticleError):
                article = self.library.resolve(about)
                if self._is_visible(article, filters):
                    return Asked(articles=(article,))
        return Asked(query=about, filters=filters)

    def _is_visible(self, article: str, filters: Filters) -> bool:
        if filters.is_empty:
            return True
        return bool(self.library.headers(replace(filters, articles=(article,))))
