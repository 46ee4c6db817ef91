"""An OpenTelemetry collector that keeps what it is sent over OTLP/HTTP.

with OtlpCollector() as collector:
    ...                      # OTEL_EXPORTER_OTLP_ENDPOINT=collector.url
assert collector.tree() == [...]
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


@dataclass(frozen=True)
class Sent:
    """One request to the collector."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Received:
    """One span."""

    name: str
    id: bytes
    parent: bytes
    trace: bytes
    kind: int
    begin: int
    end: int
    is_error: bool
    attributes: dict[str, Any]


Tree = tuple[str, list["Tree"]]


class OtlpCollector:
    """The collector; answers with `status`, or never when it is None."""

    def __init__(self, status: int | None = 200) -> None:
        self.status = status
        self.requests: list[Sent] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def resource(self) -> dict[str, Any]:
        """The attributes of the one resource there is."""
        (found,) = {
            tuple(sorted(_attributes(resource.resource.attributes).items())) for resource in self._resources()
        }
        return dict(found)

    @property
    def spans(self) -> list[Received]:
        """All spans, by when they began."""
        found = [
            Received(
                span.name,
                span.span_id,
                span.parent_span_id,
                span.trace_id,
                span.kind,
                span.start_time_unix_nano,
                span.end_time_unix_nano,
                span.status.code == span.status.STATUS_CODE_ERROR,
                _attributes(span.attributes),
            )
            for resource in self._resources()
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return sorted(found, key=lambda span: span.begin)

    def tree(self) -> list[Tree]:
        """Names within names, each level by when it began."""
        spans = self.spans

        def below(parent: bytes) -> list[Tree]:
            return [(span.name, below(span.id)) for span in spans if span.parent == parent]

        return below(b"")

    def _resources(self) -> list[Any]:
        return [
            resource
            for sent in self.requests
            for resource in ExportTraceServiceRequest.FromString(sent.body).resource_spans
        ]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing: tests look at `requests`."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                collector.requests.append(Sent(self.path, headers, body))
                if collector.status is None:
                    collector._over.wait()
                    self.close_connection = True
                    return
                self.send_response(collector.status)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST

        return Handler


def _attributes(given: Any) -> dict[str, Any]:
    return {entry.key: _value(entry.value) for entry in given}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(_value(item) for item in value.array_value.values)
    return getattr(value, kind) if kind else None
