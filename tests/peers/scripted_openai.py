"""A server that speaks OpenAI's protocol over real HTTP and does what a test has scripted.

    with ScriptedOpenAI(Text("Hello"), Status(500), ToolCall("search", {"query": "x"})) as server:
        ...                      # base_url=server.url
    assert server.requests[0].body["messages"]

Each call to /chat/completions takes the next step of the script; the last one is repeated. Requests are
recorded, with their tokens counted as words, for assertions and for comparing what answers cost.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    def header(self, name: str) -> str | None:
        """A header by its name in any case."""
        return {key.lower(): value for key, value in self.headers.items()}.get(name.lower())

    @property
    def prompt_tokens(self) -> int:
        """Words of the messages, tools and schema: not a model's tokens, and the same for every client."""
        parts = [self.body.get(key) for key in ("messages", "tools", "response_format", "input")]
        return sum(len(json.dumps(part, ensure_ascii=False).split()) for part in parts if part)

    @property
    def format(self) -> str | None:
        """The type of `response_format`."""
        return (self.body.get("response_format") or {}).get("type")


@dataclass(frozen=True)
class Text:
    """A reply in words; in pieces of `piece` characters when it is streamed.

    Before them go `comments`, as some servers send them while a model thinks: one every tenth of a second.
    """

    text: str
    finish: str = "stop"
    refusal: str | None = None
    piece: int = 7
    usage: bool = True
    cached_tokens: int = 0
    comments: int = 0


@dataclass(frozen=True)
class ToolCalls:
    """A reply that asks for tools: names and arguments; arguments may be malformed text."""

    calls: Sequence[tuple[str, Mapping[str, Any] | str]]
    piece: int = 5


@dataclass(frozen=True)
class Status:
    """A refusal with a status, an `error` object or a body of the test's own."""

    status: int
    message: str = "scripted"
    code: str | int | None = None
    type: str = "invalid_request_error"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Bytes in place of a reply."""

    content: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Stall:
    """Nothing for as long as the server lives; after the first pieces of `text` when it is streamed."""

    text: str = ""


@dataclass(frozen=True)
class Cut:
    """A reply that ends in the middle: after the first pieces when streamed, within its body when not."""

    text: str


@dataclass(frozen=True)
class StreamError:
    """An error event after the first pieces of a stream, as vLLM and OpenAI send one."""

    text: str
    message: str
    code: str | int | None = None


@dataclass(frozen=True)
class Vectors:
    """Embeddings in place of those of the words: a vector a row, in this order."""

    rows: Sequence[Sequence[float | None]]


EmbeddingStep = Status | Raw | Vectors | None
"""What becomes of a request for embeddings; None: eight numbers that depend on the words."""

Reply = Text | ToolCalls | Status | Raw | Stall | Cut | StreamError
Step = Reply | Callable[[Request], Reply]


def refuse_schema(wording: Status, then: Step) -> Callable[[Request], Reply]:
    """A step that answers `json_schema` with `wording` and all else with `then`."""
    return refuse_formats({"json_schema"}, wording, then)


def refuse_formats(formats: set[str], wording: Status, then: Step) -> Callable[[Request], Reply]:
    """A step that answers these types of `response_format` with `wording` and all else with `then`."""

    def step(request: Request) -> Reply:
        if request.format in formats:
            return wording
        return then(request) if callable(then) else then

    return step


class ScriptedOpenAI:
    """The server. `url` ends in `/v1`; `root` does not."""

    def __init__(
        self,
        *script: Step,
        models: Sequence[str | Mapping[str, Any]] | Status | Raw = ("scripted",),
        prefix: str = "/v1",
        key: str | None = None,
        embeddings: Callable[[Request], EmbeddingStep] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.script = list(script)
        self.models = models
        self.prefix = prefix
        self.key = key
        self.embeddings = embeddings
        self.requests: list[Request] = []
        self._asked = 0
        self._lock = threading.Lock()
        self.comments = 0
        self.over = threading.Event()
        self._server = _Server(self)
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def root(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{self._scheme}://{host!s}:{port}"

    @property
    def url(self) -> str:
        return self.root + self.prefix

    @property
    def chats(self) -> list[Request]:
        """The requests that asked for a completion."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    @property
    def prompt_tokens(self) -> int:
        """Words of all prompts together."""
        return sum(request.prompt_tokens for request in self.chats)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, request: Request) -> Reply:
        """The next step of the script."""
        with self._lock:
            step = self.script[min(self._asked, len(self.script) - 1)]
            self._asked += 1
        return step(request) if callable(step) else step


