"""Translations and the judge at the command line, as a user sees them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.agent.generative.conftest import QUESTION, saying
from tests.peers.scripted_openai import ScriptedOpenAI, Status, Text

Run = Callable[..., Any]
DENIED = ("The Limburg water board expects no flooding along the Maas.", "verwacht geen overstromingen")
DUTCH = "Het waterschap Limburg verwacht geen overstromingen langs de Maas."
ENGLISH = "The Limburg water board expects no floods along the Maas."
TRANSLATED = Text(json.dumps({"1": ENGLISH}))
NEXT = "pullquote show 1  shows a quote in its place in the article."


Use = Callable[[ScriptedOpenAI], None]


def transcript(out: str) -> list[str]:
    """What was printed, with ids, paths and the number of tokens put out of the way."""
    lines = out.rstrip("\n").split("\n")
    return [
        re.sub(r"\b[\d,]+ tokens", "N tokens", re.sub(r"[0-9a-f]{16} · \S+", "ID · PLACE", line))
        for line in lines
    ]


@pytest.mark.parametrize("words", [(), ("--translate",)])
def test_a_foreign_quote_is_shown_with_its_translation(run: Run, use: Use, words: tuple[str, ...]) -> None:
    with ScriptedOpenAI(saying(DENIED), TRANSLATED) as server:
        use(server)
        ran = run("ask", QUESTION, *words)
    assert (ran.code, ran.err) == (0, "")
    assert transcript(ran.out) == [
        f"{DENIED[0]} [1]",
        "",
        "Waterschap tegenspreekt minister",
        "De Avondbode · 2024-12-04 · nl · ID · PLACE",
        f"  [1] “{DUTCH}”",
        f"      translation by scripted: {ENGLISH}",
        "",
        "Written by scripted · 2 requests · N tokens",
        NEXT,
    ]


def test_no_translate_asks_for_none(run: Run, use: Use) -> None:
    with ScriptedOpenAI(saying(DENIED)) as server:
        use(server)
        ran = run("ask", QUESTION, "--no-translate")
    assert len(server.chats) == 1
    assert transcript(ran.out) == [
        f"{DENIED[0]} [1]",
        "",
        "Waterschap tegenspreekt minister",
        "De Avondbode · 2024-12-04 · nl · ID · PLACE",
        f"  [1] “{DUTCH}”",
        "",
        "Written by scripted · 1 request · N tokens",
        NEXT,
    ]


def test_json_and_receipts_carry_it(run: Run, use: Use) -> None:
    with ScriptedOpenAI(saying(DENIED), TRANSLATED) as server:
        use(server)
        answer = json.loads(run("ask", QUESTION, "--json").out)
    (citation,) = answer["statements"][0]["citations"]
    assert (citation["quote"], citation["translation"]) == (DUTCH, ENGLISH)
    kept = json.loads(run("receipts", "--show", "last", "--json").out)
    assert kept["answer"] == answer
    shown = run("receipts", "--show", "last").out
    assert f"      translation by scripted: {ENGLISH}" in shown.splitlines()
    assert run("verify", "last").code == 0


def test_on_a_terminal_it_comes_after_the_statements_which_are_said_once(
    run: Run, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedOpenAI(saying(DENIED), TRANSLATED) as server:
        use(server)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        out = run("ask", QUESTION).out
    assert out.count(DENIED[0]) == 1 and out.count(ENGLISH) == 1
    assert out.index(DENIED[0]) < out.index(DUTCH) < out.index(ENGLISH)


def test_a_failure_is_one_line_under_the_answer(run: Run, use: Use) -> None:
    with ScriptedOpenAI(saying(DENIED), Status(500, "out of memory")) as server:
        use(server)
        ran = run("ask", QUESTION)
    assert ran.code == 0
    assert transcript(ran.out)[4:] == [
        f"  [1] “{DUTCH}”",
        "",
        f"The quote is not translated: {server.url} fails (500): out of memory.",
        "Written by scripted · 3 requests · N tokens",
        NEXT,
    ]


def test_summaries_are_translated_too(run: Run, use: Use) -> None:
    with ScriptedOpenAI(saying(DENIED), TRANSLATED) as server:
        use(server)
        ran = run("summarize", "--query", "flooding along the Maas", "--translate", "--answer-language", "en")
    assert (ran.code, ran.err) == (0, "")
    assert f"      translation by scripted: {ENGLISH}" in ran.out.splitlines()


def test_without_a_model_quotes_stay_as_they_are_and_that_is_said(run: Run, use: Use) -> None:
    said = "Nothing is translated: that takes a model.\n"
    plain = run("ask", QUESTION)
    asked = run("ask", QUESTION, "--translate")
    assert (asked.code, asked.out, asked.err) == (0, plain.out, said + plain.err)
    with ScriptedOpenAI(saying(DENIED)) as server:
        use(server)
        without = run("ask", QUESTION, "--translate", "--no-model")
    assert (without.out, without.err, server.requests) == (plain.out, said, [])
    assert run("ask", QUESTION, "--no-model").err == ""


def test_the_setting_is_one_of_three(run: Run, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_AGENT__TRANSLATE", "never")
    with ScriptedOpenAI(saying(DENIED), saying(DENIED), TRANSLATED) as server:
        use(server)
        never = run("ask", QUESTION).out
        always = run("ask", QUESTION, "--translate").out
    assert ("translation by" in never, "translation by" in always) == (False, True)
    monkeypatch.setenv("PULLQUOTE_AGENT__TRANSLATE", "sometimes")
    ran = run("ask", QUESTION)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "pullquote: Setting `agent.translate` cannot be 'sometimes': Input should be 'auto', 'always' or "
        "'never'. It comes from PULLQUOTE_AGENT__TRANSLATE; correct it there (`pullquote config` lists the "
        "settings and their sources).\n"
    )


def test_a_judge_is_set_like_the_model_and_its_key_is_never_shown(
    run: Run, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Text(json.dumps({"reason": "Nobody says so.", "verdict": "not_supported"}))
    with ScriptedOpenAI(saying(DENIED)) as server, ScriptedOpenAI(refused, key="judge-key") as other:
        use(server)
        for setting, value in (
            ("judge", "strict"),
            ("judge_base_url", other.url),
            ("judge_api_key", "judge-key"),
        ):
            ran = run("config", "set", f"checks.{setting}", value)
            assert ran.code == 0 and "judge-key" not in ran.out + ran.err
        ran = run("ask", QUESTION)
        listed = run("config").out
    assert 'checks.judge_api_key = "••••"' in listed and "judge-key" not in listed
    assert ran.code == 0 and len(other.chats) == 2
    assert transcript(ran.out)[0] == "The articles do not say this. Nearest passages, which do not answer it:"
    assert "1 statement of the model's withheld: not supported by what is cited." in ran.out.splitlines()
    assert {request.header("authorization") for request in server.requests} == {"Bearer none"}


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("judge_base_url", "ftp://judge", "String should match pattern '^https?://\\S+$'"),
        ("judge_calls", "0", "Input should be greater than or equal to 1"),
        ("judge", "", "String should have at least 1 character"),
    ],
)
def test_settings_of_the_judge_have_bounds(
    run: Run, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, problem: str
) -> None:
    variable = f"PULLQUOTE_CHECKS__{setting.upper()}"
    monkeypatch.setenv(variable, value)
    ran = run("ask", QUESTION)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"pullquote: Setting `checks.{setting}` cannot be {value!r}: {problem}. It comes from {variable}; "
        "correct it there (`pullquote config` lists the settings and their sources).\n"
    )
