"""An OpenAI-compatible server on loopback that counts what it is sent and says what it is told to say.

The embeddings it gives are the bundled embedder's, so that no peer searches with less than Pullquote does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import numpy as np

from vectorstore import Embedder

MODEL = "gpt-4o-mini"
"""What the model is called: a name whose tokens and context every peer knows."""
QUERY = "e5-query"
PASSAGE = "e5-passage"
"""Names of the embedding models: e5 reads questions and passages behind different prefixes."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ServedPrompt:
    """A request as a model would read it."""

    text: str
    """All messages, one after the other."""
    overhead: str
    """Tools and the schema of the reply, in JSON as it is sent."""
    messages: int

    @classmethod
    def read(cls, body: Body) -> ServedPrompt:
        """The parts of a request's body that cost tokens."""
        parts = []
        for message in body["messages"]:
            content = message.get("content") or ""
            texts = [content] if isinstance(content, str) else [part.get("text", "") for part in content]
            calls = [json.dumps(call["function"]) for call in message.get("tool_calls") or ()]
            parts.append("\n".join([*texts, *calls]))
        extra = [body[key] for key in ("tools", "response_format") if body.get(key)]
        sent = "".join(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in extra)
        return cls("\n\n".join(parts), sent, len(parts))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says: words, or a call of one tool."""

    text: str = ""
    tool: str | None = None
    arguments: str = ""


class CountingServer:
    """Speaks chat completions, streamed or not, and embeddings."""

    def __init__(self, reply: Callable[[Body], Reply], embedder: Embedder) -> None:
        """Take what decides on replies, given a request's body."""
        self.prompts: list[ServedPrompt] = []
        self._reply = reply
        self._embedder = embedder
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address, ending in `/v1`."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, body: Body) -> Iterator[bytes]:
        """The pieces of a response's body."""
        if path.endswith("/embeddings"):
            yield json.dumps(self._embed(body)).encode()
            return
        with self._lock:
            self.prompts.append(ServedPrompt.read(body))
            reply = self._reply(body)
        if not body.get("stream"):
            yield json.dumps(_complete(reply)).encode()
            return
        for chunk in _stream(reply):
            yield f"data: {json.dumps(chunk)}\n\n".encode()
        yield b"data: [DONE]\n\n"

    def _embed(self, body: Body) -> Body:
        texts: list[str] = [body["input"]] if isinstance(body["input"], str) else body["input"]
        with self._lock:
            rows = [self._embed_one(text, body["model"] == QUERY) for text in texts]
        data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
        return {"object": "list", "data": data, "model": body["model"], "usage": _usage()}

    def _embed_one(self, text: str, is_query: bool) -> list[float]:
        if is_query:
            return [float(x) for x in self._embedder.embed_query(text)]
        vectors = self._embedder.embed_passages(list(cut(text, self._embedder)))
        mean = vectors.mean(axis=0)
        return [float(x) for x in mean / np.linalg.norm(mean)]

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class CostHandler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                self._send(
                    [json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode()]
                )

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = "text/event-stream" if body.get("stream") else "application/json"
                self._send(server.answer(self.path, body), kind)

            def _send(
                self, pieces: Iterator[bytes] | Sequence[bytes], kind: str = "application/json"
            ) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                for piece in pieces:
                    self.wfile.write(piece)

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        return CostHandler


def cut(text: str, embedder: Embedder) -> Iterator[str]:
    """Windows that the embedder reads whole."""
    offsets = embedder.token_offsets(text)
    size = embedder.max_tokens - 8
    if len(offsets) <= size:
        yield text
        return
    for at in range(0, len(offsets), size):
        window = offsets[at : at + size]
        yield text[int(window[0][0]) : int(window[-1][1])]


def _usage() -> Body:
    return {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _message(reply: Reply) -> Body:
    if reply.tool is None:
        return {"role": "assistant", "content": reply.text}
    function = {"name": reply.tool, "arguments": reply.arguments}
    call = {"index": 0, "id": "call_1", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _envelope(kind: str, choice: Body) -> Body:
    return {
        "id": "chatcmpl-1",
        "object": kind,
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0} | choice],
    }


def _complete(reply: Reply) -> Body:
    finish = "tool_calls" if reply.tool else "stop"
    whole = _envelope("chat.completion", {"message": _message(reply), "finish_reason": finish})
    return whole | {"usage": _usage()}


def _stream(reply: Reply) -> Iterator[Body]:
    yield _envelope("chat.completion.chunk", {"delta": _message(reply), "finish_reason": None})
    finish = "tool_calls" if reply.tool else "stop"
    yield _envelope("chat.completion.chunk", {"delta": {}, "finish_reason": finish})
