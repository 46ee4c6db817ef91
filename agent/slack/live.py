"""A message that grows while an answer is written: streamed, else edited, else a post for every piece."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from agent.answer.answer import Answer, Statement
from agent.answer.view import begins_with
from agent.render.slack.messages import (
    MESSAGE_BYTES,
    Message,
    MessagePart,
    ShownStatements,
    answer_messages,
    as_message,
)
from agent.slack.errors import SlackError
from agent.slack.events import SlackRequest
from agent.slack.web import SlackWeb

EDIT_SECONDS = 1.0
"""Between two edits of a message: Slack accepts about one `chat.update` a second (bolt-js#2073)."""


class Way(StrEnum):
    """How an answer got into Slack, for the log."""

    STREAM = "stream"
    EDITS = "edits"
    POSTS = "posts"
    PRIVATE = "private"
    RESPONSE = "response"
    DIRECT = "direct"
    """As a direct message, because the channel accepts none."""


@dataclass(slots=True)
class LiveMessage:
    """The statements of one answer in a thread, shown as they come, for one task at a time.

    What Slack has accepted is left as it is. When a stream is refused, cut or about to reach Slack's five
    minutes, or a message is full, the next statements are put into another message.
    """

    web: SlackWeb
    request: SlackRequest
    stream_seconds: float
    clock: Callable[[], float] = time.monotonic
    way: Way = Way.STREAM
    """How statements are shown from here on."""
    _shown: ShownStatements = field(default_factory=ShownStatements)
    _ts: str | None = None
    _lines: list[MessagePart] = field(default_factory=list)
    _began: float = 0.0
    _is_streamed: bool = False
    _edited: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been shown."""
        return not self._shown.statements

    async def show(self, statements: Sequence[Statement]) -> None:
        """Show more statements. Raise SlackError where not even a post is accepted."""
        lines = [self._shown.add(statement) for statement in statements]
        while lines:
            if self._ts is not None and (self._is_due() or not self._room_for(lines)):
                await self.end()
            batch = self._room_for(lines) or lines[:1]
            if self._ts is None:
                await self._begin(batch)
            elif not await self._extend(batch):
                continue
            lines = lines[len(batch) :]

    async def finish(self, answer: Answer) -> list[Message]:
        """End with the rest of the answer, its sources below; return the messages to be posted after it."""
        if not begins_with(answer, self._shown.statements):
            await self.end()
            return answer_messages(answer)
        await self.show(answer.statements[len(self._shown.statements) :])
        first, *rest = answer_messages(answer, self._shown, sum(line.size for line in self._lines))
        if first.blocks and self._ts is not None and await self._close_with(self._ts, first):
            return rest
        await self.end()
        return [first, *rest] if first.blocks else rest

    async def end(self) -> None:
        """End the message, and leave what is shown as it is."""
        if self._ts is not None and self._is_streamed:
            # Without it the message would look unfinished until Slack ends it by itself.
            with suppress(SlackError):
                await self._stop_stream(self._ts)
        self._forget()

    def _is_due(self) -> bool:
        """Whether a stream has to end before Slack ends it; edits continue the answer."""
        is_due = self._is_streamed and self.clock() - self._began > self.stream_seconds
        if is_due:
            self.way = Way.EDITS
        return is_due

    def _room_for(self, lines: Sequence[MessagePart]) -> list[MessagePart]:
        left = MESSAGE_BYTES - sum(line.size for line in self._lines if self._ts is not None)
        fitting = []
        for line in lines:
            left -= line.size
            if left < 0:
                break
            fitting.append(line)
        return fitting

    async def _begin(self, lines: list[MessagePart]) -> None:
        request = self.request
        if self.way is Way.STREAM and request.thread is not None:
            try:
                started = await self.web.call(
                    self.web.client.chat_startStream,
                    channel=request.channel,
                    thread_ts=request.thread,
                    recipient_team_id=request.team or None,
                    recipient_user_id=request.user,
                    markdown_text=_markdown(lines),
                )
                self._ts, self._began, self._is_streamed = str(started["ts"]), self.clock(), True
            except SlackError:
                self.way = Way.EDITS
        if self._ts is None:
            self._ts = await self.web.post(request.channel, request.thread, as_message(lines))
        self._lines = list(lines)

    async def _extend(self, lines: list[MessagePart]) -> bool:
        """Add to the message; False when that cannot be done any more, and it has ended."""
        assert self._ts is not None
        try:
            if self.way is Way.STREAM:
                target = {"channel": self.request.channel, "ts": self._ts}
                append, text = self.web.client.chat_appendStream, f"\n\n{_markdown(lines)}"
                await self.web.call(append, **target, markdown_text=text)
            elif self.way is Way.EDITS:
                await self._edit(self._ts, as_message([*self._lines, *lines]))
            else:
                self._ts = None
                return False
        except SlackError:
            # Slack may have ended the stream: what it shows is left, and another message continues it.
            await self.end()
            self.way = Way.EDITS if self.way is Way.STREAM else Way.POSTS
            return False
        self._lines += lines
        return True

    async def _close_with(self, ts: str, message: Message) -> bool:
        try:
            if self.way is Way.STREAM:
                await self._stop_stream(ts, blocks=message.blocks)
            elif self.way is Way.EDITS:
                shown = as_message(self._lines)
                plain, blocks = f"{shown.plain}\n{message.plain}", shown.blocks + message.blocks
                await self._edit(ts, Message(plain, blocks))
            else:
                return False
        except SlackError:
            return False
        self._forget()
        return True

    def _forget(self) -> None:
        self._ts, self._lines, self._is_streamed = None, [], False

    async def _stop_stream(self, ts: str, **more: object) -> None:
        await self.web.call(self.web.client.chat_stopStream, channel=self.request.channel, ts=ts, **more)

    async def _edit(self, ts: str, message: Message) -> None:
        await asyncio.sleep(max(0.0, self._edited + EDIT_SECONDS - self.clock()))
        try:
            target = {"channel": self.request.channel, "ts": ts}
            await self.web.call(self.web.client.chat_update, **target, **message.content)
        finally:
            self._edited = self.clock()


def _markdown(lines: Sequence[MessagePart]) -> str:
    return "\n\n".join(line.markdown for line in lines)
