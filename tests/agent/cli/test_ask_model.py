from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.agent.generative.conftest import QUESTION, saying
from tests.peers import wordings
from tests.peers.scripted_openai import ScriptedOpenAI, Status

Run = Callable[..., Any]
WARNED = ("Minister Anna Visser warned of flooding.", "warned of flooding along the Maas on Monday")
WRONG = ("Visser said that 9,900 soldiers would fill sandbags.", "1,200 soldiers")


def test_an_answer_has_its_statements_its_sources_and_its_cost(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(saying(WARNED, WRONG)) as server:
        use(server)
        ran = run("ask", QUESTION)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == f"{WARNED[0]} [1]"
    assert lines[2] == "Minister warns of flooding"
    assert lines[4].strip() == (
        "[1] “The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday.”"
    )
    tokens = server.prompt_tokens
    assert "This may be only part of the answer." in lines
    assert "1 statement of the model's withheld: not supported by what is cited." in lines
    assert lines[-2].startswith("Written by scripted · 2 requests · ") and tokens > 0
    assert (run("show", "1").code, ran.err) == (0, "")


def test_json_tells_what_was_searched_and_spent(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        use(server)
        ran = run("ask", QUESTION, "--json", "--answer-language", "nl", "--model", "other")
    answer = json.loads(ran.out)
    assert (answer["mode"], answer["verdict"], answer["model"]) == ("agent", "answered", "other")
    assert [step["tool"] for step in answer["trace"]] == ["search"]
    assert answer["usage"]["prompt_tokens"] == server.prompt_tokens
    assert answer["receipt"]
    assert "Write in Dutch." in server.chats[0].body["messages"][0]["content"]
    assert server.chats[0].body["model"] == "other"


def test_statements_appear_on_a_terminal_once(
    run: Run, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        use(server)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        ran = run("ask", QUESTION)
    assert ran.out.count(WARNED[0]) == 1
    assert "word for word" not in ran.out and "[1]" in ran.out


def test_a_model_that_fails_is_replaced_by_quotes_with_the_reason(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(wordings.WRONG_KEY) as server:
        use(server)
        ran = run("ask", QUESTION)
        answer = json.loads(run("ask", QUESTION, "--json").out)
    assert ran.code == 0
    assert "word for word" in ran.out and "Quotes, because the model did not answer: " in ran.out
    assert (answer["mode"], answer["model"], answer["usage"]["model_calls"]) == ("quotes", None, 1)


def test_no_model_asks_none(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(Status(500)) as server:
        use(server)
        ran = run("ask", QUESTION, "--no-model")
    assert (server.requests, ran.err) == ([], "")
    assert "word for word" in ran.out


def test_without_a_server_quotes_come_with_a_line_on_how_to_add_one(run: Run) -> None:
    ran = run("ask", QUESTION)
    assert ran.code == 0 and "word for word" in ran.out
    assert ran.err.startswith("These are quotes. For an answer in sentences set OPENAI_API_KEY")


def test_a_model_asked_for_without_a_server_is_a_set_up_to_mend(run: Run) -> None:
    ran = run("ask", QUESTION, "--model", "gpt-5")
    assert (ran.code, ran.out) == (2, "")
    assert "no server" in ran.err and "OPENAI_API_KEY" in ran.err


def test_a_token_budget_too_small_for_an_answer_is_said(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        use(server)
        answer = json.loads(run("ask", QUESTION, "--json", "--budget-tokens", "500").out)
    assert (server.chats, answer["mode"]) == ([], "quotes")
    assert "`agent.max_tokens`" in answer["notes"][0]


def test_a_language_that_is_none_is_refused(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        use(server)
        ran = run("ask", QUESTION, "--answer-language", "?")
    assert ran.code == 2 and "language code" in ran.err


def test_a_model_summarizes_in_the_length_and_style_asked_for(run: Run, use: Callable[..., None]) -> None:
    left = ("Residents of three villages were asked to leave.", "Residents of three villages")
    with ScriptedOpenAI(saying(WARNED, left)) as server:
        use(server)
        found = json.loads(run("articles", "--json").out)
        (article,) = (row["id"] for row in found if row["title"] == "Minister warns of flooding")
        ran = run("summarize", article, "--length", "long", "--style", "paragraph")
        by_search = json.loads(run("summarize", "--query", "flooding along the Maas", "--json").out)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == f"{WARNED[0]} [1] {left[0]} [2]"
    assert "at most 12 statements" in server.chats[0].body["messages"][0]["content"]
    assert (by_search["mode"], by_search["model"], by_search["verdict"]) == (
        "summary",
        "scripted",
        "answered",
    )
    assert by_search["receipt"]


def test_a_summary_of_a_failing_model_is_extractive(run: Run, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(wordings.WRONG_KEY) as server:
        use(server)
        summary = json.loads(run("summarize", "--query", "flooding along the Maas", "--json").out)
    assert (summary["mode"], summary["model"], summary["verdict"]) == ("summary", None, "answered")
    assert summary["notes"][0].startswith("Quotes, because the model did not answer: ")
