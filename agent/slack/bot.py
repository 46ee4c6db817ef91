"""The bot: what it was asked is noted, waits its turn, and is answered or told why not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial

from agent.settings.slack import SlackSettings
from agent.slack.assistant import Assistant
from agent.slack.delivery import Delivery
from agent.slack.errors import SlackError
from agent.slack.events import Passed, Request
from agent.slack.handling import UNEXPECTED, Handler, Result, undelivered
from agent.slack.journal import Journal, State
from agent.slack.log import EventLog, LogLine, Outcome
from agent.slack.queue import FairQueue
from vectorstore import SetupError, plural

RESUME_SECONDS = 600
"""Questions accepted no longer ago are answered after a restart; to older ones an answer comes too late."""
_TOLD_AT_A_TIME = 8
"""Of those who wait or get an apology; Slack takes about one message a second and channel."""
_LAST_SECONDS = 10
"""For apologies at the end; who gets none then is answered at the next start."""

STOPPING = "I am being stopped, so I cannot answer now. Please ask again in a minute."
STOPPED_BEFORE = "I was stopped before I could answer this. Please ask again."
STOPPED_WITHIN = "I was stopped while I answered this. If there is no whole answer above, please ask again."


class Bot:
    """One bot at work. For one event loop."""

    def __init__(
        self,
        settings: SlackSettings,
        handler: Handler,
        journal: Journal,
        assistant: Assistant,
        log: EventLog,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the parts; `start` begins."""
        self.handler = handler
        self._settings = settings
        self._journal = journal
        self._assistant = assistant
        self._log = log
        self._clock = clock
        self._queue = FairQueue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._workers: list[asyncio.Task[None]] = []
        self._under_way: dict[str, tuple[Request, Delivery]] = {}
        self._unnoted: set[str] = set()
        self._telling = asyncio.Semaphore(_TOLD_AT_A_TIME)
        self.is_stopping = False

    @property
    def waiting(self) -> int:
        """Requests that wait."""
        return len(self._queue)

    @property
    def under_way(self) -> int:
        """Requests that are being answered."""
        return len(self._under_way)

    def start(self, left: Iterable[tuple[Request, State]] = ()) -> None:
        """Begin to answer, with what was `left` in the journal before Slack could send anything."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._settings.concurrency)]
        for request, state in left:
            is_fresh = state is State.ACCEPTED and self._clock() - request.received < RESUME_SECONDS
            words = STOPPED_BEFORE if state is State.ACCEPTED else STOPPED_WITHIN
            self.spawn(self._admit(request) if is_fresh else self._apologise(request, words))

    def accept(self, event: Request | Passed) -> None:
        """Take on what Slack sent; when this returns, Slack may be told that it has arrived."""
        if isinstance(event, Passed):
            if event.deleted is not None:
                self.spawn(self._withdraw(event.deleted))
            line = LogLine(event=event.key, outcome=Outcome.IGNORED, reason=event.reason)
            self._log.add(line.model_copy(update={"channel": event.channel}))
        elif not self._note(event):
            self._log.note(event, Outcome.DUPLICATE)
        else:
            self.spawn(self._apologise(event, STOPPING) if self.is_stopping else self._admit(event))

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something besides; it is seen to its end."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Finish what is under way, as far as there is time, and apologise for the rest."""
        self.is_stopping = True
        deadline = time.monotonic() + self._settings.shutdown_seconds
        await self._apologise_to(await self._queue.clear())
        while self._under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        left = dict(self._under_way)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        ends = [self._break_off(request, delivery) for request, delivery in left.values()]
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await asyncio.gather(*ends, *self._tasks, return_exceptions=True)

    async def _admit(self, request: Request) -> None:
        delivery = self._deliver(request)
        try:
            refusal = await self.handler.permissions.refuse(request)
        except Exception as error:
            self._log.note(request, Outcome.EXPLAINED, error=type(error).__name__)
            refusal = UNEXPECTED
        if self.is_stopping:
            await self._apologise(request, STOPPING)
            return
        count = self._queue.count(request.user)
        if refusal is None and count >= self._settings.waiting_per_user:
            asked = plural(count, "question")
            refusal = f"You have {asked} waiting already. Ask this again when they are answered."
        if refusal is not None:
            await self._say_last(request, delivery, refusal, Outcome.REFUSED)
            return
        await self._queue.put(request)
        async with self._telling:
            idle = self._settings.concurrency - self.under_way
            before = self._queue.before(request)
            if before is not None and before >= idle:
                await delivery.hint(f"Your question is number {before - idle + 1} in line.")

    async def _work(self) -> None:
        while True:
            request = await self._queue.take()
            try:
                await self._answer(request)
            finally:
                await self._queue.release(request)

    async def _answer(self, request: Request) -> None:
        delivery = self._deliver(request)
        began = self._clock()
        self._under_way[request.key] = request, delivery
        try:
            self.spawn(self._assistant.show_work(request))
            result = await self.handler.handle(request, delivery)
            self._finish(request, result, delivery.way.value, began)
        finally:
            self._under_way.pop(request.key, None)

    async def _withdraw(self, message: str) -> None:
        if (request := await self._queue.remove(message)) is not None:
            self._finish(request, Result(Outcome.WITHDRAWN, "deleted"))

    async def _apologise(self, request: Request, words: str) -> None:
        async with self._telling:
            await self._say_last(request, self._deliver(request), words, Outcome.APOLOGISED)

    async def _apologise_to(self, requests: Iterable[Request]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS + self._settings.shutdown_seconds):
                await asyncio.gather(*(self._apologise(request, STOPPING) for request in requests))

    async def _break_off(self, request: Request, delivery: Delivery) -> None:
        try:
            await delivery.give_up(STOPPING)
        except SlackError as error:
            self._finish(request, undelivered(error))
        else:
            self._finish(request, Result(Outcome.APOLOGISED, STOPPING))

    async def _say_last(self, request: Request, delivery: Delivery, words: str, outcome: Outcome) -> None:
        try:
            await delivery.say(words)
        except SlackError as error:
            self._finish(request, undelivered(error))
        else:
            self._finish(request, Result(outcome, words), delivery.way.value)

    def _deliver(self, request: Request) -> Delivery:
        return Delivery(
            self.handler.web,
            request,
            is_private=self.handler.permissions.is_private(request.channel),
            stream_seconds=self._settings.stream_seconds,
            on_visible=partial(self._mark, request.key, State.ANSWERING),
        )

    def _note(self, request: Request) -> bool:
        """Whether it is seen for the first time; remembered in memory where the journal cannot be written."""
        try:
            return self._journal.accept(request)
        except SetupError as error:
            self._log.add(LogLine(event="journal", reason=str(error)))
            is_new = request.message not in self._unnoted
            self._unnoted.add(request.message)
            return is_new

    def _mark(self, key: str, state: State) -> None:
        try:
            self._journal.mark(key, state)
        except SetupError as error:
            self._log.add(LogLine(event="journal", reason=str(error)))

    def _finish(
        self, request: Request, result: Result, way: str | None = None, began: float | None = None
    ) -> None:
        if result.is_final:
            self._mark(request.key, State.DONE)
        now = self._clock()
        self._log.note(
            request,
            result.outcome,
            reason=result.reason,
            error=result.error,
            receipt=result.receipt,
            detail=result.detail,
            way=way,
            waited_ms=round(((began or now) - request.received) * 1000),
            total_ms=round((now - request.received) * 1000),
        )
