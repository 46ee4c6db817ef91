from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from prompts import load
from tests.agent.generative.conftest import ARTICLES, QUESTION, reply, saying
from tests.peers.otlp_collector import OtlpCollector, Tree
from tests.peers.scripted_openai import ScriptedOpenAI, Status, Text, ToolCalls

Run = Callable[..., Any]
WARNED = ("Minister Anna Visser warned of flooding.", "warned of flooding along the Maas on Monday")
WRONG = ("Visser said that 9,900 soldiers would fill sandbags.", "1,200 soldiers")
KEY = "sk-never-to-be-told"
HEADER = "collector-key-never-to-be-told"
STAGES: list[Tree] = [
    ("pullquote.search.embed", []),
    ("pullquote.search.index", []),
    ("pullquote.search.rerank", []),
]
SEARCH: Tree = ("pullquote.search", STAGES)
CHAT: Tree = ("chat scripted", [])
CHECK: Tree = ("pullquote.check", [])
RECHECK: Tree = ("pullquote.recheck", [])
ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtlpCollector]:
    with OtlpCollector() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer%20{HEADER}")
        yield running


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    """Configure a server."""

    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")
        monkeypatch.setenv("PULLQUOTE_MODEL__API_KEY", KEY)

    return use


def words() -> set[bytes]:
    """Of the question, the articles and the answer: those with five letters, which no name of ours has."""
    text = " ".join((QUESTION, WARNED[0], WRONG[0], "dike opening", *ARTICLES.values())).casefold()
    return {word.encode() for word in re.findall(r"[^\W\d_]{5,}|\d,\d+", text)} - {b"answer"}


def test_an_answer_by_a_model_is_a_trace_without_a_word_of_it(
    run: Run, use: Callable[..., None], collector: OtlpCollector
) -> None:
    searching = ToolCalls([("search", {"query": "dike opening", "filters": None})])
    with ScriptedOpenAI(searching, saying(WARNED, WRONG), Text(reply()), key=KEY) as server:
        use(server)
        ran = run("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert collector.tree() == [
        (
            "pullquote.ask",
            [
                SEARCH,
                CHAT,
                ("execute_tool search", [SEARCH]),
                CHAT,
                CHECK,
                CHECK,
                CHAT,
                RECHECK,
            ],
        )
    ]
    spans = collector.spans
    assert len({span.trace for span in spans}) == 1
    assert all(span.begin <= span.end and not span.is_error for span in spans)
    assert [span.kind for span in spans if span.name == "chat scripted"] == [3] * 3
    (root,) = (span for span in spans if not span.parent)
    assert len(server.chats) == 3
    generated = ("pullquote.confidence", "pullquote.receipt", "pullquote.completion_tokens")
    assert {name: value for name, value in root.attributes.items() if name not in generated} == {
        "pullquote.mode": "agent",
        "pullquote.verdict": "partial",
        "pullquote.language": "en",
        "pullquote.statements": 1,
        "pullquote.citations": 1,
        "pullquote.withheld": 1,
        "pullquote.generation": root.attributes["pullquote.generation"],
        "pullquote.prompts": tuple(f"{name}@{load(name).version}" for name in ("answer", "repair")),
        "pullquote.model_calls": 3,
        "pullquote.model": "scripted",
        "pullquote.prompt_tokens": server.prompt_tokens,
    }
    checks = [span.attributes for span in spans if span.name == "pullquote.check"]
    assert checks == [
        {"pullquote.check.passed": True, "pullquote.check.failed": ()},
        {"pullquote.check.passed": False, "pullquote.check.failed": ("numbers",)},
    ]
    (tool,) = (span.attributes for span in spans if span.name.startswith("execute_tool"))
    assert tool == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "search",
        "gen_ai.tool.type": "function",
    }
    first = next(span.attributes for span in spans if span.name == "chat scripted")
    port = int(server.root.rpartition(":")[2])
    assert first == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "scripted",
        "gen_ai.request.temperature": 0.0,
        "gen_ai.request.max_tokens": server.chats[0].body["max_tokens"],
        "gen_ai.output.type": "json",
        "server.address": "127.0.0.1",
        "server.port": port,
        "gen_ai.response.model": "scripted",
        "gen_ai.response.finish_reasons": ("tool_calls",),
        "gen_ai.usage.input_tokens": server.chats[0].prompt_tokens,
        "gen_ai.usage.output_tokens": first["gen_ai.usage.output_tokens"],
        "gen_ai.usage.cache_read.input_tokens": 0,
    }
    assert collector.resource["service.name"] == "pullquote"
    assert {(sent.path, sent.headers["authorization"]) for sent in collector.requests} == {
        ("/v1/traces", f"Bearer {HEADER}")
    }
    for sent in collector.requests:
        told = sent.body.lower()
        assert [word for word in sorted(words()) if word in told] == []
        assert KEY.encode() not in told and HEADER.encode() not in told


