"""OpenTelemetry spans of answers, when a collector is configured by the standard variables.

Without one nothing is imported and nothing happens. Ours is a tracer provider of its own: the global one,
which chromadb and others look for, is neither set nor used, and nothing of ours is current in their context.
"""

from __future__ import annotations

import atexit
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from agent.settings.sections import TelemetrySettings
from vectorstore import hide_password

if TYPE_CHECKING:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    from agent.answer.answer import Answer
    from vectorstore import Filters, Library, SearchResult

Value = str | bool | int | float | Sequence[str]
Attributes = Mapping[str, Value | None]
"""None is for what is not known, and is left out."""

_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"
_TIMEOUTS = ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
_LAST_SECONDS = 2.0
"""That a command which has shown its answer waits for a collector; also the longest request by default."""
_NOT_SENT = "OpenTelemetry spans are not sent"
_FOUND_RESULTS = 30
_OF_ANSWER = {"confidence", "language", "withheld", "generation", "receipt", "prompts", "model"}


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A span while it is open; one without `live` is of no trace, and does nothing."""

    live: trace.Span | None = None
    has_content: bool = False
    """Whether `set_content` has an effect; spares making it."""

    def set(self, attributes: Attributes) -> None:
        """Add attributes that have no word of a question, a prompt, an article or an answer."""
        if self.live is not None:
            self.live.set_attributes(_known(attributes))

    def set_content(self, content: Mapping[str, str]) -> None:
        """Add such words, where the user wants them in traces."""
        if self.has_content:
            self.set(content)

    def add_part(self, name: str, begin: int, end: int, attributes: Attributes) -> None:
        """Add a part that is over; `begin` and `end` in nanoseconds since 1970."""
        if self.live is not None and _tracing is not None:
            _tracing.start(name, self, attributes, begin=begin).end(end)


_NO_SPAN = OpenSpan()
_current: ContextVar[OpenSpan] = ContextVar("pullquote_span", default=_NO_SPAN)


class _Tracing:
    """A tracer of our own, and what is known of its collector."""

    def __init__(self, settings: TelemetrySettings, notice: Callable[[str], None]) -> None:
        self.has_content = settings.content
        self.loss = ""
        """Why spans were lost, without an address or header in it."""
        self._notice: Callable[[str], None] | None = notice
        """None when it has been given."""
        self._provider = _make_provider(self)
        self._tracer = self._provider.get_tracer("pullquote")
        self._is_over = Event()
        # Waiting from the beginning, because at exit no thread can be started any more.
        self._ending = Thread(target=self._end, name="pullquote-otlp", daemon=True)
        self._ending.start()

    def start(
        self,
        name: str,
        parent: OpenSpan,
        attributes: Attributes,
        *,
        is_request: bool = False,
        begin: int | None = None,
    ) -> trace.Span:
        """Open a span; in an empty context, so that it belongs to no trace of other libraries."""
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind, set_span_in_context

        context = set_span_in_context(parent.live, Context()) if parent.live else Context()
        kind = SpanKind.CLIENT if is_request else SpanKind.INTERNAL
        return self._tracer.start_span(name, context, kind, _known(attributes), start_time=begin)

    def complain(self) -> None:
        """Say once that spans are lost."""
        notice = self._notice
        if not self.loss or notice is None:
            return
        variable = next(filter(_is_set, (_TRACES_ENDPOINT, _ENDPOINT)))
        shown = hide_password(os.environ[variable].strip())
        self._notice = None
        notice(f"{_NOT_SENT} to {shown}: {self.loss}. Check {variable}, or unset it.")

    def close(self) -> None:
        """Send what is left while `_LAST_SECONDS` last, or until Ctrl-C."""
        self._is_over.set()
        with suppress(KeyboardInterrupt):
            self._ending.join(_LAST_SECONDS)
        if self._ending.is_alive():
            self.loss = "it did not answer in time"
        self.complain()

    def _end(self) -> None:
        self._is_over.wait()
        self._provider.shutdown()


_lock = Lock()
_wanted: tuple[TelemetrySettings, Callable[[str], None]] | None = None
"""What was configured, until the first span needs it."""
_tracing: _Tracing | None = None


def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the standard variables name a collector, and none of them switches traces off."""
    has_endpoint = any(environ.get(name, "").strip() for name in (_TRACES_ENDPOINT, _ENDPOINT))
    is_disabled = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporters = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp"
    return has_endpoint and not is_disabled and "otlp" in exporters.split(",")


def start(settings: TelemetrySettings, notice: Callable[[str], None]) -> None:
    """Send spans from now on, if they are wanted; `notice` is called once when they cannot be sent."""
    global _wanted
    if is_wanted():
        with _lock:
            _wanted = (settings, notice) if _tracing is None else None
        atexit.unregister(stop)
        atexit.register(stop)


def stop() -> None:
    """Send what is left, for two seconds at the most, and send no more."""
    global _wanted, _tracing
    with _lock:
        ended, _tracing, _wanted = _tracing, None, None
    if ended is not None:
        ended.close()


