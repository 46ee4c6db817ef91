"""Buttons: a source's passage in a modal, and what a reader thinks of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationError

from agent.render.slack.blocks import BAD, GOOD, passage_view, read_passage_value, words_view
from agent.render.slack.messages import say
from agent.slack.errors import SlackError
from agent.slack.events import Payload
from agent.slack.handling import Handler
from agent.slack.log import EventLog, LogLine, Outcome
from vectorstore import Opinion, PullquoteError

THANKS = "Thank you, noted: your question becomes a test of whether I answer it better."
OTHER_VERSION = "This button is of another version of mine. Ask again."
_OPINIONS = {GOOD: Opinion.GOOD, BAD: Opinion.BAD}


class _Named(Payload):
    id: str


class _Action(Payload):
    value: str = ""


class _Container(Payload):
    thread_ts: str | None = None


class _Pressed(Payload):
    trigger_id: str
    user: _Named
    team: _Named | None = None
    channel: _Named
    container: _Container = _Container()
    actions: Annotated[tuple[_Action, ...], Field(min_length=1)]


class Interactions:
    """What the bot's buttons do."""

    def __init__(self, handler: Handler, log: EventLog) -> None:
        self._handler = handler
        self._log = log

    async def show_passage(self, body: Mapping[str, object]) -> None:
        """Open the passage behind a source, or say why it cannot be shown."""
        pressed = _read(body)
        if pressed is None:
            return
        channel, user = pressed.channel.id, pressed.user.id
        refusal = await self._handler.permissions.refuse_place(channel, user)
        place = read_passage_value(pressed.actions[0].value)
        if refusal is not None or place is None:
            view = words_view(refusal or OTHER_VERSION)
        else:
            filters = self._handler.permissions.filters(channel)
            try:
                found = await self._handler.call(
                    lambda: self._handler.answering.find_place(*place, filters=filters)
                )
                view = passage_view(found)
            except PullquoteError as error:
                view = words_view(str(error))
        try:
            await self._handler.web.open_view(pressed.trigger_id, view)
        except SlackError as error:
            self._note("passage", pressed, Outcome.UNDELIVERED, str(error))
        else:
            self._note("passage", pressed, Outcome.TOLD)

    async def take_opinion(self, body: Mapping[str, object]) -> None:
        """Keep what a reader thinks of an answer, and say so."""
        pressed = _read(body)
        if pressed is None:
            return
        kind, _, receipt = pressed.actions[0].value.partition(":")
        rater = f"slack/{pressed.team.id if pressed.team else ''}/{pressed.user.id}"
        reason = await self._handler.permissions.refuse_place(pressed.channel.id, pressed.user.id)
        opinion = _OPINIONS.get(kind)
        if opinion is None or not receipt:
            reason = reason or OTHER_VERSION
        elif reason is None:
            try:
                await self._handler.call(
                    lambda: self._handler.answering.keep_opinion(receipt, opinion, rater)
                )
            except PullquoteError as error:
                reason = str(error)
        try:
            await self._handler.web.post_privately(
                pressed.channel.id, pressed.user.id, pressed.container.thread_ts, say(reason or THANKS)
            )
        except SlackError as error:
            self._note("feedback", pressed, Outcome.UNDELIVERED, str(error))
        else:
            self._note("feedback", pressed, Outcome.EXPLAINED if reason else Outcome.TOLD, reason)

    def _note(self, event: str, pressed: _Pressed, outcome: Outcome, reason: str | None = None) -> None:
        self._log.add(
            LogLine(
                event=event,
                outcome=outcome,
                team=pressed.team.id if pressed.team else None,
                channel=pressed.channel.id,
                user=pressed.user.id,
                reason=reason,
            )
        )


def _read(body: Mapping[str, object]) -> _Pressed | None:
    try:
        return _Pressed.model_validate(body)
    except ValidationError:
        return None
