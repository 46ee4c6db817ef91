"""Delivery of what is said to the asker, by the best way that Slack allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agent.answer.answer import Answer, Statement
from agent.render.slack.messages import Message, answer_messages
from agent.slack.errors import CANNOT_POST, REFUSED_SHAPE, SlackError
from agent.slack.events import RequestKind, SlackRequest
from agent.slack.live import LiveMessage, Way
from agent.slack.web import SlackWeb

GATHER_SECONDS = 1.0
"""In which statements are collected to be shown together: with a few answers under way `chat.appendStream`
has no more than one call a second for each (tier 4, 100 a minute for all)."""
MOST_RESPONSES = 5
"""Messages that Slack accepts at a command's address (https://docs.slack.dev/interactivity/handling-user-interaction)."""
_LATER = "The rest does not fit into an answer to a command. Mention me, or write to me, and it does."


@dataclass
class Delivery:
    """The answer to one request on its way, for one task; raises `SlackError` where there is none."""

    web: SlackWeb
    request: SlackRequest
    is_private: bool
    stream_seconds: float
    on_visible: Callable[[], None]
    """Called before anything that the asker may see."""
    way: Way = Way.POSTS
    """How the answer got there."""
    _responses: int = 0
    _has_failed: bool = False

    def __post_init__(self) -> None:
        self._live = LiveMessage(self.web, self.request, self.stream_seconds)

    @property
    def is_live(self) -> bool:
        """Whether statements can be shown one by one."""
        return self.request.kind is not RequestKind.COMMAND and not self.is_private

    async def follow(self, statements: asyncio.Queue[Statement | None]) -> None:
        """Show statements as they come, until None does; a second apart, so that some are shown together."""
        is_over = False
        while not is_over:
            batch = [await statements.get()]
            while not statements.empty():
                batch.append(statements.get_nowait())
            is_over = None in batch
            shown = list(filter(None, batch))
            if shown:
                self.on_visible()
                try:
                    await self._live.show(shown)
                except SlackError:
                    self._has_failed = True
                    return  # `finish` says it all again, elsewhere if need be.
                self.way = self._live.way
            if not is_over:
                await asyncio.sleep(GATHER_SECONDS)

    async def finish(self, answer: Answer) -> None:
        """Send the whole answer, or what is left of it."""
        self.on_visible()
        if not self._live.is_empty and not self._has_failed:
            try:
                rest = await self._live.finish(answer)
            except SlackError:
                self._has_failed = True
            else:
                # The log has the way of the statements, not that of the sources that follow them.
                way = self._live.way
                await self.send(rest)
                self.way = way
                return
        await self._live.end()
        await self.send(answer_messages(answer))

    async def give_up(self, reason: str) -> None:
        """Say why there will be no more."""
        await self._live.end()
        await self.say(reason)

    async def say(self, text: str) -> None:
        """Send a few words."""
        self.on_visible()
        await self.send([Message(text)])

    async def hint(self, text: str) -> None:
        """Say something that only the asker sees, and that may get lost."""
        with suppress(SlackError):
            await self._send(Message(text), is_private=True)

    async def send(self, messages: Sequence[Message]) -> None:
        """Send messages in their order."""
        for number, message in enumerate(messages):
            try:
                await self._send_in_shape(message)
            except SlackError as error:
                if error.code not in CANNOT_POST or self.request.is_direct:
                    raise
                await self._send_directly(messages[number:], error)
                return

    async def _send_in_shape(self, message: Message) -> None:
        """Send a message, as plain text where its blocks are refused."""
        try:
            self.way = await self._send(message, is_private=self.is_private)
        except SlackError as error:
            if error.code not in REFUSED_SHAPE or not message.blocks:
                raise
            for text in message.as_text():
                self.way = await self._send(Message(text, is_escaped=True), is_private=self.is_private)

    async def _send(self, message: Message, *, is_private: bool) -> Way:
        request = self.request
        if request.response_url is not None:
            self._responses += 1
            if self._responses == MOST_RESPONSES:
                message = Message(_LATER)
            # Slack refuses more, and the last one has said where the rest is.
            if self._responses <= MOST_RESPONSES:
                await self.web.respond(request.response_url, message, is_private=is_private)
            return Way.RESPONSE
        if is_private:
            await self.web.post_privately(request.channel, request.user, request.thread_ts, message)
            return Way.PRIVATE
        await self.web.post(request.channel, request.thread, message)
        return Way.POSTS

    async def _send_directly(self, messages: Sequence[Message], error: SlackError) -> None:
        """Send to the asker's direct messages, as the channel accepts nothing."""
        self.way = Way.DIRECT
        try:
            channel = await self.web.open_direct(self.request.user)
            reason = f"You asked me in <#{self.request.channel}>, where I cannot post ({error.code}):"
            await self.web.post(channel, None, Message(reason, is_escaped=True))
            for message in messages:
                await self.web.post(channel, None, message)
        except SlackError:
            raise error from None
