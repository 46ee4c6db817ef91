"""`pullquote eval harvest` as a user meets it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.settings.loading import load_settings
from eval.suites.loading import load_suite
from tests.eval.cases.paper import ask, dislike, open_own, publish
from vectorstore import Opinion

Run = Callable[..., Any]
QUESTION = "When do the crews of the ferries go on strike?"
SUITE = """\
name: paper
title: What readers disliked
libraries:
  - articles: [articles]
cases: [cases.jsonl]
gate: [passed]
"""


@pytest.fixture
def paper(pullquote: Run, tmp_path: Path) -> Path:
    """A library of two articles."""
    folder = tmp_path / "sources"
    folder.mkdir()
    publish(pullquote, folder)
    return folder


def test_a_disliked_answer_becomes_a_draft(pullquote: Run, paper: Path) -> None:
    answer = ask(pullquote, QUESTION)
    cited = answer["statements"][0]["citations"][0]
    dislike(answer["receipt"], QUESTION, "slack/T1/U1", "slack/T1/U2")
    dislike(answer["receipt"], QUESTION, "slack/T1/U3", opinion=Opinion.GOOD)
    ran = pullquote("eval", "harvest")
    assert (ran.code, ran.err) == (0, "")
    draft = json.loads(ran.out)
    first = draft["gold"][0]
    assert draft == {
        "id": f"harvest:{answer['receipt']}",
        "question": QUESTION,
        "language": "en",
        "gold": draft["gold"],
        "tags": ["harvest"],
        "draft": True,
        "note": "2 readers called the answer bad, 1 good; gold is what was shown: keep what answers the "
        "question, or say what does",
    }
    assert first == {
        "article": f"articles/{cited['article']}.jsonl#1",
        "quote": "The crews of the island ferries go on strike on Friday.",
        "fact": "f1",
    }
    assert "slack" not in ran.out


def test_drafts_and_their_articles_go_to_a_suite_and_are_not_run(
    pullquote: Run, paper: Path, tmp_path: Path
) -> None:
    answer = ask(pullquote, QUESTION)
    dislike(answer["receipt"], QUESTION, "u")
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "suite.yaml").write_text(SUITE, "utf-8")
    cases = suite / "cases.jsonl"
    confirmed = {"id": "own", "question": "Who knows?", "language": "en", "unanswerable": True}
    cases.write_text(json.dumps(confirmed) + "\n", "utf-8")
    ran = pullquote("eval", "harvest", "--out", str(cases))
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"1 draft added to {cases}\nNext: pullquote eval confirm {cases}\n",
        "",
    )
    again = pullquote("eval", "harvest", "--out", str(cases))
    assert again.out == (
        f"0 drafts added to {cases}, 1 were there already\nNext: pullquote eval confirm {cases}\n"
    )
    loaded = load_suite(suite)
    assert [planned.case.id for planned in loaded.cases] == ["own"]
    assert loaded.notices == ("paper: 1 unconfirmed drafts left out",)
    lines = cases.read_text("utf-8").splitlines()
    draft = json.loads(lines[1])
    cases.write_text(f"{lines[0]}\n{json.dumps(draft | {'draft': False})}\n", "utf-8")
    planned = load_suite(suite).cases[1]
    with open_own() as library:
        original = library.articles.get(answer["statements"][0]["citations"][0]["article"])
    exported = load_suite(suite).libraries["articles"].articles[planned.case.gold[0].article]
    assert (exported.text, exported.title, exported.outlet, exported.authors, exported.language) == (
        original.text,
        original.title,
        original.outlet,
        original.authors,
        original.language,
    )
    assert str(exported.published) == str(original.published)
    assert planned.gold[0].quote == "The crews of the island ferries go on strike on Friday."


def test_a_disliked_refusal_has_what_was_near_for_gold(pullquote: Run, paper: Path) -> None:
    question = "Which composer wrote the opera about the whale?"
    answer = ask(pullquote, question)
    assert answer["verdict"] == "not_found"
    dislike(answer["receipt"], question, "u")
    draft = json.loads(pullquote("eval", "harvest").out)
    assert len(draft["gold"]) == len({(g["article"], g["quote"]) for g in answer["nearest"]})
    assert "unanswerable" not in draft
    saved = pullquote("eval", "harvest", answer["receipt"])
    assert [json.loads(line)["id"] for line in saved.out.splitlines()] == [draft["id"]]


def test_saved_answers_become_drafts_too(pullquote: Run, paper: Path, tmp_path: Path) -> None:
    answered = ask(pullquote, QUESTION, "--outlet", "The Courier", "--from", "2025-05-01")
    refused = ask(pullquote, "Which composer wrote the opera about the whale?")
    file = tmp_path / "receipt.json"
    file.write_text(pullquote("receipts", "--show", answered["receipt"], "--json").out, "utf-8")
    ran = pullquote("eval", "harvest", str(file), "last")
    assert ran.code == 0, ran.err
    one, other = map(json.loads, ran.out.splitlines())
    assert (one["id"], one["note"]) == (f"harvest:{answered['receipt']}", "a saved answer")
    assert one["filters"] == {"since": "2025-05-01", "outlets": ["The Courier"]}
    assert (other["id"], other["unanswerable"]) == (f"harvest:{refused['receipt']}", True)


def test_a_saved_session(pullquote: Run, paper: Path, tmp_path: Path) -> None:
    answer = ask(pullquote, QUESTION)
    file = tmp_path / "session.json"
    entry = {"question": "when?", "numbers": [1], "answer": answer}
    saved = {"schema_version": 1, "session": "s", "saved": "2025-05-13T12:00:00Z", "entries": [entry]}
    file.write_text(json.dumps(saved), "utf-8")
    draft = json.loads(pullquote("eval", "harvest", str(file)).out)
    assert (draft["id"], draft["question"], draft["note"]) == (
        f"harvest:{answer['receipt']}",
        QUESTION,
        "saved in the session s, question 1",
    )
    file.write_text(json.dumps(saved | {"schema_version": 2}), "utf-8")
    ran = pullquote("eval", "harvest", str(file))
    assert (ran.code, ran.err) == (
        2,
        f"pullquote: {file} was saved by another version of Pullquote: its format is 2, and this version "
        "reads 1. Save it again: /save FILE.json\n",
    )
    file.write_text(json.dumps(saved | {"entries": [{}]}), "utf-8")
    ran = pullquote("eval", "harvest", str(file))
    assert ran.err == (
        f"pullquote: {file} is no saved session: entries.0.question: Field required. Save it again: "
        "/save FILE.json\n"
    )


def test_feedback_whose_receipt_is_gone(pullquote: Run, paper: Path, home: Path) -> None:
    answer = ask(pullquote, QUESTION)
    dislike(answer["receipt"], QUESTION, "u")
    with sqlite3.connect(load_settings().library / "library.db") as database:
        database.execute("delete from receipts")
    ran = pullquote("eval", "harvest")
    assert (ran.code, ran.err) == (
        0,
        f"{answer['receipt']}: its receipt is no longer stored, so that only its question is left\n",
    )
    assert json.loads(ran.out) == {
        "id": f"harvest:{answer['receipt']}",
        "question": QUESTION,
        "language": "en",
        "tags": ["harvest"],
        "draft": True,
        "note": "1 reader called the answer bad; its receipt is no longer stored",
    }


def test_an_article_that_is_gone(pullquote: Run, paper: Path) -> None:
    answer = ask(pullquote, QUESTION, "--outlet", "The Courier")
    dislike(answer["receipt"], QUESTION, "u")
    assert pullquote("remove", answer["statements"][0]["citations"][0]["article"]).code == 0
    ran = pullquote("eval", "harvest")
    assert (ran.code, ran.err) == (0, f"{answer['receipt']}: 1 article it cites changed or was removed\n")
    draft = json.loads(ran.out)
    assert draft["note"] == "1 reader called the answer bad; 1 article it cites changed or was removed"
    assert "gold" not in draft


def test_a_summary_is_left_out(pullquote: Run, paper: Path) -> None:
    ran = pullquote("summarize", "--query", "the strike of the ferries", "--json")
    receipt = json.loads(ran.out)["receipt"]
    dislike(receipt, "strike", "u")
    ran = pullquote("eval", "harvest")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"{receipt}: left out, a summary answers no question\n"


def test_nothing_to_harvest_and_no_library(pullquote: Run, paper: Path, tmp_path: Path) -> None:
    ran = pullquote("eval", "harvest")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "",
        "No reader has called an answer of this library bad, and none was named.\n",
    )
    ran = pullquote("eval", "harvest", "nothing")
    assert (ran.code, ran.err) == (
        2,
        "pullquote: There is no receipt and no file “nothing”. `pullquote receipts` lists what can be "
        "verified.\n",
    )
    ran = pullquote("eval", "harvest", "--library", str(tmp_path / "none"))
    assert ran.code == 2
