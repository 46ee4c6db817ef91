from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.settings.sections import TelemetrySettings
from agent.telemetry import is_wanted, span, start, stop
from tests.peers.otlp_collector import OtlpCollector


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtlpCollector]:
    with OtlpCollector() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{running.url}/custom")
        yield running
        stop()


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://x"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": " TRUE "}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "false"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "console,otlp"}, True),
    ],
)
def test_spans_are_sent_where_the_standard_variables_say_so(environ: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environ) is wanted


def test_without_a_collector_a_span_is_nothing() -> None:
    told: list[str] = []
    start(TelemetrySettings(content=True), told.append)
    with span("pullquote.test", {"n": 1}) as here:
        assert here.live is None and not here.has_content
        here.set({"n": 2})
        here.set_content({"text": "words"})
        here.add_part("part", 1, 2, {})
    stop()
    assert told == []


def test_spans_are_within_each_other_and_nobody_elses(collector: OtlpCollector) -> None:
    from opentelemetry import trace

    told: list[str] = []
    start(TelemetrySettings(), told.append)
    with span("outer", {"known": 1, "unknown": None}) as outer:
        assert trace.get_current_span() is trace.INVALID_SPAN
        with pytest.raises(KeyError, match="Maas"), span("inner"):
            raise KeyError("Maas")
        outer.add_part("part", 1_000, 3_000, {"share": 0.5})
        outer.set_content({"text": "Maas"})
    with span("next"):
        pass
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
    stop()
    stop()
    assert told == []
    assert collector.tree() == [("outer", [("part", []), ("inner", [])]), ("next", [])]
    assert {sent.path for sent in collector.requests} == {"/custom"}
    spans = {received.name: received for received in collector.spans}
    assert spans["outer"].attributes == {"known": 1}
    assert (spans["part"].begin, spans["part"].end) == (1_000, 3_000)
    assert (spans["inner"].is_error, spans["inner"].attributes) == (True, {"error.type": "KeyError"})
    assert not any(b"Maas" in sent.body for sent in collector.requests)


def test_the_resource_is_named_by_the_standard_variables(
    collector: OtlpCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "newsdesk")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "team=foreign")
    monkeypatch.setenv("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "process,host,os")
    start(TelemetrySettings(), lambda _: None)
    with span("pullquote.test"):
        pass
    stop()
    assert sorted(collector.resource) == ["service.name", "service.version", "team"]
    assert (collector.resource["service.name"], collector.resource["team"]) == ("newsdesk", "foreign")


def test_it_can_be_started_again(collector: OtlpCollector) -> None:
    for name in ("first", "second"):
        start(TelemetrySettings(), lambda _: None)
        with span(name):
            pass
        stop()
    assert collector.tree() == [("first", []), ("second", [])]
