"""The bot: it records what it was asked, lets it wait its turn, and answers it or says why not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial

from agent.settings.sections import SlackSettings
from agent.slack.answering import UNEXPECTED, Handler, RequestResult, undelivered
from agent.slack.delivery import Delivery
from agent.slack.errors import SlackError
from agent.slack.events import Ignored, SlackRequest
from agent.slack.interactions import Interactions
from agent.slack.journal import EventState, Journal
from agent.slack.log import EventLog, EventOutcome, LogLine
from agent.slack.queue import FairQueue
from vectorstore import SetupError, plural

RESUME_SECONDS = 600
"""Questions accepted no longer ago are answered after a restart; for older ones an answer comes too late."""
_NOTICES_AT_A_TIME = 8
"""To askers who wait or get an apology; Slack takes about one message a second and channel."""
_LAST_SECONDS = 10
"""For apologies at the end; who gets none then is answered at the next start."""

STOPPING = "I am being stopped, so I cannot answer now. Please ask again in a minute."
STOPPED_BEFORE = "I was stopped before I could answer this. Please ask again."
STOPPED_WITHIN = "I was stopped while I answered this. If there is no whole answer above, please ask again."


@dataclass(slots=True)
class Bot:
    """One bot, for one event loop; `start` begins."""

    settings: SlackSettings
    handler: Handler
    journal: Journal
    interactions: Interactions
    log: EventLog
    is_stopping: bool = False
    _queue: FairQueue = field(default_factory=FairQueue)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _workers: list[asyncio.Task[None]] = field(default_factory=list)
    _under_way: dict[str, Delivery] = field(default_factory=dict)
    _not_in_journal: set[str] = field(default_factory=set)
    _notices: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_NOTICES_AT_A_TIME))

    @property
    def waiting(self) -> int:
        """Requests that wait."""
        return len(self._queue)

    @property
    def under_way(self) -> int:
        """Requests that are being answered."""
        return len(self._under_way)

    def start(self, left: Iterable[tuple[SlackRequest, EventState]] = ()) -> None:
        """Begin to answer, with what was `left` in the journal before Slack could send anything."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(self.settings.concurrency)]
        for request, state in left:
            if state is not EventState.ACCEPTED:
                # Some of an answer may be visible: a second one below it would not be what was asked for.
                self.spawn(self._apologise(request, STOPPED_WITHIN))
            elif time.time() - request.received < RESUME_SECONDS:
                self.spawn(self._admit(request))
            else:
                self.spawn(self._apologise(request, STOPPED_BEFORE))

    def accept(self, event: SlackRequest | Ignored) -> None:
        """Record what Slack sent; when this returns, Slack may get its acknowledgement."""
        if isinstance(event, Ignored):
            if event.deleted is not None and (request := self._queue.remove(event.deleted)) is not None:
                self._finish(request, RequestResult(EventOutcome.WITHDRAWN, "deleted"))
            reason, channel = event.reason, event.channel
            self.log.add(
                LogLine(event=event.key, outcome=EventOutcome.IGNORED, channel=channel, reason=reason)
            )
        elif not self._record(event):
            self.log.note(event, EventOutcome.DUPLICATE)
        elif self.is_stopping:
            self.spawn(self._apologise(event, STOPPING))
        else:
            self.spawn(self._admit(event))

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something in the background, to its end."""
        task = asyncio.create_task(work)
        # The event loop itself holds tasks only weakly.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Finish what is under way, as far as there is time, and apologise for the rest."""
        self.is_stopping = True
        seconds = self.settings.shutdown_seconds
        deadline = time.monotonic() + seconds
        waiting = [self._apologise(request, STOPPING) for request in self._queue.clear()]
        await _within(seconds + _LAST_SECONDS, waiting)
        while self._under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        left = list(self._under_way.values())
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        apologies = [self._say_last(delivery, STOPPING, EventOutcome.APOLOGISED) for delivery in left]
        await _within(_LAST_SECONDS, [*apologies, *self._tasks])

    async def _admit(self, request: SlackRequest) -> None:
        """Put a request into the queue, or refuse it."""
        delivery = self._deliver(request)
        try:
            refusal = await self.handler.permissions.refuse(request.channel, request.user)
        except Exception as error:
            self.log.note(request, EventOutcome.EXPLAINED, error=type(error).__name__)
            refusal = UNEXPECTED
        # The bot may have been stopped while Slack was asked for a user group.
        if self.is_stopping:
            await self._apologise(request, STOPPING)
            return
        count = self._queue.count(request.user)
        if refusal is None and count >= self.settings.waiting_per_user:
            asked = plural(count, "question")
            refusal = f"You have {asked} waiting already. Ask this again when they are answered."
        if refusal is not None:
            await self._say_last(delivery, refusal, EventOutcome.REFUSED)
            return
        await self._queue.put(request)
        async with self._notices:
            idle = self.settings.concurrency - self.under_way
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

    async def _answer(self, request: SlackRequest) -> None:
        delivery = self._deliver(request)
        began = time.time()
        self._under_way[request.key] = delivery
        try:
            self.spawn(self.interactions.show_work(request))
            result = await self.handler.handle(request, delivery)
            self._finish(request, result, delivery.way.value, began)
        finally:
            self._under_way.pop(request.key, None)

    async def _apologise(self, request: SlackRequest, words: str) -> None:
        async with self._notices:
            await self._say_last(self._deliver(request), words, EventOutcome.APOLOGISED)

    async def _say_last(self, delivery: Delivery, words: str, outcome: EventOutcome) -> None:
        try:
            await delivery.give_up(words)
        except SlackError as error:
            self._finish(delivery.request, undelivered(error))
        else:
            self._finish(delivery.request, RequestResult(outcome, words), delivery.way.value)

    def _deliver(self, request: SlackRequest) -> Delivery:
        return Delivery(
            self.handler.web,
            request,
            is_private=self.handler.permissions.is_private(request.channel),
            stream_seconds=self.settings.stream_seconds,
            on_visible=partial(self._mark, request.key, EventState.ANSWERING),
        )

    def _record(self, request: SlackRequest) -> bool:
        """Return whether it is new; remember it in memory where the journal cannot be written."""
        try:
            return self.journal.accept(request)
        except SetupError as error:
            self.log.add(LogLine(event="journal", reason=str(error)))
            is_new = request.message not in self._not_in_journal
            self._not_in_journal.add(request.message)
            return is_new

    def _mark(self, key: str, state: EventState) -> None:
        try:
            self.journal.mark(key, state)
        except SetupError as error:
            self.log.add(LogLine(event="journal", reason=str(error)))

    def _finish(
        self, request: SlackRequest, result: RequestResult, way: str | None = None, began: float | None = None
    ) -> None:
        # One that a bot with a new token can still answer is left for its start.
        if result.is_final:
            self._mark(request.key, EventState.DONE)
        now = time.time()
        fields = asdict(result)
        fields.pop("is_final")
        self.log.note(
            request,
            **fields,
            way=way,
            waited_ms=round(((began or now) - request.received) * 1000),
            total_ms=round((now - request.received) * 1000),
        )


async def _within(seconds: float, work: Iterable[Coroutine[None, None, None] | asyncio.Task[None]]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*work, return_exceptions=True)