def test_with_content_on_the_words_are_there_and_the_keys_are_not(
    run: Run, use: Callable[..., None], collector: OtlpCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_TELEMETRY__CONTENT", "true")
    searching = ToolCalls([("search", {"query": "dike opening", "filters": None})])
    with ScriptedOpenAI(searching, saying(WARNED), key=KEY) as server:
        use(server)
        assert run("ask", QUESTION).code == 0
    by_name = {span.name: span.attributes for span in collector.spans}
    root, tool = by_name["pullquote.ask"], by_name["execute_tool search"]
    assert (root["pullquote.question"], root["pullquote.answer"]) == (QUESTION, WARNED[0])
    assert by_name["pullquote.check"]["pullquote.statement"] == WARNED[0]
    assert "dike opening" in tool["gen_ai.tool.call.arguments"]
    assert "Readers write about tulips" in tool["gen_ai.tool.call.result"]
    queries = [
        span.attributes["pullquote.query"] for span in collector.spans if span.name == "pullquote.search"
    ]
    assert queries == [QUESTION, "dike opening"]
    last = by_name["chat scripted"]
    sent = json.loads(last["gen_ai.input.messages"])
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "tool"]
    assert sent[0]["parts"][0]["content"] == server.chats[-1].body["messages"][0]["content"]
    assert sent[2]["parts"][0]["name"] == "search"
    (said,) = json.loads(last["gen_ai.output.messages"])
    assert WARNED[0] in said["parts"][0]["content"]
    assert not any(key.encode() in sent.body for key in (KEY, HEADER) for sent in collector.requests)


def test_quotes_and_summaries_are_traces_too(run: Run, collector: OtlpCollector) -> None:
    assert run("ask", QUESTION, "--no-model").code == 0
    assert run("summarize", "--query", "flooding along the Maas", "--no-model").code == 0
    assert run("ask", "and where?", "--no-model", "--session", "mine").code == 0
    assert run("articles").code == 0
    assert collector.tree() == [
        ("pullquote.ask", [SEARCH, RECHECK]),
        ("pullquote.summarize", [SEARCH, RECHECK]),
        ("pullquote.ask", [SEARCH, RECHECK]),
    ]


def test_a_rewritten_follow_up_has_its_request_under_it(
    run: Run, use: Callable[..., None], collector: OtlpCollector
) -> None:
    alone = Text(json.dumps({"question": "Who of Bob Evil warned of flooding?"}))
    with ScriptedOpenAI(saying(WARNED), alone, saying(WARNED), key=KEY) as server:
        use(server)
        run("ask", QUESTION, "--session", "mine")
        run("ask", "and who else?", "--session", "mine")
    answering = [SEARCH, CHAT, CHECK, RECHECK]
    rewriting: Tree = ("pullquote.rewrite", [CHAT])
    assert collector.tree() == [
        ("pullquote.ask", answering),
        ("pullquote.ask", [rewriting, *answering]),
    ]
    (rewrite,) = (span.attributes for span in collector.spans if span.name == "pullquote.rewrite")
    assert rewrite == {"pullquote.exchanges": 1, "pullquote.rewrite.fault": "names"}
    assert collector.spans[-1].name == "pullquote.recheck"
    roots = [span.attributes["pullquote.prompts"] for span in collector.spans if not span.parent]
    names = [("answer",), ("rewrite", "answer")]
    assert roots == [tuple(f"{name}@{load(name).version}" for name in used) for used in names]


def test_what_fails_is_told_by_its_kind_alone(
    run: Run, use: Callable[..., None], collector: OtlpCollector
) -> None:
    with ScriptedOpenAI(Status(401, f"No such key {KEY} for the Maas.")) as server:
        use(server)
        assert run("ask", QUESTION).code == 0
        assert run("ask", " ").code == 2
    (chat,) = (span for span in collector.spans if span.name == "chat scripted")
    assert (chat.is_error, chat.attributes["error.type"]) == (True, "OpenAIAuthenticationError")
    answered, refused = (span for span in collector.spans if not span.parent)
    assert (answered.is_error, answered.attributes["pullquote.mode"]) == (False, "quotes")
    assert (refused.is_error, refused.attributes) == (True, {"error.type": "PullquoteError"})
    assert all(b"Maas" not in sent.body and KEY.encode() not in sent.body for sent in collector.requests)


