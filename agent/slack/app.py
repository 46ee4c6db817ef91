"""The way in: which of Slack's requests lead where, over a socket that the bot opens or over HTTP."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from agent.render.slack.blocks import FEEDBACK, PASSAGE
from agent.slack.bot import Bot
from agent.slack.errors import SlackError, SlackGoneError, make_error
from agent.slack.events import read_command, read_event
from agent.slack.interactions import Interactions
from agent.slack.log import EventLog, LogLine
from agent.slack.web import SlackWeb
from vectorstore import SetupError

COMMAND = "/pullquote"
EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"
PING_SECONDS = 5.0
"""Between pings of the socket: a dropped one is noticed, and opened again, as fast."""
_LARGEST_REQUEST = 1_000_000
"""Bytes; a message of 40,000 characters has 160,000 at the most."""

Body = dict[str, Any]
"""A request as slack-bolt passes it on; `events` and `interactions` read it."""


def make_app(
    slack: SlackWeb, bot: Bot, interactions: Interactions, log: EventLog, signing_secret: str | None
) -> AsyncApp:
    """Return an app whose listeners only record what was asked: Slack is answered within three seconds."""
    # Requests of Socket Mode are not signed, so without a `signing_secret` none is verified.
    bot_user = bot.handler.bot_user

    async def authorize() -> AuthorizeResult:
        # Known since the start: asking Slack again would take some of the three seconds.
        return AuthorizeResult(
            enterprise_id=None, team_id=None, bot_token=slack.client.token, bot_user_id=bot_user
        )

    app = AsyncApp(
        client=AsyncWebClient(base_url=slack.client.base_url),
        authorize=authorize,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
        # Slack gets its acknowledgement only when a listener has returned: by then the journal has the event.
        process_before_response=True,
        # `events` ignores them, and the log says so.
        ignoring_self_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def take_event(body: Body) -> None:
        bot.accept(read_event(body, bot_user, time.time()))

    async def take_command(body: Body, ack: AsyncAck) -> None:
        bot.accept(read_command(body, bot_user, time.time()))
        await ack()

    def in_background(work: Callable[[Body], Coroutine[None, None, None]]) -> Callable[..., Awaitable[None]]:
        async def listen(body: Body, ack: AsyncAck) -> None:
            bot.spawn(work(body))
            await ack()

        return listen

    async def end(body: Body) -> None:
        error = make_error(str(body.get("event", {}).get("type")), "events")
        if isinstance(error, SlackGoneError):
            slack.on_gone(error)

    async def ignore(body: Body) -> None:
        return None

    async def log_error(error: Exception) -> None:
        log.add(LogLine(event="listener", error=type(error).__name__))

    app.event("app_mention")(take_event)
    app.event("message")(take_event)
    app.event("assistant_thread_started")(in_background(interactions.greet))
    app.event("app_uninstalled")(end)
    app.event("tokens_revoked")(end)
    # Whatever else an app is subscribed to is acknowledged, or Slack would send it again.
    app.event(re.compile(".*"))(ignore)
    app.command(COMMAND)(take_command)
    app.action(re.compile(rf"^{PASSAGE}-\d+$"))(in_background(interactions.show_passage))
    app.action(FEEDBACK)(in_background(interactions.take_opinion))
    app.error(log_error)
    return app


@asynccontextmanager
async def socket_mode(app: AsyncApp, slack: SlackWeb, app_token: str) -> AsyncIterator[Callable[[], bool]]:
    """Hold a socket to Slack, reopened when it drops; yield whether it is connected. Raise SlackError."""
    address = await slack.open_socket(app_token)
    handler = AsyncSocketModeHandler(app, app_token, web_client=slack.client, ping_interval=PING_SECONDS)
    handler.client.wss_uri = address
    await handler.client.connect()  # type: ignore[no-untyped-call]
    watch = asyncio.create_task(_watch(handler, slack, app_token))

    def is_connected() -> bool:
        session = handler.client.current_session
        return session is not None and not session.closed and not handler.client.stale

    try:
        yield is_connected
    finally:
        watch.cancel()
        await handler.client.close()  # type: ignore[no-untyped-call]


async def _watch(handler: AsyncSocketModeHandler, slack: SlackWeb, app_token: str) -> None:
    """Ask Slack itself when a socket stays down; `slack` reports a token that is not valid any more."""
    # slack-sdk alone would retry forever with a revoked token.
    while True:
        await asyncio.sleep(4 * PING_SECONDS)
        if not await handler.client.is_connected():
            with suppress(SlackError):
                await slack.open_socket(app_token)


@asynccontextmanager
async def http_mode(app: AsyncApp, host: str, port: int) -> AsyncIterator[int]:
    """Serve Slack's signed requests; yield the port."""

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application(client_max_size=_LARGEST_REQUEST)
    server.router.add_post(EVENTS_PATH, take)
    async with _serving(server, host, port, "slack.http_port") as served:
        yield served


@asynccontextmanager
async def health(
    is_well: Callable[[], bool], describe: Callable[[], dict[str, object]], port: int
) -> AsyncIterator[int]:
    """Serve `/healthz` on this machine: 200 while `is_well`, else 503; yield the port."""

    async def respond(_: web.Request) -> web.Response:
        status, code = ("ok", 200) if is_well() else ("unavailable", 503)
        return web.json_response({"status": status, **describe()}, status=code)

    server = web.Application()
    server.router.add_get(HEALTH_PATH, respond)
    async with _serving(server, "127.0.0.1", port, "slack.health_port") as served:
        yield served


@asynccontextmanager
async def _serving(server: web.Application, host: str, port: int, setting: str) -> AsyncIterator[int]:
    """Raise SetupError where the address is taken, or not this machine's."""
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SetupError(
                f"Nothing can be served on {host}:{port} ({error.strerror}). Choose another port: "
                f"pullquote config set {setting} …"
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
