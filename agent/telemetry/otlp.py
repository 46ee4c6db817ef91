"""The only module that knows OpenTelemetry's SDK: a provider of our own, sending over OTLP/HTTP."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from agent.telemetry.spans import ENDPOINT, TRACES_ENDPOINT, Attributes, Mark, Value

_SPEAKS = "http/protobuf"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_TIMEOUTS = ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
LAST_SECONDS = 2.0
"""That a command which has shown its answer waits for a collector; also the longest request by default."""


class _NotSentError(Exception):
    """Nothing was sent. No kind of connection error, so that the exporter does not try again and again."""


class _Session(requests.Session):
    """Connects once, and remembers what went wrong without an address or header in it."""

    trouble = ""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            response = super().request(*args, **kwargs)
        except requests.exceptions.SSLError as error:
            self.trouble = "its certificate is not trusted"
            raise _NotSentError from error
        except requests.exceptions.Timeout as error:
            self.trouble = "it did not answer in time"
            raise _NotSentError from error
        except requests.exceptions.ConnectionError as error:
            self.trouble = "there is no connection to it"
            raise _NotSentError from error
        except (requests.exceptions.RequestException, ValueError) as error:
            self.trouble = "this is no address"
            raise _NotSentError from error
        if not response.ok:
            self.trouble = f"it answered {response.status_code}"
        return response


class _Exporter(SpanExporter):
    """Sends, and knows whether anything was lost."""

    def __init__(self, sending: SpanExporter, session: _Session) -> None:
        self._sending = sending
        self._session = session
        self.trouble = ""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._sending.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self.trouble = self._session.trouble or "spans could not be encoded"
        return result

    def shutdown(self) -> None:
        self._sending.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._sending.force_flush(timeout_millis)


class _LiveMark(Mark):
    """A span that will be sent."""

    def __init__(self, tracing: Tracing, live: trace.Span) -> None:
        self._tracing = tracing
        self.live = live

    @property
    def has_content(self) -> bool:
        return self._tracing.has_content

    def set(self, attributes: Attributes) -> None:
        self.live.set_attributes(_known(attributes))

    def tell(self, content: Mapping[str, str]) -> None:
        if self.has_content:
            self.live.set_attributes(dict(content))

    def add_child(self, name: str, begin: int, end: int, attributes: Attributes) -> None:
        self._tracing.begin(name, self, attributes, begin=begin).live.end(end)

    def fail(self, kind: str) -> None:
        # The kind alone: messages repeat addresses, prompts and what servers say.
        self.live.set_attribute("error.type", kind)
        self.live.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        self.live.end()


class Tracing:
    """Makes spans and sends them in the background."""

    def __init__(self, content: bool, notice: Callable[[str], None]) -> None:
        """Start; see `open_tracing`."""
        self.has_content = content
        self._notice = notice
        self._is_told = False
        session = _Session()
        seconds = None if any(os.environ.get(name, "").strip() for name in _TIMEOUTS) else LAST_SECONDS
        self._exporter = _Exporter(OTLPSpanExporter(timeout=seconds, session=session), session)
        # Never `Resource.create`: its detectors may add the command line, and with it the question.
        own = Resource({"service.name": "pullquote", "service.version": version("pullquote")})
        provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = provider.get_tracer("pullquote", version("pullquote"))
        self._is_over = Event()
        # Waiting from the beginning, because at exit no thread can be started any more.
        self._ending = Thread(target=self._end, args=(provider,), name="pullquote-otlp", daemon=True)
        self._ending.start()

    def begin(
        self,
        name: str,
        parent: Mark | None,
        attributes: Attributes,
        *,
        is_request: bool = False,
        begin: int | None = None,
    ) -> _LiveMark:
        """Open a span; in an empty context, so that it belongs to nobody else's trace."""
        context = Context()
        if isinstance(parent, _LiveMark):
            context = trace.set_span_in_context(parent.live, context)
        kind = SpanKind.CLIENT if is_request else SpanKind.INTERNAL
        live = self._tracer.start_span(name, context, kind, _known(attributes), start_time=begin)
        return _LiveMark(self, live)

    def complain(self) -> None:
        """Say once that spans are lost."""
        if self._exporter.trouble and not self._is_told:
            self._is_told = True
            variable = next(name for name in (TRACES_ENDPOINT, ENDPOINT) if os.environ.get(name, "").strip())
            self._notice(
                f"OpenTelemetry spans are not sent to {_shown(os.environ[variable])}: "
                f"{self._exporter.trouble}. Check {variable}, or unset it."
            )

    def close(self) -> None:
        """Send what is left while `LAST_SECONDS` last, or until Ctrl-C."""
        self._is_over.set()
        with suppress(KeyboardInterrupt):
            self._ending.join(LAST_SECONDS)
        if self._ending.is_alive():
            self._exporter.trouble = "it did not answer in time"
        self.complain()

    def _end(self, provider: TracerProvider) -> None:
        self._is_over.wait()
        provider.shutdown()


def open_tracing(content: bool, notice: Callable[[str], None]) -> Tracing | None:
    """Begin to send to the collector of the standard variables; None, said to `notice`, where that cannot be.

    Args:
        content: whether spans may carry the words of questions, articles and answers.
        notice: told, once, that spans are lost.
    """
    # Told by us in one line. OpenTelemetry would repeat itself, with tracebacks, and quote bad headers.
    log = logging.getLogger("opentelemetry")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    for name in _PROTOCOLS:
        asked = os.environ.get(name, "").strip()
        if asked and asked != _SPEAKS:
            notice(
                f"OpenTelemetry spans are not sent: {name} asks for {asked}, and only {_SPEAKS} is spoken."
            )
            return None
        if asked:
            break
    try:
        return Tracing(content, notice)
    except Exception as error:
        # Whatever the SDK finds wrong with its variables, an answer does not fail for it.
        notice(f"OpenTelemetry spans are not sent: {type(error).__name__} in the OTEL_… variables.")
        return None


def _known(attributes: Attributes) -> dict[str, Value]:
    return {name: value for name, value in attributes.items() if value is not None}


def _shown(address: str) -> str:
    """Without a user, a password and a query, which may hold a key."""
    parts = urlsplit(address.strip())
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