class _Server(ThreadingHTTPServer):
    """The HTTP server of one `ScriptedOpenAI`."""

    daemon_threads = True

    def __init__(self, scripted: ScriptedOpenAI) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripted = scripted


class _Handler(BaseHTTPRequestHandler):
    """One connection: which replies are sent how is in the tables `_WHOLE` and `_ENDS` below."""

    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def scripted(self) -> ScriptedOpenAI:
        return self.server.scripted

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: tests look at `requests`."""

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    def do_GET(self) -> None:
        self.scripted.requests.append(Request("GET", self.path, dict(self.headers), {}))
        if not self.path.endswith("/models"):
            return self.refuse(_NOT_FOUND)
        if refusal := self._find_refusal():
            return self.refuse(refusal)
        models = self.scripted.models
        if isinstance(models, Status):
            return self.refuse(models)
        if isinstance(models, Raw):
            return self.send(200, models.content, models.content_type)
        rows = [
            {"id": model, "object": "model"} if isinstance(model, str) else dict(model) for model in models
        ]
        return self.send_json(200, {"object": "list", "data": rows})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        request = Request("POST", self.path, dict(self.headers), json.loads(self.rfile.read(length) or b"{}"))
        self.scripted.requests.append(request)
        if refusal := self._find_refusal():
            return self.refuse(refusal)
        if self.path.endswith("/embeddings"):
            return self._embed(request)
        if not self.path.endswith("/chat/completions"):
            return self.refuse(_NOT_FOUND)
        reply = self.scripted.take(request)
        if isinstance(reply, Status):
            return self.refuse(reply)
        if isinstance(reply, Raw):
            return self.send(200, reply.content, reply.content_type)
        if request.body.get("stream"):
            return self._stream(request, reply)
        return _WHOLE[type(reply)](self, request, reply)

    def _find_refusal(self) -> Status | None:
        """What is wrong with the address or the key."""
        rest = self.path.removeprefix("http://model.test").removeprefix(self.scripted.prefix)
        if rest not in ("/models", "/chat/completions", "/embeddings"):
            return _NOT_FOUND
        key = self.scripted.key
        if key is not None and self.headers.get("authorization") != f"Bearer {key}":
            return _WRONG_KEY
        return None

    def complete(self, request: Request, reply: Reply) -> None:
        message, finish = _message(reply)
        completion: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": request.body.get("model"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        }
        if not isinstance(reply, Text) or reply.usage:
            completion["usage"] = _usage(request, reply)
        self.send_json(200, completion)

    def hang(self, *_: object) -> None:
        self.scripted.over.wait()
        self.close_connection = True

    def break_off(self, *_: object) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "1000")
        self.end_headers()
        self.wfile.write(b'{"choices": [')
        self.close_connection = True

    def fail(self, _: Request, reply: Reply) -> None:
        assert isinstance(reply, StreamError)
        self.refuse(Status(500, reply.message, reply.code))

    def _stream(self, request: Request, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for _ in range(reply.comments if isinstance(reply, Text) else 0):
            self._write(b": processing\n\n")
            self.scripted.comments += 1
            self.scripted.over.wait(0.1)
        for delta, finish in _deltas(reply):
            self._event(_chunk(request, [{"index": 0, "delta": delta, "finish_reason": finish}]))
        _ENDS[type(reply)](self, request, reply)

    def end_stream(self, request: Request, reply: Reply) -> None:
        wants_usage = (request.body.get("stream_options") or {}).get("include_usage")
        if wants_usage and (not isinstance(reply, Text) or reply.usage):
            self._event(_chunk(request, [], _usage(request, reply)))
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def cut_stream(self, *_: object) -> None:
        self.close_connection = True

    def fail_stream(self, _: Request, reply: Reply) -> None:
        assert isinstance(reply, StreamError)
        self._event({"error": {"message": reply.message, "type": "server_error", "code": reply.code}})
        self._write(b"")

    def _embed(self, request: Request) -> None:
        texts = request.body["input"]
        texts = [texts] if isinstance(texts, str) else texts
        step = None if self.scripted.embeddings is None else self.scripted.embeddings(request)
        if isinstance(step, Status):
            return self.refuse(step)
        if isinstance(step, Raw):
            return self.send(200, step.content, step.content_type)
        vectors = [_embedding(str(text)) for text in texts] if step is None else step.rows
        rows = [
            {"object": "embedding", "index": index, "embedding": list(vector)}
            for index, vector in enumerate(vectors)
        ]
        used = request.prompt_tokens
        usage = {"prompt_tokens": used, "total_tokens": used}
        return self.send_json(200, {"object": "list", "model": "scripted", "data": rows, "usage": usage})

    def refuse(self, reply: Status) -> None:
        error = {"message": reply.message, "type": reply.type, "code": reply.code, **reply.fields}
        self.send_json(reply.status, {"error": error} if reply.body is None else reply.body, reply.headers)

    def send_json(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        self.send(status, json.dumps(body).encode(), "application/json", headers)

    def send(self, status: int, content: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _event(self, data: Any) -> None:
        self._write(f"data: {json.dumps(data)}\n\n".encode())

    def _write(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


_NOT_FOUND = Status(404, "Not Found")
_WRONG_KEY = Status(401, "Incorrect API key provided.", code="invalid_api_key")
_Send = Callable[[_Handler, Request, Reply], None]
_WHOLE: Mapping[type, _Send] = {
    Text: _Handler.complete,
    ToolCalls: _Handler.complete,
    Stall: _Handler.hang,
    Cut: _Handler.break_off,
    StreamError: _Handler.fail,
}
"""How a reply is sent that is not streamed."""
_ENDS: Mapping[type, _Send] = {
    Text: _Handler.end_stream,
    ToolCalls: _Handler.end_stream,
    Stall: _Handler.hang,
    Cut: _Handler.cut_stream,
    StreamError: _Handler.fail_stream,
}
"""How a stream ends after its pieces."""


def _message(reply: Reply) -> tuple[dict[str, Any], str]:
    if isinstance(reply, Text):
        message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
        return message, reply.finish
    assert isinstance(reply, ToolCalls)
    calls = [
        {
            "id": f"call_{index}",
            "type": "function",
            "function": {"name": name, "arguments": _arguments(given)},
        }
        for index, (name, given) in enumerate(reply.calls)
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"


def _deltas(reply: Reply) -> Iterator[tuple[dict[str, Any], str | None]]:
    yield {"role": "assistant", "content": ""}, None
    if isinstance(reply, ToolCalls):
        for index, (name, given) in enumerate(reply.calls):
            function = {"name": name, "arguments": ""}
            yield (
                {
                    "tool_calls": [
                        {"index": index, "id": f"call_{index}", "type": "function", "function": function}
                    ]
                },
                None,
            )
            for piece in _pieces(_arguments(given), reply.piece):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
        yield {}, "tool_calls"
    elif isinstance(reply, Text):
        if reply.refusal:
            yield {"refusal": reply.refusal}, None
        for piece in _pieces(reply.text, reply.piece):
            yield {"content": piece}, None
        yield {}, reply.finish
    elif isinstance(reply, (Stall, Cut, StreamError)):
        for piece in _pieces(reply.text, 7):
            yield {"content": piece}, None


def _call(name: str, arguments: str, place: Mapping[str, Any]) -> dict[str, Any]:
    return {**place, "type": "function", "function": {"name": name, "arguments": arguments}}


def _pieces(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def _arguments(given: Mapping[str, Any] | str) -> str:
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def _chunk(
    request: Request, choices: list[dict[str, Any]], usage: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": request.body.get("model"),
        "choices": choices,
        "usage": usage,
    }


def _usage(request: Request, reply: Reply) -> dict[str, Any]:
    message, _ = _message(reply)
    written = len(json.dumps(message, ensure_ascii=False).split())
    cached = reply.cached_tokens if isinstance(reply, Text) else 0
    return {
        "prompt_tokens": request.prompt_tokens,
        "completion_tokens": written,
        "total_tokens": request.prompt_tokens + written,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def _embedding(text: str) -> list[float]:
    """Eight numbers that depend on the words: the same text has the same ones."""
    bins = [0.0] * 8
    for word in text.split():
        bins[sum(word.encode()) % 8] += 1.0
    length = sum(value * value for value in bins) ** 0.5 or 1.0
    return [value / length for value in bins]
