"""What Slack shows besides messages: the Assistant pane, a source's passage, and thumbs for an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import AliasPath, Field

from agent.render.slack.blocks import BAD, GOOD, cut, passage_view, read_passage_value, words_view
from agent.render.slack.messages import Message
from agent.slack.answering import Handler
from agent.slack.errors import PASSING, SlackError
from agent.slack.events import Intent, Payload, RequestKind, SlackRequest, read_instruction
from agent.slack.log import EventLog, EventOutcome, LogLine
from vectorstore import ArticleHeader, Opinion, PullquoteError

STATUS = "is reading the articles…"
THANKS = "Thank you, noted: your question becomes a test of whether I answer it better."
OTHER_VERSION = "This button is of another version of mine. Ask again."
_MOST_SUMMARIES = 2
"""Of the four prompts that Slack accepts."""
_LONGEST_TITLE = 60


class _Press(Payload):
    """A press of a button."""

    trigger_id: str
    user: str = Field(validation_alias=AliasPath("user", "id"))
    team: str | None = Field(None, validation_alias=AliasPath("team", "id"))
    channel: str = Field(validation_alias=AliasPath("channel", "id"))
    thread_ts: str | None = Field(None, validation_alias=AliasPath("container", "thread_ts"))
    value: str = Field("", validation_alias=AliasPath("actions", 0, "value"))


class _Pane(Payload):
    """An Assistant pane that somebody opened."""

    user: str = Field(validation_alias=AliasPath("event", "assistant_thread", "user_id"))
    channel: str = Field(validation_alias=AliasPath("event", "assistant_thread", "channel_id"))
    thread_ts: str = Field(validation_alias=AliasPath("event", "assistant_thread", "thread_ts"))


@dataclass(slots=True)
class Interactions:
    """The Assistant pane, which is left out where a workspace has none, and the buttons."""

    handler: Handler
    log: EventLog
    _has_pane: bool = True

    async def show_work(self, request: SlackRequest) -> None:
        """Say that an answer is on its way, and name the conversation after its first question."""
        if request.kind is not RequestKind.DIRECT or request.thread is None or not self._has_pane:
            return
        web = self.handler.web
        pane = {"channel_id": request.channel, "thread_ts": request.thread}
        try:
            await web.call(web.client.assistant_threads_setStatus, **pane, status=STATUS)
            instruction = read_instruction(request)
            is_question = not isinstance(instruction, str) and instruction.intent is Intent.ASK
            if request.thread_ts is None or not is_question:
                return
            if await self.handler.call(self.handler.answering.is_new, request):
                title = cut(request.text, _LONGEST_TITLE)
                await web.call(web.client.assistant_threads_setTitle, **pane, title=title)
        except SlackError as error:
            self._has_pane = error.code in PASSING

    async def greet(self, body: Mapping[str, object]) -> None:
        """Suggest what could be asked, when somebody opens the pane."""
        handler = self.handler
        pane = _Pane.read(body)
        if pane is None or await handler.permissions.refuse(pane.channel, pane.user) is not None:
            return
        filters = handler.permissions.filters(pane.channel)
        headers = await handler.call(handler.answering.library.articles.headers, filters)
        try:
            await handler.web.call(
                handler.web.client.assistant_threads_setSuggestedPrompts,
                channel_id=pane.channel,
                thread_ts=pane.thread_ts,
                prompts=suggest_prompts(headers),
            )
        except SlackError as error:
            self._has_pane = error.code in PASSING

    async def show_passage(self, body: Mapping[str, object]) -> None:
        """Open the passage behind a source, or say why it cannot be shown."""
        press = _Press.read(body)
        if press is None:
            return
        handler, channel = self.handler, press.channel
        refusal = await handler.permissions.refuse(channel, press.user)
        pointer = read_passage_value(press.value)
        if refusal is not None or pointer is None:
            view = words_view(refusal or OTHER_VERSION)
        else:
            try:
                filters = handler.permissions.filters(channel)
                view = passage_view(await handler.call(handler.answering.find_place, *pointer, filters))
            except PullquoteError as error:
                view = words_view(str(error))
        opening = handler.web.call(handler.web.client.views_open, trigger_id=press.trigger_id, view=view)
        await self._reply("passage", press, opening, EventOutcome.TOLD)

    async def take_opinion(self, body: Mapping[str, object]) -> None:
        """Store what a reader thinks of an answer, and say so."""
        press = _Press.read(body)
        if press is None:
            return
        handler, channel, user = self.handler, press.channel, press.user
        kind, _, receipt = press.value.partition(":")
        reason = await handler.permissions.refuse(channel, user)
        if reason is None and (kind not in (GOOD, BAD) or not receipt):
            reason = OTHER_VERSION
        elif reason is None:
            try:
                rater = f"slack/{press.team or ''}/{user}"
                await handler.call(handler.answering.store_opinion, receipt, Opinion(kind), rater)
            except PullquoteError as error:
                reason = str(error)
        posting = handler.web.post_privately(channel, user, press.thread_ts, Message(reason or THANKS))
        outcome = EventOutcome.EXPLAINED if reason else EventOutcome.TOLD
        await self._reply("feedback", press, posting, outcome, reason)

    async def _reply(
        self,
        event: str,
        press: _Press,
        sending: Awaitable[object],
        outcome: EventOutcome,
        reason: str | None = None,
    ) -> None:
        try:
            await sending
        except SlackError as error:
            outcome, reason = EventOutcome.UNDELIVERED, str(error)
        fields = press.model_dump(include={"team", "channel", "user"})
        self.log.add(LogLine(event=event, outcome=outcome, reason=reason, **fields))


def suggest_prompts(headers: Sequence[ArticleHeader]) -> list[dict[str, str]]:
    """Return up to four prompts: summaries of the newest articles, and what else there is."""
    prompts: list[dict[str, str]] = []
    for header in headers:
        if header.title and len(prompts) < _MOST_SUMMARIES:
            title = f"Summarize “{cut(header.title, _LONGEST_TITLE)}”"
            prompts.append({"title": title, "message": f"summarize {header.id}"})
    prompts.append({"title": "Which articles are there?", "message": "articles"})
    prompts.append({"title": "What can you do?", "message": "help"})
    return prompts