@contextmanager
def span(name: str, attributes: Attributes | None = None, *, is_request: bool = False) -> Iterator[OpenSpan]:
    """Put a span around a piece of work, inside the one that is open; an exception marks it as failed."""
    tracing = _open_wanted()
    if tracing is None:
        yield _NO_SPAN
        return
    from opentelemetry.trace import Status, StatusCode

    parent = _current.get()
    live = tracing.start(name, parent, attributes or {}, is_request=is_request)
    here = OpenSpan(live, tracing.has_content)
    # A statement is checked while the reply still streams in, and the check is no part of the request.
    token = _current.set(parent if is_request else here)
    try:
        yield here
    except BaseException as error:
        # The kind alone: messages repeat addresses, prompts and what servers say.
        live.set_attribute("error.type", type(error).__name__)
        live.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        _current.reset(token)
        live.end()
        if parent is _NO_SPAN:
            tracing.complain()


def describe_answer(answer: Answer, here: OpenSpan) -> None:
    """Add to its span what an answer is and took."""
    usage = answer.usage
    facts = answer.model_dump(include=_OF_ANSWER)
    facts |= {"mode": answer.mode.value, "verdict": answer.verdict.value}
    # Not as gen_ai.usage: collectors add that up over the spans of the requests.
    facts |= usage.model_dump(include={"model_calls", "prompt_tokens", "completion_tokens"})
    facts["cost"] = float(usage.cost) if usage.cost is not None else None
    facts["statements"] = len(answer.statements)
    facts["citations"] = len(answer.citations()) - len(answer.nearest)
    here.set({f"pullquote.{name}": value for name, value in facts.items()})
    said = "\n".join(statement.text for statement in answer.statements)
    here.set_content({"pullquote.question": answer.question, "pullquote.answer": said})


def search(library: Library, query: str, filters: Filters, *, limit: int = _FOUND_RESULTS) -> SearchResult:
    """Search with a span, whose parts are embedding, index and re-ranking."""
    with span("pullquote.search") as here:
        result = library.search(query, filters, limit=limit)
        # The library knows nothing of spans and says how long each part took: they are put end to end.
        cost, end = result.cost, time.time_ns()
        reranking = end - int(cost.rerank_ms * 1e6)
        indexing = reranking - int(cost.index_ms * 1e6)
        embedding = indexing - int(cost.embed_ms * 1e6)
        tokens, passages = "pullquote.tokens", "pullquote.passages"
        here.add_part("pullquote.search.embed", embedding, indexing, {tokens: cost.embedded_tokens})
        here.add_part("pullquote.search.index", indexing, reranking, {passages: cost.candidates})
        here.add_part("pullquote.search.rerank", reranking, end, {passages: cost.reranked})
        here.set({"pullquote.language": result.language, "pullquote.sentences": len(result.evidence)})
        here.set({"pullquote.confidence": result.answerable, "pullquote.is_filtered": not filters.is_empty})
        here.set_content({"pullquote.query": query})
        return result


def _open_wanted() -> _Tracing | None:
    """The tracing that was configured; None, said to its notice, where it cannot be."""
    global _wanted, _tracing
    if _wanted is not None:
        with _lock:
            wanted, _wanted = _wanted, None
            if wanted is not None:
                _tracing = _open_tracing(*wanted)
    return _tracing


def _open_tracing(settings: TelemetrySettings, notice: Callable[[str], None]) -> _Tracing | None:
    # Said by us in one line. OpenTelemetry would repeat itself, with tracebacks, and quote bad headers.
    log = logging.getLogger("opentelemetry")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    asked = next(filter(_is_set, _PROTOCOLS), None)
    if asked is not None and (protocol := os.environ[asked].strip()) != _PROTOCOL:
        notice(f"{_NOT_SENT}: {asked} asks for {protocol}, and only {_PROTOCOL} is spoken.")
        return None
    try:
        return _Tracing(settings, notice)
    except Exception as error:
        # Whatever the SDK finds wrong with its variables, an answer does not fail for it.
        notice(f"{_NOT_SENT}: {type(error).__name__} in the OTEL_… variables.")
        return None


def _make_provider(tracing: _Tracing) -> TracerProvider:
    """Return a provider that sends over OTLP/HTTP in the background, and notes what it loses."""
    import requests
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

    reasons = {
        requests.exceptions.SSLError: "its certificate is not trusted",
        requests.exceptions.Timeout: "it did not answer in time",
        requests.exceptions.ConnectionError: "there is no connection to it",
    }

    # Both in here, because their bases are imported only where spans are wanted.
    class ExportSession(requests.Session):
        def request(self, *args: Any, **kwargs: Any) -> requests.Response:
            try:
                response = super().request(*args, **kwargs)
            except (requests.exceptions.RequestException, ValueError) as error:
                known = (why for kind, why in reasons.items() if isinstance(error, kind))
                tracing.loss = next(known, "this is no address")
                # No kind of connection error, so that the exporter does not try again and again.
                raise RuntimeError(tracing.loss) from error
            if not response.ok:
                tracing.loss = f"it answered {response.status_code}"
            return response

    class Exporter(OTLPSpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = super().export(spans)
            if result is not SpanExportResult.SUCCESS:
                tracing.loss = tracing.loss or "spans could not be encoded"
            return result

    from importlib.metadata import version

    seconds = None if any(map(_is_set, _TIMEOUTS)) else _LAST_SECONDS
    # Never `Resource.create`: its detectors may add the command line, and with it the question.
    own = Resource({"service.name": "pullquote", "service.version": version("pullquote")})
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Exporter(timeout=seconds, session=ExportSession())))
    return provider


def _is_set(variable: str) -> bool:
    return bool(os.environ.get(variable, "").strip())


def _known(attributes: Attributes) -> dict[str, Value]:
    return {name: value for name, value in attributes.items() if value is not None}
