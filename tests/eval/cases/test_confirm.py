"""`pullquote eval confirm`: a person and some drafts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SUITE = """\
name: paper
title: Drafts
libraries:
  - articles: [articles]
cases: [cases.jsonl]
gate: [passed]
"""
TEXT = "The crews go on strike on Friday.\n\nThey ask for nine per cent more pay."
KEY = "articles/a.jsonl#1"
DRAFTS: list[dict[str, Any]] = [
    {
        "id": "when",
        "question": "When is the strike?",
        "language": "en",
        "gold": [{"article": KEY, "quote": "The crews go on strike on Friday.", "fact": "f1"}],
        "draft": True,
        "note": "1 reader called the answer bad",
    },
    {"id": "who", "question": "Who wins?", "language": "en", "draft": True},
]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    (folder / "articles").mkdir(parents=True)
    (folder / "suite.yaml").write_text(SUITE, "utf-8")
    article = {"id": "a", "text": TEXT, "outlet": "The Courier", "language": "en"}
    (folder / "articles" / "a.jsonl").write_text(json.dumps(article) + "\n", "utf-8")
    write(folder, *DRAFTS)
    return folder


def write(folder: Path, *cases: dict[str, Any]) -> None:
    (folder / "cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in cases), "utf-8")


def read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "cases.jsonl").read_text("utf-8").splitlines()]


def test_a_whole_sitting(pullquote: Run, suite: Path, type_in: Callable[..., None]) -> None:
    type_in(
        "a",
        "x",
        "a",
        "e",
        "Who asks for more pay?",
        "n",
        "They want more.",
        TEXT[35:],
        "",
        "crews; sailors",
        "a",
    )
    ran = pullquote("eval", "confirm", str(suite))
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\

1 of 2
when  (en)
  When is the strike?
  gold 1: The Courier
    «The crews go on strike on Friday.» They ask for nine per cent more pay.
  note: 1 reader called the answer bad
[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: \

2 of 2
who  (en)
  Who wins?
[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: One of a, e, s, d and q.
[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: It cannot be accepted: nothing has to hold: give gold, answers, \
unanswerable or a `must_…`.
[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: An empty line leaves what is there; - removes it.
question [Who wins?]: unanswerable [n]: more gold []: “They want more.” is in no article beside \
the cases.
more gold []: more gold []: answers, ; between []: who  (en)
  Who asks for more pay?
  gold 1: The Courier
    The crews go on strike on Friday. «They ask for nine per cent more pay.»
  answers: crews; sailors
[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: 2 accepted, 0 dropped, 0 skipped; 0 drafts left
"""
    )
    first, second = read(suite)
    assert first == {name: value for name, value in DRAFTS[0].items() if name != "draft"}
    assert second == {
        "id": "who",
        "question": "Who asks for more pay?",
        "language": "en",
        "gold": [{"article": KEY, "quote": "They ask for nine per cent more pay."}],
        "answers": ["crews", "sailors"],
    }
    assert pullquote("eval", "confirm", str(suite)).out == f"{suite} holds no draft.\n"


def test_what_was_decided_stays_and_the_rest_is_asked_again(
    pullquote: Run, suite: Path, type_in: Callable[..., None]
) -> None:
    type_in("a")
    ran = pullquote("eval", "confirm", str(suite))
    assert ran.out.splitlines()[-1] == (
        f"1 accepted, 0 dropped, 0 skipped; 1 draft left. Next: pullquote eval confirm {suite}"
    )
    type_in("s")
    ran = pullquote("eval", "confirm", str(suite / "cases.jsonl"))
    assert "1 of 1\nwho  (en)" in ran.out
    assert ran.out.splitlines()[-1].startswith(
        "[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: 0 accepted, 0 dropped, 1 skipped; 1 draft left."
    )
    type_in("d")
    pullquote("eval", "confirm", str(suite / "suite.yaml"))
    assert [case["id"] for case in read(suite)] == ["when"]


def test_gold_can_be_changed_and_taken_away(
    pullquote: Run, suite: Path, type_in: Callable[..., None]
) -> None:
    write(suite, DRAFTS[0])
    type_in("e", "", "", "on Saturday", "on Friday", "", "", "q")
    ran = pullquote("eval", "confirm", str(suite))
    assert f"“on Saturday” is not in {KEY}.\n" in ran.out
    (case,) = read(suite)
    assert (case["gold"], case["draft"]) == ([{"article": KEY, "quote": "on Friday", "fact": "f1"}], True)
    type_in("e", "", "maybe", "y", "a")
    ran = pullquote("eval", "confirm", str(suite))
    assert "unanswerable [n]: y or n.\n" in ran.out
    (case,) = read(suite)
    assert case == {
        "id": "when",
        "question": "When is the strike?",
        "language": "en",
        "unanswerable": True,
        "note": "1 reader called the answer bad",
    }


def test_gold_that_stands_nowhere_is_not_accepted(
    pullquote: Run, suite: Path, type_in: Callable[..., None]
) -> None:
    gone = [{"article": KEY, "quote": "Nobody strikes."}, {"article": "articles/b.jsonl#1", "quote": "x"}]
    write(suite, DRAFTS[0] | {"gold": gone})
    type_in("a", "q")
    lines = pullquote("eval", "confirm", str(suite)).out.splitlines()
    assert "    «Nobody strikes.» (is not there)" in lines
    assert "  gold 2: articles/b.jsonl#1 (not there)" in lines
    assert lines[-3:-1] == [
        "[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: It cannot be accepted: “Nobody strikes.” is not in "
        f"{KEY}.",
        "It cannot be accepted: there is no article “articles/b.jsonl#1” beside the cases.",
    ]


def test_a_claim_is_shown_and_changed_elsewhere(
    pullquote: Run, suite: Path, type_in: Callable[..., None]
) -> None:
    claim = {"text": "Nobody strikes.", "language": "en", "article": KEY, "holds": False}
    write(suite, {"id": "c", "claim": claim, "language": "en", "draft": True})
    type_in("e", "a")
    ran = pullquote("eval", "confirm", str(suite))
    assert f"c  (en)\n  Nobody strikes.\n  {KEY} does not support it\n" in ran.out
    assert "[q]uit: A claim is changed in the file itself.\n" in ran.out
    assert read(suite) == [{"id": "c", "claim": claim, "language": "en"}]


def test_an_articles_control_characters_are_not_shown(
    pullquote: Run, suite: Path, type_in: Callable[..., None]
) -> None:
    write(suite, DRAFTS[0] | {"question": "Who\u202e wins\x1b[31m?"})
    type_in("q")
    out = pullquote("eval", "confirm", str(suite)).out
    assert "  Who wins[31m?\n" in out


def test_what_is_no_suite(pullquote: Run, tmp_path: Path) -> None:
    ran = pullquote("eval", "confirm", str(tmp_path / "none"))
    assert (ran.code, ran.err) == (
        2,
        f"pullquote: {tmp_path / 'none'} is no suite's folder and no file of cases; `pullquote eval new` "
        "makes one\n",
    )
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "x"}\n', "utf-8")
    ran = pullquote("eval", "confirm", str(file))
    assert (ran.code, ran.err) == (2, f"pullquote: {file} line 1: language: Field required\n")
