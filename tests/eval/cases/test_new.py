"""`pullquote eval new`: drafts on the articles of a library, with a model and without one."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.cases.cloze import NOTE
from eval.suites.loading import load_suite
from tests.agent.generative.conftest import find_label
from tests.eval.cases.paper import open_own, publish
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Status, Text

Run = Callable[..., Any]
STRIKE, BRIDGE = "The crews of the island ferries", "De brug bij Sundholm"


@pytest.fixture
def library(pullquote: Run, tmp_path: Path, home: Path) -> Path:
    """The folder of a library of two articles."""
    folder = tmp_path / "sources"
    folder.mkdir()
    publish(pullquote, folder)
    return home / "library"


def read(suite: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (suite / "cases.jsonl").read_text("utf-8").splitlines()]
    return sorted(lines, key=lambda case: str(case["language"]))


def ids() -> dict[str, str]:
    """Of the two articles, by language."""
    with open_own() as opened:
        return {header.language: header.id for header in opened.articles.headers()}


def write_question(request: Request) -> Text:
    """A model that reads both articles well."""
    shown = str(request.body["messages"][-1]["content"])
    if STRIKE in shown:
        asked, labels, answer = "When will the ferries lie still?", [find_label(request, STRIKE)], "Friday"
    else:
        asked, labels, answer = (
            "Tot wanneer kan niemand over de brug?",
            [find_label(request, BRIDGE)],
            "9 juni",
        )
    return Text(json.dumps({"question": asked, "labels": labels, "answer": answer}))


def test_without_a_model_a_draft_is_a_gap_and_says_so(pullquote: Run, library: Path, tmp_path: Path) -> None:
    suite = tmp_path / "my suite"
    ran = pullquote("eval", "new", str(suite), "--from", str(library))
    bridge = ids()["nl"]
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"2 drafts added to {suite / 'cases.jsonl'}\nNext: pullquote eval confirm {suite}\n",
        "",
    )
    drafts = {case["id"]: case for case in read(suite)}
    draft = drafts[f"new:{bridge}"]
    quote = draft["gold"][0]["quote"]
    assert draft == {
        "id": f"new:{bridge}",
        "question": quote.replace(draft["answers"][0], "____"),
        "language": "nl",
        "gold": [{"article": f"articles/{bridge}.jsonl#1", "quote": quote, "fact": "f1"}],
        "answers": draft["answers"],
        "tags": ["cloze"],
        "draft": True,
        "note": NOTE,
    }
    assert draft["answers"][0] in ("9", "4", "Piet Smeets")
    assert (suite / "suite.yaml").read_text("utf-8").splitlines()[1] == "name: my-suite"


def test_a_model_writes_questions_with_gold_that_stands_there(
    pullquote: Run, library: Path, tmp_path: Path, use: Callable[..., None]
) -> None:
    suite = tmp_path / "suite"
    with ScriptedOpenAI(write_question) as server:
        use(server)
        ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
        again = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
        assert len(server.chats) == 2
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"2 drafts added to {suite / 'cases.jsonl'}\nNext: pullquote eval confirm {suite}\n",
        "",
    )
    assert again.out.splitlines()[0] == f"0 drafts added to {suite / 'cases.jsonl'}"
    english, dutch = read(suite)
    found = ids()
    assert english == {
        "id": f"new:{found['en']}",
        "question": "When will the ferries lie still?",
        "language": "en",
        "gold": [
            {
                "article": f"articles/{found['en']}.jsonl#1",
                "quote": "The crews of the island ferries go on strike on Friday.",
                "fact": "f1",
            }
        ],
        "answers": ["Friday"],
        "tags": ["model"],
        "draft": True,
        "note": "written by scripted",
    }
    assert dutch["answers"] == ["9 juni"]


def test_confirmed_questions_run(
    pullquote: Run,
    library: Path,
    tmp_path: Path,
    use: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    suite = tmp_path / "suite"
    monkeypatch.setattr("sys.stdin", Terminal("a\na\n"))
    with ScriptedOpenAI(write_question) as server:
        use(server)
        ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
    assert ran.out.splitlines()[0] == f"2 drafts added to {suite / 'cases.jsonl'}"
    assert ran.out.splitlines()[-1].endswith("2 accepted, 0 dropped, 0 skipped; 0 drafts left")
    assert len(load_suite(suite).cases) == 2
    monkeypatch.delenv("PULLQUOTE_MODEL__BASE_URL")
    ran = pullquote("eval", "run", str(suite))
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == "suite: 2 cases, no model"
    assert pullquote("eval", "new", str(suite)).out == f"{suite} holds no draft.\n"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ({"question": "", "labels": ["a1.1"], "answer": ""}, "the model wrote no question"),
        (
            {"question": "Who?", "labels": ["a9.9"], "answer": "x"},
            "the model named no sentence of the article",
        ),
        ({}, "the model wrote no question"),
    ],
)
def test_a_model_that_names_nothing_is_asked_twice_and_left(
    pullquote: Run,
    library: Path,
    tmp_path: Path,
    use: Callable[..., None],
    reply: dict[str, Any],
    why: str,
) -> None:
    suite = tmp_path / "suite"
    with ScriptedOpenAI(Text(json.dumps(reply))) as server:
        use(server)
        ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
        assert len(server.chats) == 4
    assert sorted(ran.err.splitlines()) == sorted(f"{each}: no draft, {why}" for each in ids().values())
    assert ran.out.splitlines()[0] == f"0 drafts added to {suite / 'cases.jsonl'}"


def test_an_answer_that_stands_nowhere_is_left_out(
    pullquote: Run, library: Path, tmp_path: Path, use: Callable[..., None]
) -> None:
    suite = tmp_path / "suite"
    reply = {"question": "When?<b>", "labels": ["a1.1"], "answer": "on Sunday"}
    with ScriptedOpenAI(Text(json.dumps(reply))) as server:
        use(server)
        pullquote("eval", "new", str(suite), "--from", str(library), "--model", "other", "--count", "1")
    (draft,) = read(suite)
    assert "answers" not in draft
    assert (draft["question"], draft["note"]) == (
        "When?",
        "written by other; its answer is not in the gold and was left out",
    )


def test_a_model_that_goes_down_is_gone_on_with(
    pullquote: Run, library: Path, tmp_path: Path, use: Callable[..., None]
) -> None:
    suite = tmp_path / "suite"
    left = [1]

    def step(request: Request) -> Text | Status:
        left[0] -= 1
        return write_question(request) if left[0] >= 0 else Status(503, "down for maintenance")

    with ScriptedOpenAI(step) as server:
        use(server)
        ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
        assert ran.code == 2
        assert ran.err.splitlines()[0].startswith(
            f"pullquote: The model failed after 1 draft, stored in {suite / 'cases.jsonl'}: "
        )
        assert ran.err.splitlines()[1] == "Run the same command again to continue."
        left[0] = 9
        ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
    assert (ran.code, len(read(suite))) == (0, 2)


def test_a_library_without_articles_and_no_library(pullquote: Run, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    empty = tmp_path / "empty"
    (tmp_path / "blank.txt").write_text(" ", "utf-8")
    pullquote("--library", str(empty), "add", str(tmp_path / "blank.txt"))
    ran = pullquote("eval", "new", str(suite), "--from", str(empty))
    assert (ran.code, ran.err) == (
        2,
        "pullquote: The library holds no article to ask about. Next: pullquote add FOLDER\n",
    )
    ran = pullquote("eval", "new", str(suite), "--from", str(tmp_path / "none"))
    assert ran.code == 2
    assert not suite.exists()


def test_no_server_and_a_suite_of_another_shape(pullquote: Run, library: Path, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    ran = pullquote("eval", "new", str(suite), "--from", str(library), "--with-model")
    assert (ran.code, ran.err) == (
        2,
        "pullquote: There is no server to ask a model of. Next: set OPENAI_API_KEY, or: "
        "pullquote config set model.base_url http://127.0.0.1:8080/v1\n",
    )
    suite.mkdir()
    (suite / "suite.yaml").write_text("name: x\ntitle: X\nsets: [{set: ntrex}]\n", "utf-8")
    ran = pullquote("eval", "new", str(suite), "--from", str(library))
    assert (ran.code, ran.err) == (
        2,
        f"pullquote: {suite / 'suite.yaml'} has no cases to add to, or no library that reads the folder "
        "articles; add `cases: [cases.jsonl]` and `articles: [articles]`\n",
    )
