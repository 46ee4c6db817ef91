"""What one request gets: an answer, a list or a few words, and in any case a reason."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from agent.answer.answer import Answer, Statement, Verdict
from agent.answer.locating import LocatedQuote, locate_quote
from agent.answer.receipts import read_receipt
from agent.answer.request import Request
from agent.generative import Writer
from agent.pipeline import Pipeline
from agent.render.slack.messages import article_list
from agent.sessions.sessions import open_session
from agent.settings.loading import Settings
from agent.slack.delivery import Delivery
from agent.slack.errors import SlackError, SlackGoneError
from agent.slack.events import (
    HELP,
    Instruction,
    Intent,
    Payload,
    RequestKind,
    SlackRequest,
    read_instruction,
    read_text,
)
from agent.slack.log import EventOutcome
from agent.slack.permissions import NOT_ADMIN, Permissions
from agent.slack.uploads import Uploads
from agent.slack.web import SlackWeb
from vectorstore import Filters, Library, Opinion, PullquoteError, Turn, UnknownArticleError

UNEXPECTED = "Something went wrong on my side, and it has been logged. Please ask again."
MOST_HEARD = 5
"""Messages, the last before the question: what a question in a thread may lean on."""
_LONGEST_HEARD = 1000
"""Code points of a message that are taken from a thread."""
_PAGE = 200
"""Messages; Slack advises no more at once."""
_MOST_PAGES = 5
"""Of a thread longer than these, which is rare, the last messages of them are taken."""
_ARTICLE_ID = re.compile(r"[0-9a-f]{4,16}")
"""An article's id or its beginning. A word or a year that looks like one and is none is a topic."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RequestResult:
    """What became of a request."""

    outcome: EventOutcome
    reason: str | None = None
    error: str | None = None
    """The kind of an error that should not have happened."""
    receipt: str | None = None
    detail: str | None = None
    """May have words of the message or of an article in it."""
    is_final: bool = True
    """False where a bot with another token may still answer."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The library and how answers are made of it, for several threads; raises `PullquoteError`."""

    library: Library
    settings: Settings
    writer: Writer | None = None

    def answer(
        self,
        request: SlackRequest,
        instruction: Instruction,
        filters: Filters,
        on_statement: Callable[[Statement], None],
    ) -> Answer:
        """Return what the articles that pass `filters` say."""
        writer = None if self.writer is None else replace(self.writer, on_statement=on_statement)
        if instruction.intent is Intent.SUMMARIZE:
            asked = self._summary_of(instruction.about, filters)
        else:
            asked = Request(question=instruction.about, filters=filters, session=request.session)
        return Pipeline.with_settings(self.library, self.settings, writer).answer(asked)

    def is_new(self, request: SlackRequest) -> bool:
        """Whether nothing was asked in the request's thread before."""
        return request.session is not None and not open_session(self.library, request.session).turns

    def hear(self, request: SlackRequest, messages: Iterable[str]) -> None:
        """Record what was said in a thread before its first question, which may refer to it."""
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

    def find_place(self, article: str, start: int, end: int, filters: Filters) -> LocatedQuote:
        """Return a quote in its article, which has to pass `filters` and to be what it was."""
        if not self._is_visible(article, filters):
            raise UnknownArticleError("This article is not in the library, or is not for this channel.")
        return locate_quote(self.library, article, start, end)

    def store_opinion(self, receipt: str, opinion: Opinion, rater: str) -> None:
        """Store what a reader thought of an answer, with its question, for the evaluation."""
        found = self.library.receipts.find(receipt)
        if len(found) != 1:
            raise PullquoteError("This answer is no longer stored, so your opinion of it cannot be stored.")
        question = read_receipt(found[0]).answer.question
        self.library.feedback.put(receipt, question, opinion, rater)

    def _summary_of(self, about: str, filters: Filters) -> Request:
        if _ARTICLE_ID.fullmatch(about.casefold()):
            # What it says of an id that fits none or several may name articles that are not for this channel.
            with suppress(UnknownArticleError):
                article = self.library.articles.resolve(about)
                if self._is_visible(article, filters):
                    return Request(articles=(article,))
        return Request(query=about, filters=filters)

    def _is_visible(self, article: str, filters: Filters) -> bool:
        return filters.is_empty or bool(self.library.articles.headers(replace(filters, articles=(article,))))


