"""Slack's Web API, as far as it is used: what is sent, what is retried, and errors in words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from aiohttp import ClientResponse, ClientSession, ClientTimeout
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from agent.render.slack.messages import Message
from agent.slack.errors import SlackError, SlackGoneError, explaining
from agent.slack.setup import Credentials

RATE_LIMIT_RETRIES = 8
"""Of one request, each after the `Retry-After` of the refusal before."""
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    user: str
    """Its user id."""
    team: str
    scopes: frozenset[str]
    """What it may do; empty when Slack does not say."""


class SlackWeb:
    """The Web API with one bot's token.

    Every method raises `SlackError` when Slack refuses, after waiting out rate limits, and `SlackGoneError`,
    of which `on_gone` is told too, when the token is worth nothing any more.
    """

    def __init__(
        self, client: AsyncWebClient, session: ClientSession, on_gone: Callable[[SlackGoneError], None]
    ) -> None:
        """Use `open`."""
        self.client = client
        self._session = session
        self._on_gone = on_gone

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        api_url: str,
        credentials: Credentials,
        on_gone: Callable[[SlackGoneError], None] = lambda _: None,
    ) -> AsyncIterator[SlackWeb]:
        """A client for the API at `api_url`, closed at the end."""
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

    async def identify(self) -> Identity:
        """Who the token makes us."""
        with self._explaining("auth.test"):
            found = await self.client.auth_test()
        scopes = next((value for key, value in found.headers.items() if key.lower() == "x-oauth-scopes"), "")
        return Identity(
            str(found["user_id"]),
            str(found["team_id"]),
            frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )

    async def open_socket(self, app_token: str) -> str:
        """The address of a Socket Mode connection."""
        with self._explaining("apps.connections.open"):
            return str((await self.client.apps_connections_open(app_token=app_token))["url"])

    async def post(self, channel: str, thread_ts: str | None, message: Message) -> str:
        """Post a message; returns its `ts`."""
        with self._explaining("chat.postMessage"):
            posted = await self.client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                text=message.text,
                blocks=message.as_json() or None,
                unfurl_links=False,
                unfurl_media=False,
            )
        return str(posted["ts"])

    async def post_privately(self, channel: str, user: str, thread_ts: str | None, message: Message) -> None:
        """Post a message that only `user` sees."""
        with self._explaining("chat.postEphemeral"):
            await self.client.chat_postEphemeral(
                channel=channel,
                user=user,
                thread_ts=thread_ts,
                text=message.text,
                blocks=message.as_json() or None,
            )

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        """Put `message` in the place of one posted before."""
        with self._explaining("chat.update"):
            await self.client.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.as_json() or None
            )

    async def start_stream(self, channel: str, thread_ts: str, team: str, user: str, markdown: str) -> str:
        """Begin a streamed message; returns its `ts`."""
        with self._explaining("chat.startStream"):
            started = await self.client.chat_startStream(
                channel=channel,
                thread_ts=thread_ts,
                recipient_team_id=team or None,
                recipient_user_id=user,
                markdown_text=markdown,
            )
        return str(started["ts"])

    async def append_stream(self, channel: str, ts: str, markdown: str) -> None:
        """Add to a streamed message."""
        with self._explaining("chat.appendStream"):
            await self.client.chat_appendStream(channel=channel, ts=ts, markdown_text=markdown)

    async def stop_stream(self, channel: str, ts: str, message: Message | None = None) -> None:
        """End a streamed message, with the blocks of `message` below what was streamed."""
        with self._explaining("chat.stopStream"):
            await self.client.chat_stopStream(
                channel=channel, ts=ts, blocks=message.as_json() if message is not None else None
            )

    async def respond(self, response_url: str, message: Message, *, is_private: bool) -> None:
        """Answer a command at its own address."""
        hook = AsyncWebhookClient(
            response_url,
            timeout=_SECONDS,
            session=self._session,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)],
        )
        with self._explaining("response_url"):
            response = await hook.send(
                text=message.text,
                blocks=message.as_json() or None,
                response_type="ephemeral" if is_private else "in_channel",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            if response.status_code != 200:
                raise SlackError(
                    f"Slack refused an answer to the command ({response.body[:60]}).", response.body[:60]
                )

    async def open_direct(self, user: str) -> str:
        """The channel of direct messages with a user."""
        with self._explaining("conversations.open"):
            opened = await self.client.conversations_open(users=user)
        return str(_inside(opened, "channel")["id"])

    async def open_view(self, trigger_id: str, view: View) -> None:
        """Open a modal."""
        with self._explaining("views.open"):
            await self.client.views_open(trigger_id=trigger_id, view=view)

    async def list_members(self, group: str) -> frozenset[str]:
        """The users of a user group."""
        with self._explaining("usergroups.users.list"):
            listed = await self.client.usergroups_users_list(usergroup=group)
        return frozenset(map(str, listed.get("users") or ()))

    async def read_thread(
        self, channel: str, thread_ts: str, before: str, limit: int, cursor: str | None = None
    ) -> AsyncSlackResponse:
        """A page of a thread's messages up to `before`, as Slack has them: the oldest ones come first."""
        with self._explaining("conversations.replies"):
            return await self.client.conversations_replies(
                channel=channel, ts=thread_ts, latest=before, inclusive=False, limit=limit, cursor=cursor
            )

    async def set_status(self, channel: str, thread_ts: str, status: str) -> None:
        """What the Assistant pane shows while an answer is on its way."""
        with self._explaining("assistant.threads.setStatus"):
            await self.client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread_ts, status=status
            )

    async def set_title(self, channel: str, thread_ts: str, title: str) -> None:
        """The name of a conversation in the Assistant pane."""
        with self._explaining("assistant.threads.setTitle"):
            await self.client.assistant_threads_setTitle(channel_id=channel, thread_ts=thread_ts, title=title)

    async def suggest(self, channel: str, thread_ts: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer prompts in the Assistant pane: what each is called, and what it asks."""
        with self._explaining("assistant.threads.setSuggestedPrompts"):
            await self.client.assistant_threads_setSuggestedPrompts(
                channel_id=channel,
                thread_ts=thread_ts,
                prompts=[{"title": title, "message": message} for title, message in prompts],
            )

    @asynccontextmanager
    async def fetch(self, address: str) -> AsyncIterator[ClientResponse]:
        """What stands at an address of Slack's own, to which the token is sent; no other is followed."""
        headers = {"Authorization": f"Bearer {self.client.token}"}
        with self._explaining("the file"):
            async with self._session.get(address, headers=headers, allow_redirects=False) as response:
                yield response

    @contextmanager
    def _explaining(self, doing: str) -> Iterator[None]:
        try:
            with explaining(doing):
                yield
        except SlackGoneError as gone:
            self._on_gone(gone)
            raise


def _inside(response: AsyncSlackResponse, name: str) -> Mapping[str, object]:
    found = response.get(name)
    if not isinstance(found, Mapping):
        raise SlackError(f"Slack's answer has no `{name}`.", "malformed")
    return found
