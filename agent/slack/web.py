"""Slack's Web API, as far as the bot uses it: what is sent, and what is retried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from agent.render.slack.messages import Message
from agent.slack.errors import SlackError, SlackGoneError, translating_errors
from agent.slack.setup import Credentials

RATE_LIMIT_RETRIES = 8
"""Of one request, each after the `Retry-After` of the refusal before."""
_SECONDS = 30
_NOT_UNFURLED: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
"""Slack would show a preview of every article that is linked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    user: str
    """Its user id."""
    team: str
    scopes: frozenset[str]
    """What it may do; empty when Slack does not say."""


@dataclass(frozen=True, slots=True)
class SlackWeb:
    """The Web API with one bot's token; waits out rate limits, and raises `SlackError` when Slack refuses.

    `SlackGoneError`, when the token is not valid any more, is reported to `on_gone` too.
    """

    client: AsyncWebClient
    session: ClientSession
    on_gone: Callable[[SlackGoneError], None]

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        api_url: str,
        credentials: Credentials,
        on_gone: Callable[[SlackGoneError], None] = lambda _: None,
    ) -> AsyncIterator[SlackWeb]:
        """Yield a client for the API at `api_url`, closed at the end."""
        async with ClientSession(timeout=ClientTimeout(total=_SECONDS)) as session:
            client = AsyncWebClient(
                token=credentials.bot.get_secret_value(),
                base_url=f"{api_url.rstrip('/')}/",
                timeout=_SECONDS,
                session=session,
                retry_handlers=[
                    AsyncConnectionErrorRetryHandler(),
                    AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES),
                ],
            )
            yield cls(client, session, on_gone)

    async def call(
        self, method: Callable[..., Awaitable[AsyncSlackResponse]], **arguments: Any
    ) -> AsyncSlackResponse:
        """Call one of the methods of `client`."""
        # slack-sdk names its methods after Slack's: `chat_postMessage` for `chat.postMessage`.
        with self._reporting_errors(method.__name__.replace("_", ".")):
            return await method(**arguments)

    async def identify(self) -> Identity:
        """Return whose token it is."""
        found = await self.call(self.client.auth_test)
        headers = {key.lower(): value for key, value in found.headers.items()}
        scopes = headers.get("x-oauth-scopes", "").replace(",", " ").split()
        return Identity(str(found["user_id"]), str(found["team_id"]), frozenset(scopes))

    async def open_socket(self, app_token: str) -> str:
        """Return the address of a new Socket Mode connection."""
        return str((await self.call(self.client.apps_connections_open, app_token=app_token))["url"])

    async def post(self, channel: str, thread_ts: str | None, message: Message) -> str:
        """Post a message; return its `ts`."""
        target = {"channel": channel, "thread_ts": thread_ts, **_NOT_UNFURLED}
        return str((await self.call(self.client.chat_postMessage, **target, **message.content))["ts"])

    async def post_privately(self, channel: str, user: str, thread_ts: str | None, message: Message) -> None:
        """Post a message that only `user` sees."""
        target = {"channel": channel, "user": user, "thread_ts": thread_ts}
        await self.call(self.client.chat_postEphemeral, **target, **message.content)

    async def respond(self, response_url: str, message: Message, *, is_private: bool) -> None:
        """Answer a command at its own address."""
        hook = AsyncWebhookClient(
            response_url,
            timeout=_SECONDS,
            session=self.session,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)],
        )
        with self._reporting_errors("response_url"):
            response = await hook.send(
                **message.content,
                **_NOT_UNFURLED,
                response_type="ephemeral" if is_private else "in_channel",
                replace_original=False,
            )
        if response.status_code != 200:
            reason = response.body[:60]
            raise SlackError(f"Slack refused an answer to the command ({reason}).", reason)

    async def open_direct(self, user: str) -> str:
        """Return the channel of direct messages with a user."""
        opened = await self.call(self.client.conversations_open, users=user)
        channel = opened.get("channel") or {}
        if "id" not in channel:
            raise SlackError("Slack's answer has no `channel`.", "malformed")
        return str(channel["id"])

    async def list_members(self, group: str) -> frozenset[str]:
        """Return the users of a user group."""
        listed = await self.call(self.client.usergroups_users_list, usergroup=group)
        return frozenset(map(str, listed.get("users") or ()))

    @asynccontextmanager
    async def fetch(self, address: str) -> AsyncIterator[ClientResponse]:
        """Yield the response of an address of Slack's own, to which the token is sent; follow no redirect."""
        headers = {"Authorization": f"Bearer {self.client.token}"}
        with self._reporting_errors("the file"):
            async with self.session.get(address, headers=headers, allow_redirects=False) as response:
                yield response

    @contextmanager
    def _reporting_errors(self, doing: str) -> Iterator[None]:
        try:
            with translating_errors(doing):
                yield
        except SlackGoneError as gone:
            self.on_gone(gone)
            raise
