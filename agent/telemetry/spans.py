"""The spans the rest of the agent opens; they cost nothing while nothing is sent."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING

from agent.settings.telemetry import TelemetrySettings

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler

    from agent.telemetry.otlp import Tracing

Value = str | bool | int | float | Sequence[str]
Attributes = Mapping[str, Value | None]
"""None stands for what is not known, and is left out."""

TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Mark:
    """A span while it is open; this one is of no trace."""

    @property
    def has_content(self) -> bool:
        """Whether `tell` keeps what it is given; spares making it."""
        return False

    def set(self, attributes: Attributes) -> None:
        """Add attributes in which no word of a question, a prompt, an article or an answer stands."""

    def tell(self, content: Mapping[str, str]) -> None:
        """Add such words, where the user wants them in traces."""

    def add_child(self, name: str, begin: int, end: int, attributes: Attributes) -> None:
        """Add a part that is over; `begin` and `end` in nanoseconds since 1970."""

    def fail(self, kind: str) -> None:
        """The work failed, with this kind of error."""

    def end(self) -> None:
        """The work is over."""


_NO_MARK = Mark()
_current: ContextVar[Mark | None] = ContextVar("pullquote_span", default=None)


class _Sending:
    """What was configured for this process, and the tracing once a span has needed it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._settings = TelemetrySettings()
        self._notice: Callable[[str], None] | None = None
        self._tracing: Tracing | None = None

    def configure(self, settings: TelemetrySettings, notice: Callable[[str], None]) -> None:
        with self._lock:
            if self._tracing is None:
                self._settings, self._notice = settings, notice

    def tracing(self) -> Tracing | None:
        if self._tracing is not None or self._notice is None:
            return self._tracing
        with self._lock:
            notice, self._notice = self._notice, None
            if notice is not None:
                from agent.telemetry.otlp import open_tracing

                self._tracing = open_tracing(self._settings.content, notice)
            return self._tracing

    def close(self) -> None:
        with self._lock:
            tracing, self._tracing, self._notice = self._tracing, None, None
        if tracing is not None:
            tracing.close()


_sending = _Sending()


def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the standard variables name a collector, and none of them switches traces off."""
    has_endpoint = any(environ.get(name, "").strip() for name in (TRACES_ENDPOINT, ENDPOINT))
    is_disabled = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporters = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp"
    return has_endpoint and not is_disabled and "otlp" in exporters.split(",")


def start(settings: TelemetrySettings, notice: Callable[[str], None]) -> None:
    """Send spans from now on, if they are wanted; the libraries for it load with the first one.

    Args:
        settings: what they tell.
        notice: told once when the collector cannot be reached, after an answer or in `stop`.
    """
    if is_wanted():
        _sending.configure(settings, notice)
        atexit.unregister(stop)
        atexit.register(stop)


def stop() -> None:
    """Send what is left, for two seconds at the most, and send no more."""
    _sending.close()


@contextmanager
def span(name: str, attributes: Attributes | None = None) -> Iterator[Mark]:
    """A span around a piece of work, inside the one that is open; an exception fails it and goes on."""
    tracing = _sending.tracing()
    if tracing is None:
        yield _NO_MARK
        return
    parent = _current.get()
    mark = tracing.begin(name, parent, attributes or {})
    token = _current.set(mark)
    try:
        yield mark
    except BaseException as error:
        mark.fail(type(error).__name__)
        raise
    finally:
        _current.reset(token)
        mark.end()
        if parent is None:
            tracing.complain()


def watch_model(
    name: str, endpoint: str, redact: Callable[[str], str], others: Sequence[BaseCallbackHandler] | None
) -> list[BaseCallbackHandler] | None:
    """LangChain callbacks with one more, which makes a span of each request to a model.

    Args:
        name: of the model.
        endpoint: its address, without a password.
        redact: takes a key out of a text.
        others: callbacks there are already.
    """
    tracing = _sending.tracing()
    if tracing is None:
        return list(others) if others else None
    from agent.telemetry.model_calls import ModelCalls

    watching = ModelCalls(tracing, _current.get, name, endpoint, redact)
    return [*(others or ()), watching]
