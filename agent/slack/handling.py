"""What one request gets: an answer, a listing, a word, and in any case a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from agent.answer.answer import Answer, Statement, Verdict
from agent.render.slack.messages import article_list
from agent.slack.answering import Answering
from agent.slack.commands import HELP, Order, Wish, read_order
from agent.slack.delivery import Delivery
from agent.slack.errors import SlackError, SlackGoneError
from agent.slack.events import Kind, Request
from agent.slack.log import Outcome
from agent.slack.permissions import NOT_ADMIN, Permissions
from agent.slack.threads import read_thread
from agent.slack.uploads import Uploads
from agent.slack.web import SlackWeb
from vectorstore import PullquoteError

UNEXPECTED = "Something went wrong on my side, and it has been logged. Please ask again."

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a request."""

    outcome: Outcome
    reason: str | None = None
    error: str | None = None
    """The kind of an error that should not have happened."""
    receipt: str | None = None
    detail: str | None = None
    """May have words of the message or of an article in it."""
    is_final: bool = True
    """False where the asker may still be told, by a bot with another token."""


@dataclass(frozen=True, slots=True)
class Handler:
    """Answers requests, several at a time."""

    web: SlackWeb
    permissions: Permissions
    answering: Answering
    uploads: Uploads
    threads: Executor
    bot_user: str

    async def handle(self, request: Request, delivery: Delivery) -> Result:
        """Do what is asked; whatever goes wrong is told to the asker. Never raises, except when cancelled."""
        try:
            return await self._handle(request, delivery)
        except SlackError as error:
            return undelivered(error)
        except PullquoteError as error:
            return await self._explain(delivery, str(error), Result(Outcome.EXPLAINED, detail=str(error)))
        except Exception as error:
            result = Result(Outcome.EXPLAINED, error=type(error).__name__, detail=str(error))
            return await self._explain(delivery, UNEXPECTED, result)

    async def call(self, function: Callable[[], _T]) -> _T:
        """Run what blocks in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, function)

    async def _handle(self, request: Request, delivery: Delivery) -> Result:
        order = read_order(request)
        if isinstance(order, str):
            await delivery.say(order)
            return Result(Outcome.TOLD, "nothing asked")
        match order.wish:
            case Wish.HELP:
                await delivery.say(HELP)
            case Wish.ARTICLES:
                filters = self.permissions.filters(request.channel)
                listed = await self.call(lambda: self.answering.list_articles(filters))
                await delivery.send([article_list(listed)])
            case Wish.ADD:
                return await self._add(request, delivery)
            case Wish.ASK | Wish.SUMMARIZE:
                return await self._answer(request, order, delivery)
        return Result(Outcome.TOLD, order.wish.value)

    async def _answer(self, request: Request, order: Order, delivery: Delivery) -> Result:
        filters = self.permissions.filters(request.channel)
        await self._hear(request)
        loop = asyncio.get_running_loop()
        written: asyncio.Queue[Statement | None] = asyncio.Queue()

        def pass_on(statement: Statement) -> None:
            with suppress(RuntimeError):  # The loop is closed: the bot has stopped.
                loop.call_soon_threadsafe(written.put_nowait, statement)

        follower = asyncio.create_task(delivery.follow(written)) if delivery.is_live else None
        try:
            answer = await self.call(lambda: self.answering.answer(request, order, filters, pass_on))
            if follower is not None:
                written.put_nowait(None)
                await follower
        finally:
            if follower is not None:
                follower.cancel()
        await delivery.finish(answer)
        return Result(_outcome(answer), receipt=answer.receipt)

    async def _hear(self, request: Request) -> None:
        """Read what was said in the thread before the bot was called into it."""
        if request.kind is not Kind.MENTION or request.thread_ts is None:
            return
        if await self.call(lambda: self.answering.is_new(request)):
            # Without the scope, or the right to write sessions, the question is answered as it stands.
            with suppress(PullquoteError):
                said = await read_thread(self.web, request, self.bot_user)
                await self.call(lambda: self.answering.hear(request, said))

    async def _add(self, request: Request, delivery: Delivery) -> Result:
        if not self.permissions.is_admin(request.user):
            await delivery.say(NOT_ADMIN)
            return Result(Outcome.REFUSED, "not an admin")
        told = []
        for file in request.files:
            try:
                told.append(await self.uploads.add(file))
            except PullquoteError as error:
                told.append(str(error))
        await delivery.say("\n".join(told))
        return Result(Outcome.TOLD, Wish.ADD.value)

    async def _explain(self, delivery: Delivery, reason: str, result: Result) -> Result:
        try:
            await delivery.give_up(reason)
        except SlackError as refused:
            return undelivered(refused)
        return result


def undelivered(error: SlackError) -> Result:
    """That there was no way to the asker."""
    return Result(Outcome.UNDELIVERED, str(error), is_final=not isinstance(error, SlackGoneError))


def _outcome(answer: Answer) -> Outcome:
    return Outcome.NOT_FOUND if answer.verdict is Verdict.NOT_FOUND else Outcome.ANSWERED
