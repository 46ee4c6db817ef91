"""A Slack written for tests: the Web API over HTTP and Socket Mode over WebSocket, on loopback.

    with SlackPeer() as slack:
        ...                      # slack.api_url=slack.url
        slack.mention("U1", "who warned?")
        slack.wait(lambda: slack.replies("C1"))

It runs in a thread of its own. What a bot has not acknowledged is sent again when it
connects. It can repeat events, answer 429, drop the socket, refuse any method, cut
streams, and holds everything that is sent to Slack's documented limits and block schema (`slack_rules`): a
violation fails the call, and `close` raises it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.peers.slack_rules import Violation, check_blocks, check_call, check_response, count_bytes

BOT_USER, BOT_ID, TEAM = "UBOT", "BBOT", "T1"
BOT_TOKEN, APP_TOKEN = "xoxb-secret-bot", "xapp-secret-app"
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,files:read,groups:history,"
    "im:history,im:write,mpim:history,usergroups:read"
)
STREAM_BYTES = 10_600
_SECONDS = itertools.count(1)
_EVENTS = itertools.count(1)
"""All peers' together, so that no two threads have one session, and no event is taken for another."""


@dataclass
class Posted:
    """A message as it is in Slack."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str = ""
    blocks: Sequence[Mapping[str, Any]] = ()
    seen_by: str | None = None
    """Of an ephemeral message."""
    is_streaming: bool = False
    was_streamed: bool = False
    appended: int = 0
    edits: list[float] = field(default_factory=list)
    """Moments of its edits."""
    through: str = "chat.postMessage"

    @property
    def shown(self) -> str:
        """All that can be read in it; parts of one block are on one line."""
        lines = [self.text] if self.was_streamed or not self.blocks else []
        for block in self.blocks:
            lines += _read_block(block)
        return "\n".join(lines)

    @property
    def buttons(self) -> dict[str, str]:
        """Values of its buttons by action id."""
        return {
            element["action_id"]: element["value"]
            for block in self.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        }

    @property
    def feedback(self) -> tuple[str, str] | None:
        """Values of its thumbs."""
        for block in self.blocks:
            if block["type"] == "context_actions":
                element = block["elements"][0]
                return element["positive_button"]["value"], element["negative_button"]["value"]
        return None


@dataclass(frozen=True)
class Call:
    """One call of the Web API."""

    method: str
    body: Mapping[str, Any]
    at: float
    status: int


class SlackPeer:
    """The server. `url` ends in `/api/`."""

    def __init__(
        self, *, scopes: str = SCOPES, errors: Mapping[str, str | Mapping[str, Any]] | None = None
    ) -> None:
        """Take what is scripted from the start; all of it may be changed while the server runs.

        Args:
            scopes: Granted, as `auth.test` says.
            errors: By method: an error code, or the whole answer.
        """
        self.scopes = scopes
        self.errors = dict(errors or {})
        self.rate_limited = 0.0
        """Share of calls that get a 429 first."""
        self.retry_after = 1
        """Seconds, of those."""
        self.repeats = 0.0
        """Share of events that are sent twice."""
        self.cut_streams_after: int | None = None
        """Appends after which a stream is over, as Slack's are after five minutes."""
        self.calls: list[Call] = []
        self.posted: list[Posted] = []
        self.acks: dict[str, float] = {}
        self.sent: dict[str, float] = {}
        self.responses: list[Mapping[str, Any]] = []
        self.views: list[Mapping[str, Any]] = []
        self.prompts: list[Mapping[str, Any]] = []
        self.statuses: list[str] = []
        self.titles: list[str] = []
        self.groups: dict[str, list[str]] = {}
        self.threads: dict[str, list[Mapping[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.files_are_refused = False
        self.violations: list[str] = []
        self.event_ids: list[str] = []
        self._random = random.Random(1)
        self._numbers = itertools.count(1)
        self._sockets: set[web.WebSocketResponse] = set()
        self._by_ts: dict[str, Posted] = {}
        self._unacknowledged: dict[str, Mapping[str, Any]] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="slack-peer", daemon=True)
        self._stop: asyncio.Event | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """For `slack.api_url`."""
        return f"http://127.0.0.1:{self.port}/api/"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None:
            self.require_no_violation()

    def close(self) -> None:
        """End the server."""
        if self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def require_no_violation(self) -> None:
        """Raise the first rule that was broken."""
        if self.violations:
            raise Violation("; ".join(self.violations[:5]))

    # What people in Slack do.

    def mention(self, user: str, text: str, channel: str = "C1", **event: Any) -> str:
        """Somebody mentions the bot; returns the message's ts."""
        return self.say(user, f"<@{BOT_USER}> {text}", channel, type="app_mention", **event)

    def say(self, user: str, text: str, channel: str, **event: Any) -> str:
        """Somebody writes a message of which the bot gets an event; returns its ts."""
        ts = event.pop("ts", None) or self.new_ts()
        channel_type = "im" if channel.startswith("D") else "channel"
        kind = {"type": "message", "channel_type": channel_type} if "type" not in event else {}
        self.send_event({"user": user, "text": text, "channel": channel, "ts": ts, **kind, **event})
        return ts

    def send_event(self, event: Mapping[str, Any], event_id: str | None = None, times: int = 1) -> str:
        """Send an event; some are repeated, as `repeats` has it."""
        event_id = event_id or f"Ev{next(_EVENTS):06d}"
        self.event_ids.append(event_id)
        payload = {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event}
        if self._random.random() < self.repeats:
            times += 1
        for attempt in range(times):
            envelope = f"env-{event_id}-{attempt}"
            self._send(
                {
                    "type": "events_api",
                    "envelope_id": envelope,
                    "payload": payload,
                    "retry_attempt": attempt,
                    "retry_reason": "timeout" if attempt else "",
                }
            )
        return event_id

    def command(self, user: str, text: str, channel: str = "C1") -> str:
        """Somebody uses `/pullquote`; returns the path of its `response_url`."""
        number = next(self._numbers)
        path = f"/commands/{number}"
        self._send(
            {
                "type": "slash_commands",
                "envelope_id": f"env-cmd-{number}",
                "payload": {
                    "command": "/pullquote",
                    "text": text,
                    "trigger_id": f"trigger.{number}",
                    "team_id": TEAM,
                    "channel_id": channel,
                    "user_id": user,
                    "response_url": f"http://127.0.0.1:{self.port}{path}",
                },
            }
        )
        return path

    def press(self, user: str, posted: Posted, action_id: str, value: str, kind: str = "button") -> None:
        """Somebody presses a button under a message."""
        number = next(self._numbers)
        self._send(
            {
                "type": "interactive",
                "envelope_id": f"env-act-{number}",
                "payload": {
                    "type": "block_actions",
                    "trigger_id": f"trigger.{number}",
                    "team": {"id": TEAM, "domain": "example"},
                    "user": {"id": user, "username": "someone", "team_id": TEAM},
                    "channel": {"id": posted.channel, "name": "news"},
                    "container": {
                        "type": "message",
                        "message_ts": posted.ts,
                        "channel_id": posted.channel,
                        "thread_ts": posted.thread_ts,
                    },
                    "actions": [{"type": kind, "action_id": action_id, "block_id": "b", "value": value}],
                },
            }
        )

    def drop_sockets(self) -> None:
        """Cut every connection, as a network does: without a word."""
        self._call(self._drop())

    def ask_to_reconnect(self) -> None:
        """Send the `disconnect` message that Slack sends before it refreshes a connection."""
        self._send({"type": "disconnect", "reason": "refresh_requested"})

    def new_ts(self) -> str:
        """A message's timestamp, different from all others."""
        return f"{1_700_000_000 + next(_SECONDS)}.{self._random.randrange(10**6):06d}"

    # What can be read.

    @staticmethod
    def _page_of(messages: Sequence[Any], body: Mapping[str, Any]) -> dict[str, Any]:
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 1000)
        end = start + limit
        more = {"response_metadata": {"next_cursor": str(end)}} if end < len(messages) else {}
        return {"messages": messages[start:end], "has_more": bool(more), **more}

    def replies(self, channel: str, thread_ts: str | None = None) -> list[Posted]:
        """Messages of the bot's in a channel, or in a thread of it, ephemeral ones among them."""
        return [
            posted
            for posted in self.posted
            if posted.channel == channel and thread_ts in (None, posted.thread_ts)
        ]

    def methods(self) -> list[str]:
        """What was called, in order."""
        return [call.method for call in self.calls]

    def wait(self, is_true: Callable[[], object], seconds: float = 150.0) -> None:
        """Wait until something holds; fails when it never does."""
        end = time.monotonic() + seconds
        while not is_true():
            self.require_no_violation()
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain; calls: {self.methods()[-20:]}")
            time.sleep(0.01)

    def is_connected(self) -> bool:
        """Whether a bot is there."""
        return bool(self._sockets)

    # The server.

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._run())
        finally:
            self._loop.close()

    async def _run(self) -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/commands/{number}", self._respond)
        app.router.add_get("/files/{name:.*}", self._file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = int(runner.addresses[0][1])
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        await self._drop()
        await runner.cleanup()

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _send(self, message: Mapping[str, Any]) -> None:
        self._call(self._deliver(message))

    async def _deliver(self, message: Mapping[str, Any]) -> None:
        sockets = [socket for socket in self._sockets if not socket.closed]
        if "envelope_id" in message:
            self.sent.setdefault(message["envelope_id"], time.monotonic())
            self._unacknowledged[message["envelope_id"]] = message
        if sockets:
            await sockets[next(self._numbers) % len(sockets)].send_str(json.dumps(message))

    async def _drop(self) -> None:
        for socket in list(self._sockets):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()
        self._sockets.clear()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self._sockets.add(socket)
        for message in list(self._unacknowledged.values()):
            await socket.send_str(json.dumps(message))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    body = json.loads(message.data)
                    self.acks.setdefault(body["envelope_id"], time.monotonic())
                    self._unacknowledged.pop(body["envelope_id"], None)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        try:
            check_response(body)
            given = sum(response["path"] == request.path for response in self.responses)
            if given >= 5:
                raise Violation("a response_url takes five messages")
        except Violation as violation:
            self.violations.append(str(violation))
            return web.Response(status=400, text=str(violation))
        self.responses.append({"path": request.path, **body})
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.Response:
        if self.files_are_refused or request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(status=302, headers={"Location": "/login"})
        return web.Response(body=self.files.get(request.match_info["name"], b""))

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            body |= await request.json()
        elif request.method == "POST":
            body |= dict(await request.post())
        status, answer, headers = self._answer(method, body, request.headers.get("Authorization", ""))
        self.calls.append(Call(method, body, time.monotonic(), status))
        return web.json_response(answer, status=status, headers=headers)

    def _answer(
        self, method: str, body: Mapping[str, Any], authorization: str
    ) -> tuple[int, Mapping[str, Any], dict[str, str]]:
        headers = {"x-oauth-scopes": self.scopes}
        if method != "auth.test" and self._random.random() < self.rate_limited:
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(self.retry_after)}
        if method in self.errors:
            error = self.errors[method]
            return 200, ({"ok": False, "error": error} if isinstance(error, str) else error), headers
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if authorization.removeprefix("Bearer ") != wanted:
            return 200, {"ok": False, "error": "invalid_auth"}, headers
        try:
            check_call(method, body)
            return 200, {"ok": True, **self._do(method, body)}, headers
        except Violation as violation:
            self.violations.append(f"{method}: {violation}")
            return 200, {"ok": False, "error": "invalid_arguments"}, headers
        except _RefusedError as refused:
            return 200, {"ok": False, "error": str(refused)}, headers

    def _do(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        area = method.partition(".")[0]
        if area == "chat":
            return self._chat(method, body)
        if area == "conversations":
            return self._conversation(method, body)
        match method:
            case "auth.test":
                return {
                    "user_id": BOT_USER,
                    "bot_id": BOT_ID,
                    "team_id": TEAM,
                    "url": "https://example.slack.com/",
                }
            case "apps.connections.open":
                return {"url": f"ws://127.0.0.1:{self.port}/socket"}
            case "usergroups.users.list":
                return {"users": self.groups.get(str(body["usergroup"]), [])}
            case "views.open":
                self.views.append(body["view"])
            case "assistant.threads.setStatus":
                self.statuses.append(str(body["status"]))
            case "assistant.threads.setTitle":
                self.titles.append(str(body["title"]))
            case "assistant.threads.setSuggestedPrompts":
                self.prompts += body["prompts"]
        return {}

    def _chat(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.startStream"):
            return {"ts": self._post(method, body).ts, "channel": body["channel"]}
        posted = self._by_ts.get(str(body["ts"]))
        if posted is None or posted.seen_by is not None:
            raise _RefusedError("message_not_found")
        if method == "chat.update":
            self._update(posted, body)
        elif not posted.is_streaming:
            raise _RefusedError("message_not_in_streaming_state")
        elif method == "chat.appendStream":
            self._append(posted, body)
        else:
            self._stop_stream(posted, body)
        return {"ts": body["ts"], "channel": body["channel"]}

    def _conversation(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if method == "conversations.open":
            return {"channel": {"id": f"D{body['users']}"}}
        return self._page_of(self.threads.get(str(body["ts"]), []), body)

    def _post(self, method: str, body: Mapping[str, Any]) -> Posted:
        is_stream = method == "chat.startStream"
        posted = Posted(
            channel=str(body["channel"]),
            ts=self.new_ts(),
            thread_ts=body.get("thread_ts"),
            text=str(body.get("markdown_text" if is_stream else "text", "")),
            blocks=body.get("blocks", ()),
            seen_by=body.get("user"),
            is_streaming=is_stream,
            was_streamed=is_stream,
            through=method,
        )
        self.posted.append(posted)
        self._by_ts[posted.ts] = posted
        return posted

    @staticmethod
    def _update(posted: Posted, body: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if posted.edits and now - posted.edits[-1] < 0.95:
            raise Violation(f"edits of one message {now - posted.edits[-1]:.2f} seconds apart")
        posted.edits.append(now)
        posted.text, posted.blocks = str(body["text"]), body.get("blocks", ())

    def _append(self, posted: Posted, body: Mapping[str, Any]) -> None:
        if self.cut_streams_after is not None and posted.appended >= self.cut_streams_after:
            posted.is_streaming = False
            raise _RefusedError("message_not_in_streaming_state")
        posted.appended += 1
        posted.text += str(body["markdown_text"])
        if len(posted.text.encode()) > STREAM_BYTES:
            raise Violation(f"msg_too_long: {len(posted.text.encode())} bytes streamed")

    @staticmethod
    def _stop_stream(posted: Posted, body: Mapping[str, Any]) -> None:
        posted.is_streaming = False
        posted.blocks = body.get("blocks", ())
        size = count_bytes(list(posted.blocks)) + len(posted.text.encode())
        if size > STREAM_BYTES:
            raise Violation(f"msg_blocks_too_long: {size} bytes with what was streamed")


class _RefusedError(Exception):
    pass


def _read_block(block: Mapping[str, Any]) -> list[str]:
    kind = block["type"]
    if kind == "rich_text":
        return [
            ("> " if element["type"] == "rich_text_quote" else "")
            + "".join(
                f"{part['text']}({part['url']})" if part["type"] == "link" else part["text"]
                for part in element["elements"]
            )
            for element in block["elements"]
        ]
    if kind == "actions":
        return ["[" + "] [".join(element["text"]["text"] for element in block["elements"]) + "]"]
    if kind == "context_actions":
        return ["[+] [-]"]
    return [block["text"]["text"]]


def read_view(view: Mapping[str, Any]) -> str:
    """What can be read in a modal."""
    return "\n".join(line for block in view["blocks"] for line in _read_block(block))


__all__ = ["Call", "Posted", "SlackPeer", "Violation", "check_blocks", "read_view"]
