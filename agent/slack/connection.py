"""How Slack reaches the bot: a socket that the bot opens, or requests to an address of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from agent.slack.errors import SlackError
from agent.slack.web import SlackWeb
from vectorstore.model.errors import SetupError

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"
PING_SECONDS = 5.0
"""Between pings of the socket: a dropped one is noticed, and opened again, as fast."""
_LARGEST_REQUEST = 1_000_000
"""Bytes; a message of 40,000 characters has 160,000 at the most."""

IsConnected = Callable[[], bool]


@asynccontextmanager
async def socket_mode(app: AsyncApp, slack: SlackWeb, app_token: str) -> AsyncIterator[IsConnected]:
    """A socket to Slack for the length of the block; opened again whenever it drops.

    Raises:
        SlackGoneError: the app-level token is worth nothing.
        SlackError: Slack cannot be reached, or the token lacks `connections:write`.
    """
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
    """Ask Slack itself when a socket stays down: slack-sdk would try for ever with a token that is revoked.

    Of a token that is gone `slack` tells whoever opened it.
    """
    while True:
        await asyncio.sleep(4 * PING_SECONDS)
        if not await handler.client.is_connected():
            try:
                await slack.open_socket(app_token)
            except (SlackError, SetupError):
                continue


@asynccontextmanager
async def http_mode(app: AsyncApp, host: str, port: int) -> AsyncIterator[int]:
    """A server for Slack's signed requests for the length of the block; gives its port.

    Raises:
        SetupError: the address is taken, or not this machine's.
    """

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application(client_max_size=_LARGEST_REQUEST)
    server.router.add_post(EVENTS_PATH, take)
    async with _serving(server, host, port, "slack.http_port") as served:
        yield served


@asynccontextmanager
async def health(
    is_well: IsConnected, describe: Callable[[], dict[str, object]], port: int
) -> AsyncIterator[int]:
    """`/healthz` on this machine for the length of the block: 200 while `is_well`, else 503; gives its port.

    Raises:
        SetupError: the port is taken.
    """

    async def tell(_: web.Request) -> web.Response:
        well = is_well()
        return web.json_response(
            {"status": "ok" if well else "unavailable", **describe()}, status=200 if well else 503
        )

    server = web.Application()
    server.router.add_get(HEALTH_PATH, tell)
    async with _serving(server, "127.0.0.1", port, "slack.health_port") as served:
        yield served


@asynccontextmanager
async def _serving(server: web.Application, host: str, port: int, setting: str) -> AsyncIterator[int]:
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise SetupError(
                f"Nothing can be served on {host}:{port} ({error.strerror}). Choose another port: "
                f"pullquote config set {setting} …"
            ) from error
        address = runner.addresses[0]
        yield int(address[1])
    finally:
        await runner.cleanup()
