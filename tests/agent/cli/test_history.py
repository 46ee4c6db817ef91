"""Whole outputs of `verify`, `receipts`, `sessions` and `config set` on small articles of our own."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
BRIDGE = "Bridge in Ghent\n\nThe new bridge in Ghent cost 12 million euros. It opens to cyclists in May.\n"
SWEDEN = "Sweden warns\n\nSweden warned on Monday that the Indo-Pacific is less secure than before.\n"
COST, OPENS = "The new bridge in Ghent cost 12 million euros.", "It opens to cyclists in May."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE, "utf-8")
    (folder / "sweden.txt").write_text(SWEDEN, "utf-8")
    return folder


@pytest.fixture
def asked(pullquote: Run, news: Path) -> Run:
    """The command, with two articles in its library and a question about one of them answered."""
    assert pullquote("add", str(news)).code == 0
    assert pullquote("ask", "what did the bridge in Ghent cost, and when does it open?").code == 0
    return pullquote


def ids(run: Run) -> list[str]:
    return [row["id"] for row in json.loads(run("receipts", "--json").out)]


def masked(text: str) -> str:
    """Ids, moments and durations, which differ from run to run, by a letter each."""
    text = re.sub(r"\b[bcdfghjkmnpqrstvwxz2-9]{6}\b(?=  )", "ID", text)
    text = re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", "THEN", text)
    return re.sub(r"[\d.,]+ s\b", "T s", text)


def test_what_stands_and_what_changed(asked: Run, news: Path, home: Path) -> None:
    (receipt,) = ids(asked)
    question = "what did the bridge in Ghent cost, and when does it open?"
    assert masked(asked("verify", "last").out) == (
        f"ID  {question}\n  [1] valid: “{COST}”\n  [2] valid: “{OPENS}”\nAll 2 citations are valid.\n"
    )
    exported = news.parent / "receipt.json"
    exported.write_text(asked("receipts", "--show", receipt, "--json").out, "utf-8")

    (news / "bridge.txt").write_text(BRIDGE.replace("May", "June"), "utf-8")
    assert asked("add", str(news)).code == 0
    edition = next(
        row["id"] for row in json.loads(asked("articles", "--json").out) if row["title"].startswith("Bridge")
    )
    at = BRIDGE.index(COST)
    changed = (
        f"ID  {question}\n"
        f"  [1] superseded by {edition} (Bridge in Ghent), which still has the quote, at {at}: “{COST}”\n"
        f"  [2] superseded by {edition} (Bridge in Ghent), which does not have the quote: “{OPENS}”\n"
        "0 of 2 citations are valid.\n"
        'An answer from the articles as they are now: pullquote ask "…"\n'
        "The library was in state 2 when this was asked and is in state 3 now; asking again may find more.\n"
    )
    for reference in ("last", receipt, receipt[:5], str(exported)):
        ran = asked("verify", reference)
        assert (ran.code, masked(ran.out), ran.err) == (1, changed, "")
    found = json.loads(asked("verify", receipt, "--json").out)
    assert [(row["number"], row["outcome"], row["quote"]) for row in found["citations"]] == [
        (1, "superseded", COST),
        (2, "superseded", OPENS),
    ]
    assert [row["successor"] for row in found["citations"]] == [
        {"article": edition, "title": "Bridge in Ghent", "quote_at": [at]},
        {"article": edition, "title": "Bridge in Ghent", "quote_at": []},
    ]
    assert (found["receipt"], found["generation"], found["generation_now"]) == (receipt, 2, 3)

    old = found["citations"][0]["article"]
    with sqlite3.connect(home / "library" / "library.db") as connection:
        connection.execute(
            "UPDATE texts SET text = replace(text, 'Ghent', 'Gent ') WHERE article_id = ?", (old,)
        )
    connection.close()
    ran = asked("verify", receipt)
    why = "changed, the stored text is not the text that was cited"
    assert (ran.code, masked(ran.out)) == (
        1,
        f"ID  {question}\n  [1] {why}: “{COST}”\n  [2] {why}: “{OPENS}”\n0 of 2 citations are valid.\n"
        "The stored text is damaged. Try: pullquote doctor\n"
        "The library was in state 2 when this was asked and is in state 3 now; asking again may find more.\n",
    )
    assert asked("remove", edition).code == 0
    ran = asked("verify", receipt)
    gone = f"article {old} has been removed"
    assert (ran.code, masked(ran.out).splitlines()[1:4]) == (
        1,
        [f"  [1] {gone}: “{COST}”", f"  [2] {gone}: “{OPENS}”", "0 of 2 citations are valid."],
    )


def test_receipts_that_cannot_be_verified(asked: Run, tmp_path: Path, news: Path) -> None:
    (receipt,) = ids(asked)
    ran = asked("verify", "aeiou")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "pullquote: There is no receipt and no file “aeiou”. `pullquote receipts` lists what can be "
        "verified.\n",
    )
    exported = tmp_path / "receipt.json"
    text = asked("receipts", "--show", "last", "--json").out
    exported.write_text(text.replace('"schema_version": 1', '"schema_version": 2', 1), "utf-8")
    ran = asked("verify", str(exported))
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"pullquote: {exported} was written by another version of Pullquote (0.1.0): its format is 2.1, and "
        "this version reads 1.1. Ask again with this version, or verify it with that one.\n",
    )
    exported.write_text(text, "utf-8")
    other = str(tmp_path / "other")
    assert asked("--library", other, "add", str(news)).code == 0
    ran = asked("--library", other, "verify", str(exported))
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(
        rf"pullquote: Receipt {receipt} is of another library \([0-9a-f]{{8}}…, this one is "
        rf"[0-9a-f]{{8}}…\)\. Name its own: pullquote --library FOLDER verify {receipt}\n",
        ran.err,
    )
    ran = asked("--library", other, "verify", "last")
    assert ran.err == 'pullquote: No answer is stored in this library yet. Try: pullquote ask "…"\n'


def test_receipts_are_listed_and_shown(asked: Run) -> None:
    assert asked("ask", "who won the 1998 football World Cup?").code == 0
    bridge = json.loads(asked("articles", "--json").out)
    article = next(row["id"] for row in bridge if row["title"] == "Bridge in Ghent")
    assert asked("summarize", article).code == 0
    last = "what did the bridge in Ghent cost, and when does it open?"
    assert masked(asked("receipts").out) == (
        "ID  THEN  answered · 2 statements · no model · T s\n"
        f"  summarize {article}\n"
        "ID  THEN  not found · 0 statements · no model · T s\n"
        "  who won the 1998 football World Cup?\n"
        "ID  THEN  answered · 2 statements · no model · T s\n"
        f"  {last}\n"
    )
    assert masked(asked("receipts", "--limit", "1").out).count("ID") == 1
    rows = json.loads(asked("receipts", "--json").out)
    assert [(row["question"], row["kind"], row["verdict"], row["statements"]) for row in rows] == [
        (f"summarize {article}", "summarize", "answered", 2),
        ("who won the 1998 football World Cup?", "ask", "not_found", 0),
        (last, "ask", "answered", 2),
    ]
    shown = json.loads(asked("receipts", "--show", rows[0]["id"], "--json").out)
    assert shown["filters"]["articles"] == [article]
    assert shown["articles"] == [{"id": article, "title": "Bridge in Ghent"}]
    assert shown["answer"]["receipt"] == shown["id"] == rows[0]["id"]
    text = asked("receipts", "--show", rows[2]["id"]).out
    assert re.search(r"^  tokens    [\d,]+ embedded; no model$", text, re.MULTILINE)
    assert re.search(r"^  time      [\d,]+ ms: ", text, re.MULTILINE)
    assert f"“{COST}”" in text
    assert asked("receipts", "--show", "aeiou").code == 2


def test_a_library_without_receipts_or_sessions_says_how_to_begin(pullquote: Run, news: Path) -> None:
    assert pullquote("add", str(news)).code == 0
    ran = pullquote("receipts")
    assert (ran.code, ran.out, ran.err) == (0, "", 'No receipts. Ask something: pullquote ask "…"\n')
    ran = pullquote("sessions")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == 'No sessions. Begin one: pullquote ask --session NAME "…"\n'
    assert pullquote("receipts", "--json").out == pullquote("sessions", "--json").out == "[]\n"


def test_a_session_goes_on_over_several_commands(asked: Run) -> None:
    assert (
        asked("ask", "--session", "trip", "what did the bridge in Ghent cost?", "--language", "en").code == 0
    )
    followed = asked("ask", "--session", "trip", "and when does it open?")
    assert followed.out.splitlines()[-3:] == [
        "Read after the question before as “and when does it open? (Ghent)”.",
        "As for the question before, only: language en. Another session asks all articles.",
        "pullquote show 1  shows a quote in its place in the article.",
    ]
    assert asked("ask", "--session", "other", "who warned about the Indo-Pacific?").code == 0
    assert masked(asked("sessions").out) == (
        "other  1 question, the last THEN\n  who warned about the Indo-Pacific?\n"
        "trip  2 questions, the last THEN\n  and when does it open?\n"
    )
    rows = json.loads(asked("sessions", "--json").out)
    assert [(row["name"], row["questions"], row["last_question"]) for row in rows] == [
        ("other", 1, "who warned about the Indo-Pacific?"),
        ("trip", 2, "and when does it open?"),
    ]
    ran = asked("sessions", "--remove", "trip")
    assert (ran.code, ran.out, ran.err) == (0, "", "removed trip\n")
    ran = asked("sessions", "--remove", "trip")
    assert (ran.code, ran.err) == (
        2,
        "pullquote: There is no session “trip”. `pullquote sessions` lists those there are.\n",
    )
    ran = asked("ask", "--session", " ", "why?")
    assert ran.code == 2 and "cannot be a session's name" in ran.err


def test_an_answer_is_verified_in_a_copy_of_its_library(asked: Run, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "library", tmp_path / "copy")
    ran = asked("--library", str(tmp_path / "copy"), "verify", "last")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "All 2 citations are valid.")


def test_a_library_of_an_older_pullquote_is_brought_up_to_date_by_doctor(
    pullquote: Run, news: Path, home: Path
) -> None:
    assert pullquote("add", str(news)).code == 0
    file = home / "library" / "library.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "DROP TABLE turns; DROP TABLE sessions; DROP TABLE receipts; DROP TABLE feedback;"
            "DROP TABLE next_vectors; DROP TABLE reembedding;"
            "ALTER TABLE library DROP COLUMN model; ALTER TABLE library DROP COLUMN is_centred;"
            "UPDATE library SET schema_version = 1"
        )
    connection.close()
    for words in (("ask", "what did the bridge cost?"), ("receipts",), ("verify", "last")):
        ran = pullquote(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            f"pullquote: {file} is from an older Pullquote (library version 1). `pullquote doctor --repair` "
            "brings it up to date.\n"
        )
    assert pullquote("doctor", "--repair").code == 0
    assert pullquote("ask", "what did the bridge in Ghent cost?").code == 0
    assert pullquote("verify", "last").code == 0
