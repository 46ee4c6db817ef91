"""What Slack shows besides messages: the Assistant pane, a source's passage, and thumbs for an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, ValidationError

from agent.render.slack.blocks import BAD, GOOD, cut, passage_view, read_passage_value, words_view
from agent.render.slack.messages import say
from agent.slack.answering import Handler
from agent.slack.errors import PASSING, SlackError
from agent.slack.events import Intent, Payload, RequestKind, SlackRequest, read_instruction
from agent.slack.log import EventLog, EventOutcome, LogLine
from vectorstore import ArticleHeader, Opinion, PullquoteError

STATUS = "is reading the articles…"
THANKS = "Thank you, noted: your question becomes a test of whether I answer it better."
OTHER_VERSION = "This button is of another version of mine. Ask again."
_OPINIONS = {GOOD: Opinion.GOOD, BAD: Opinion.BAD}
_MOST_PROMPTS = 4
_LONGEST_TITLE = 60


class _WithId(Payload):
    id: str


class _Action(Payload):
    value: str = ""


class _Container(Payload):
    thread_ts: str | None = None


class _Press(Payload):
    """A press of a button."""

    trigger_id: str
    user: _WithId
    team: _WithId | None = None
    channel: _WithId
    container: _Container = _Container()
    actions: Annotated[tuple[_Action, ...], Field(min_length=1)]


class _Pane(Payload):
    user_id: str
    channel_id: str
    thread_ts: str


class _PaneOpened(Payload):
    assistant_thread: _Pane


class _PaneEvent(Payload):
    event: _PaneOpened


class Interactions:
    """The Assistant pane, which is left out where a workspace has none, and the buttons."""

    def __init__(self, handler: Handler, log: EventLog) -> None:
        self._handler = handler
        self._log = log
        self._has_pane = True

    async def show_work(self, request: SlackRequest) -> None:
        """Say that an answer is on its way, and name the conversation after its first question."""
        if request.kind is not RequestKind.DIRECT or request.thread is None or not self._has_pane:
            return
        web = self._handler.web
        try:
            await web.set_status(request.channel, request.thread, STATUS)
            instruction = read_instruction(request)
            is_question = not isinstance(instruction, str) and instruction.intent is Intent.ASK
            if request.thread_ts is None or not is_question:
                return
            if await self._handler.call(self._handler.answering.is_new, request):
                await web.set_title(request.channel, request.thread, cut(request.text, _LONGEST_TITLE))
        except SlackError as error:
            self._has_pane = error.code in PASSING

    async def greet(self, body: Mapping[str, object]) -> None:
        """Suggest what could be asked, when somebody opens the pane."""
        handler = self._handler
        try:
            pane = _PaneEvent.model_validate(body).event.assistant_thread
        except ValidationError:
            return
        if await handler.permissions.refuse(pane.channel_id, pane.user_id) is not None:
            return
        filters = handler.permissions.filters(pane.channel_id)
        headers = await handler.call(handler.answering.list_articles, filters)
        try:
            await handler.web.suggest(pane.channel_id, pane.thread_ts, suggest_prompts(headers))
        except SlackError as error:
            self._has_pane = error.code in PASSING

    async def show_passage(self, body: Mapping[str, object]) -> None:
        """Open the passage behind a source, or say why it cannot be shown."""
        press = _read_press(body)
        if press is None:
            return
        handler, channel = self._handler, press.channel.id
        refusal = await handler.permissions.refuse(channel, press.user.id)
        pointer = read_passage_value(press.actions[0].value)
        if refusal is not None or pointer is None:
            view = words_view(refusal or OTHER_VERSION)
        else:
            try:
                filters = handler.permissions.filters(channel)
                view = passage_view(await handler.call(handler.answering.find_place, *pointer, filters))
            except PullquoteError as error:
                view = words_view(str(error))
        try:
            await handler.web.open_view(press.trigger_id, view)
        except SlackError as error:
            self._note("passage", press, EventOutcome.UNDELIVERED, str(error))
        else:
            self._note("passage", press, EventOutcome.TOLD)

    async def take_opinion(self, body: Mapping[str, object]) -> None:
        """Store what a reader thinks of an answer, and say so."""
        press = _read_press(body)
        if press is None:
            return
        handler, channel, user = self._handler, press.channel.id, press.user.id
        kind, _, receipt = press.actions[0].value.partition(":")
        opinion = _OPINIONS.get(kind)
        reason = await handler.permissions.refuse(channel, user)
        if reason is None:
            if opinion is None or not receipt:
                reason = OTHER_VERSION
            else:
                try:
                    rater = f"slack/{press.team.id if press.team else ''}/{user}"
                    await handler.call(handler.answering.store_opinion, receipt, opinion, rater)
                except PullquoteError as error:
                    reason = str(error)
        try:
            await handler.web.post_privately(channel, user, press.container.thread_ts, say(reason or THANKS))
        except SlackError as error:
            self._note("feedback", press, EventOutcome.UNDELIVERED, str(error))
        else:
            outcome = EventOutcome.EXPLAINED if reason else EventOutcome.TOLD
            self._note("feedback", press, outcome, reason)

    def _note(self, event: str, press: _Press, outcome: EventOutcome, reason: str | None = None) -> None:
        self._log.add(
            LogLine(
                event=event,
                outcome=outcome,
                team=press.team.id if press.team else None,
                channel=press.channel.id,
                user=press.user.id,
                reason=reason,
            )
        )


def suggest_prompts(headers: Sequence[ArticleHeader]) -> list[tuple[str, str]]:
    """Return up to four prompts: summaries of the newest articles, and what else there is."""
    prompts = [("Which articles are there?", "articles"), ("What can you do?", "help")]
    titled = [header for header in headers if header.title][: _MOST_PROMPTS - len(prompts)]
    summaries = [
        (f"Summarize “{cut(header.title or '', _LONGEST_TITLE)}”", f"summarize {header.id}")
        for header in titled
    ]
    return summaries + prompts


def _read_press(body: Mapping[str, object]) -> _Press | None:
    try:
        return _Press.model_validate(body)
    except ValidationError:
        return None
