"""The bot on slack-bolt: which requests of Slack's go where."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from agent.render.slack.blocks import FEEDBACK, PASSAGE
from agent.slack.assistant import Assistant
from agent.slack.bot import Bot
from agent.slack.errors import SlackGoneError, explain
from agent.slack.events import read_command, read_event
from agent.slack.interactions import Interactions
from agent.slack.log import EventLog, LogLine

COMMAND = "/pullquote"

Body = dict[str, Any]
"""A request as slack-bolt hands it over; it is read by `events` and `interactions`."""


def make_app(
    client: AsyncWebClient,
    bot: Bot,
    assistant: Assistant,
    log: EventLog,
    signing_secret: str | None,
    on_gone: Callable[[SlackGoneError], None],
) -> AsyncApp:
    """An app whose listeners take note of what was asked and return: Slack is told within three seconds.

    Without a `signing_secret` requests are not verified, as those of Socket Mode need not be.
    """

    async def authorize() -> AuthorizeResult:
        # Known since the start: asking Slack again would take of the three seconds.
        return AuthorizeResult(
            enterprise_id=None, team_id=None, bot_token=client.token, bot_user_id=bot.handler.bot_user
        )

    app = AsyncApp(
        client=AsyncWebClient(base_url=client.base_url),
        authorize=authorize,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
        # Slack is told only when a listener is through: what it was told is in the journal.
        process_before_response=True,
        # `events` does it, and says so in the log.
        ignoring_self_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    interactions = Interactions(bot.handler, log)

    async def take_event(body: Body) -> None:
        bot.accept(read_event(body, bot.handler.bot_user, time.time()))

    async def take_command(body: Body, ack: AsyncAck) -> None:
        bot.accept(read_command(body, bot.handler.bot_user, time.time()))
        await ack()

    async def greet(body: Body) -> None:
        bot.spawn(assistant.greet(body))

    async def pass_over(body: Body) -> None:
        return None

    async def end(body: Body) -> None:
        gone = explain(str(body.get("event", {}).get("type")), "events")
        if isinstance(gone, SlackGoneError):
            on_gone(gone)

    async def show_passage(body: Body, ack: AsyncAck) -> None:
        bot.spawn(interactions.show_passage(body))
        await ack()

    async def take_opinion(body: Body, ack: AsyncAck) -> None:
        bot.spawn(interactions.take_opinion(body))
        await ack()

    async def note_error(error: Exception) -> None:
        log.add(LogLine(event="listener", error=type(error).__name__))

    app.event("app_mention")(take_event)
    app.event("message")(take_event)
    app.event("assistant_thread_started")(greet)
    app.event("app_uninstalled")(end)
    app.event("tokens_revoked")(end)
    # Whatever else an app is subscribed to is acknowledged, or Slack would send it again.
    app.event(re.compile(".*"))(pass_over)
    app.command(COMMAND)(take_command)
    app.action(re.compile(rf"^{PASSAGE}-\d+$"))(show_passage)
    app.action(FEEDBACK)(take_opinion)
    app.error(note_error)
    return app