@pytest.mark.parametrize(
    ("variables", "notice"),
    [
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
            "OpenTelemetry spans are not sent to http://127.0.0.1:1: there is no connection to it. "
            "Check OTEL_EXPORTER_OTLP_ENDPOINT, or unset it.\n",
        ),
        (
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://me:secret@127.0.0.1:1/v1/traces?key=secret"},
            "OpenTelemetry spans are not sent to http://127.0.0.1:1/v1/traces: there is no connection to it. "
            "Check OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or unset it.\n",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector"},
            "OpenTelemetry spans are not sent to collector: this is no address. "
            "Check OTEL_EXPORTER_OTLP_ENDPOINT, or unset it.\n",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OpenTelemetry spans are not sent: OTEL_EXPORTER_OTLP_PROTOCOL asks for grpc, and only "
            "http/protobuf is spoken.\n",
        ),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
                "OTEL_EXPORTER_OTLP_HEADERS": "no header, secret",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "soon",
                "OTEL_TRACES_SAMPLER": "nonsense",
                "OTEL_BSP_SCHEDULE_DELAY": "never",
            },
            "OpenTelemetry spans are not sent to http://127.0.0.1:1: there is no connection to it. "
            "Check OTEL_EXPORTER_OTLP_ENDPOINT, or unset it.\n",
        ),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
                "OTEL_BSP_MAX_QUEUE_SIZE": "1",
            },
            "OpenTelemetry spans are not sent: ValueError in the OTEL_… variables.\n",
        ),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"}, ""),
    ],
)
def test_a_collector_that_cannot_be_reached_costs_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], notice: str
) -> None:
    quoted = run("ask", QUESTION, "--no-model")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run("ask", QUESTION, "--no-model")
    assert (ran.code, ran.err) == (0, notice)
    assert ran.out.splitlines()[:3] == quoted.out.splitlines()[:3]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(None, "it did not answer in time"), (401, "it answered 401"), (503, "it answered 503")],
)
def test_a_collector_that_fails_costs_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, status: int | None, trouble: str
) -> None:
    with OtlpCollector(status) as failing:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", failing.url)
        ran = run("ask", QUESTION, "--no-model", "--json")
    assert (ran.code, json.loads(ran.out)["verdict"]) == (0, "answered")
    assert ran.err == (
        f"OpenTelemetry spans are not sent to {failing.url}: {trouble}. "
        "Check OTEL_EXPORTER_OTLP_ENDPOINT, or unset it.\n"
    )


def test_langsmith_is_told_nothing(
    run: Run, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_"))]:
        monkeypatch.delenv(name)
    with OtlpCollector() as langsmith, ScriptedOpenAI(saying(WARNED), key=KEY) as server:
        monkeypatch.setenv("LANGSMITH_ENDPOINT", langsmith.url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_pt_key")
        use(server)
        assert run("ask", QUESTION).code == 0
    assert (len(server.chats), langsmith.requests) == (1, [])


OURS = "[name for name in sys.modules if name.startswith('opentelemetry.exporter.otlp.proto.http')]"


def run_apart(code: str) -> str:
    """What a fresh interpreter prints."""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()[-1]


def test_without_a_collector_nothing_is_imported(run: Run) -> None:
    code = f"""
import sys, agent.cli.app, agent.pipeline
at_start = [name for name in sys.modules if name.startswith('opentelemetry')]
agent.cli.main(['ask', {QUESTION!r}])
print(at_start, {OURS})
"""
    assert run_apart(code) == "[] []"


def test_a_global_tracer_gets_nothing_of_ours_and_stays_what_it_is(
    run: Run, collector: OtlpCollector
) -> None:
    """Chroma's spans stay off, and another library's do not end up in our trace."""
    code = f"""
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
theirs, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(theirs))
trace.set_tracer_provider(provider)
from agent.cli import main
with trace.get_tracer("theirs").start_as_current_span("outer"):
    main(['ask', {QUESTION!r}])
from chromadb.telemetry import opentelemetry as of_chroma
is_same = trace.get_tracer_provider() is provider
print([span.name for span in theirs.get_finished_spans()], of_chroma.tracer, is_same)
"""
    assert run_apart(code) == "['outer'] None True"
    assert collector.tree() == [("pullquote.ask", [SEARCH, RECHECK])]