@dataclass(frozen=True, slots=True)
class Handler:
    """Answers requests, several at a time."""

    web: SlackWeb
    permissions: Permissions
    answering: Answering
    uploads: Uploads
    threads: Executor
    bot_user: str

    async def handle(self, request: SlackRequest, delivery: Delivery) -> RequestResult:
        """Do what is asked, and explain to the asker what fails. Raise nothing, except when cancelled."""
        try:
            return await self._handle(request, delivery)
        except SlackError as error:
            return undelivered(error)
        except PullquoteError as error:
            result = RequestResult(EventOutcome.EXPLAINED, detail=str(error))
            return await _explain(delivery, str(error), result)
        except Exception as error:
            result = RequestResult(EventOutcome.EXPLAINED, error=type(error).__name__, detail=str(error))
            return await _explain(delivery, UNEXPECTED, result)

    async def call(self, function: Callable[..., _T], *arguments: object) -> _T:
        """Run what blocks in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *arguments)

    async def _handle(self, request: SlackRequest, delivery: Delivery) -> RequestResult:
        instruction = read_instruction(request)
        if isinstance(instruction, str):
            await delivery.say(instruction)
            return RequestResult(EventOutcome.TOLD, "nothing asked")
        match instruction.intent:
            case Intent.ASK | Intent.SUMMARIZE:
                return await self._answer(request, instruction, delivery)
            case Intent.ADD:
                return await self._add(request, delivery)
            case Intent.HELP:
                await delivery.say(HELP)
            case Intent.ARTICLES:
                filters = self.permissions.filters(request.channel)
                listed = await self.call(self.answering.library.articles.headers, filters)
                await delivery.send([article_list(listed)])
        return RequestResult(EventOutcome.TOLD, instruction.intent.value)

    async def _answer(
        self, request: SlackRequest, instruction: Instruction, delivery: Delivery
    ) -> RequestResult:
        filters = self.permissions.filters(request.channel)
        await self._read_thread_before(request)
        loop = asyncio.get_running_loop()
        written: asyncio.Queue[Statement | None] = asyncio.Queue()

        def pass_on(statement: Statement) -> None:
            with suppress(RuntimeError):  # The loop is closed: the bot has stopped.
                loop.call_soon_threadsafe(written.put_nowait, statement)

        follower = asyncio.create_task(delivery.follow(written)) if delivery.is_live else None
        try:
            answer = await self.call(self.answering.answer, request, instruction, filters, pass_on)
            if follower is not None:
                written.put_nowait(None)
                await follower
        finally:
            if follower is not None:
                follower.cancel()
        await delivery.finish(answer)
        is_found = answer.verdict is not Verdict.NOT_FOUND
        outcome = EventOutcome.ANSWERED if is_found else EventOutcome.NOT_FOUND
        return RequestResult(outcome, receipt=answer.receipt)

    async def _read_thread_before(self, request: SlackRequest) -> None:
        """Record what was said in the thread before the bot was called into it."""
        if request.kind is not RequestKind.MENTION or request.thread_ts is None:
            return
        if await self.call(self.answering.is_new, request):
            # Without the scope, or the right to write sessions, the question is answered as it is.
            with suppress(PullquoteError):
                said = await read_thread(self.web, request, self.bot_user)
                await self.call(self.answering.hear, request, said)

    async def _add(self, request: SlackRequest, delivery: Delivery) -> RequestResult:
        if not self.permissions.is_admin(request.user):
            await delivery.say(NOT_ADMIN)
            return RequestResult(EventOutcome.REFUSED, "not an admin")
        lines = []
        for file in request.files:
            try:
                lines.append(await self.uploads.add(file))
            except PullquoteError as error:
                lines.append(str(error))
        await delivery.say("\n".join(lines))
        return RequestResult(EventOutcome.TOLD, Intent.ADD.value)


def undelivered(error: SlackError) -> RequestResult:
    """Return that there was no way to the asker."""
    is_final = not isinstance(error, SlackGoneError)
    return RequestResult(EventOutcome.UNDELIVERED, str(error), is_final=is_final)


class _ThreadMessage(Payload):
    user: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    text: str = ""
    ts: str = ""

    def is_of_person(self, bot_user: str) -> bool:
        """Whether a person said it, and not a bot or Slack itself."""
        return self.user not in (None, bot_user) and self.bot_id is None and self.subtype is None


async def read_thread(web: SlackWeb, request: SlackRequest, bot_user: str) -> list[str]:
    """Return the last messages of people in the request's thread before it, oldest first."""
    if request.thread_ts is None or request.ts is None or request.thread_ts == request.ts:
        return []
    said: list[str] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        thread = {"channel": request.channel, "ts": request.thread_ts, "latest": request.ts}
        page = {"inclusive": False, "limit": _PAGE, "cursor": cursor}
        response = await web.call(web.client.conversations_replies, **thread, **page)
        for message in map(_ThreadMessage.read, response.get("messages") or ()):
            if message is not None and message.is_of_person(bot_user) and message.ts != request.ts:
                said.append(read_text(message.text, bot_user))
        cursor = (response.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return list(filter(None, said))[-MOST_HEARD:]


async def _explain(delivery: Delivery, reason: str, result: RequestResult) -> RequestResult:
    try:
        await delivery.give_up(reason)
    except SlackError as refused:
        return undelivered(refused)
    return result
