"""What the counting server counts and says, over real HTTP."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from bench.cost.cases import CostCase
from bench.cost.replies import answer_as_asked
from bench.cost.server import MODEL, PASSAGE, QUERY, CountingServer, ServedPrompt, cut
from vectorstore import Embedder

GOLD = "Der Hafen verlor im Mai vier Prozent."
CASE = CostCase(
    "How much did the port lose?", "Wie viel verlor der Hafen?", GOLD, "The port lost four per cent in May."
)
SCHEMA = {"type": "json_schema", "json_schema": {"name": "Answer", "schema": {"type": "object"}}}
TOOLS = [{"type": "function", "function": {"name": "search"}}]


@pytest.fixture
def server(embedder: Embedder) -> Iterator[CountingServer]:
    with CountingServer(answer_as_asked([CASE]), embedder) as running:
        yield running


def post(server: CountingServer, path: str, body: dict[str, Any]) -> bytes:
    request = urllib.request.Request(f"{server.url}{path}", json.dumps(body).encode())
    with urllib.request.urlopen(request) as response:
        content: bytes = response.read()
    return content


def chat(server: CountingServer, *messages: str, **fields: Any) -> dict[str, Any]:
    told = [{"role": "user", "content": message} for message in messages]
    whole = json.loads(post(server, "/chat/completions", {"model": MODEL, "messages": told, **fields}))
    message: dict[str, Any] = whole["choices"][0]["message"]
    return message


def test_a_peer_is_answered_with_the_sentence_it_shows(server: CountingServer) -> None:
    shown = f"Source 1:\n{GOLD}\nQuery: {CASE.question}\nAnswer: "
    assert chat(server, shown)["content"] == "The port lost four per cent in May. [1]"
    assert chat(server, f"Query: {CASE.question}")["content"] == "None of the sources is helpful."
    assert chat(server, "What is new?")["content"] == "Unknown."
    assert server.prompts == [
        ServedPrompt(shown, "", 1),
        ServedPrompt(f"Query: {CASE.question}", "", 1),
        ServedPrompt("What is new?", "", 1),
    ]


def test_a_summary_is_as_relevant_as_its_passage(server: CountingServer) -> None:
    form = '{ "summary": "...", "relevance_score": 0-10 }'
    with_gold = chat(server, form, f"{GOLD}\n\nQuestion: {CASE.question}")["content"]
    without = chat(server, form, f"Es regnet.\n\nQuestion: {CASE.question}")["content"]
    assert json.loads(with_gold) == {"summary": CASE.in_english, "relevance_score": 9}
    assert json.loads(without) == {"summary": "", "relevance_score": 0}
    key = "pqac-0123abcd"
    answer = chat(server, f"{key}: {CASE.in_english}\n\nQuestion: {CASE.question}\n(pqac-d79ef6fa)")
    assert answer["content"] == "The port lost four per cent in May. (pqac-d79ef6fa)"


def test_a_labelled_sentence_is_cited_and_one_that_is_missing_is_searched_for_once(
    server: CountingServer,
) -> None:
    shown = f"{CASE.question}\n[a1.1] Es regnet.\n[a1.2] {GOLD}"
    cited = json.loads(chat(server, shown, response_format=SCHEMA, tools=TOOLS)["content"])
    assert cited == {"statements": [{"text": CASE.in_english, "labels": ["a1.2"]}], "missing": []}
    hidden = f"{CASE.question}\n[a1.1] Es regnet."
    (call,) = chat(server, hidden, response_format=SCHEMA, tools=TOOLS)["tool_calls"]
    assert call["function"] == {
        "name": "search",
        "arguments": json.dumps({"query": CASE.in_language, "filters": None}),
    }
    nothing = {"statements": [], "missing": [CASE.question]}
    assert json.loads(chat(server, hidden, response_format=SCHEMA)["content"]) == nothing
    again = [{"role": "user", "content": hidden}, {"role": "tool", "content": "Nothing was found."}]
    body = {"model": MODEL, "messages": again, "response_format": SCHEMA, "tools": TOOLS}
    told = json.loads(post(server, "/chat/completions", body))["choices"][0]["message"]["content"]
    assert json.loads(told) == nothing
    assert server.prompts[0].overhead == json.dumps(TOOLS, separators=(",", ":")) + json.dumps(
        SCHEMA, separators=(",", ":")
    )


def test_a_stream_ends_as_openai_ends_one(server: CountingServer) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "What is new?"}], "stream": True}
    events = post(server, "/chat/completions", body).decode().split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    first, last = (json.loads(event.removeprefix("data: "))["choices"][0] for event in events[:2])
    assert (first["delta"]["content"], first["finish_reason"]) == ("Unknown.", None)
    assert (last["delta"], last["finish_reason"]) == ({}, "stop")


def test_embeddings_are_the_embedders_own(server: CountingServer, embedder: Embedder) -> None:
    def ask(model: str, *texts: str) -> list[list[float]]:
        body = json.loads(post(server, "/embeddings", {"model": model, "input": list(texts)}))
        return [row["embedding"] for row in body["data"]]

    np.testing.assert_allclose(ask(QUERY, GOLD)[0], embedder.embed_query(GOLD), atol=1e-6)
    np.testing.assert_allclose(ask(PASSAGE, GOLD, "x"), embedder.embed_passages([GOLD, "x"]), atol=1e-6)
    long = " ".join([GOLD] * 60)
    parts = list(cut(long, embedder))
    assert len(parts) > 1
    assert "".join(parts).replace(" ", "") == long.replace(" ", "")
    assert np.linalg.norm(ask(PASSAGE, long)[0]) == pytest.approx(1)
