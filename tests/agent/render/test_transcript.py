from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.answer.answer import Answer, Statement, Usage, Verdict
from agent.answer.citations import cite
from agent.answer.numbering import Numbering
from agent.render.transcript import Entry, SavedSession, Transcript, save
from tests.agent.chromium import open_chromium
from tests.agent.newsroom import Newsroom, make_answer, quote
from vectorstore import PullquoteError, Span

COST, OPENS = "The *new* bridge cost <b>12</b> million.", "1. It opens [to](https://evil.example) cyclists."
FLOOD = """---
title: "# Flood | <script>alert(1)</script>"
outlet: The Courier
date: 2024-12-03
url: https://courier.example/flood
---

The new bridge was closed on Monday.
"""


@pytest.fixture
def transcript(newsroom: Newsroom) -> Transcript:
    """Two questions: one answered in quotes, one by a model in a statement that cites both articles."""
    bridge = newsroom.publish("bridge.txt", f"Bridge in Ghent\n\n{COST}\n\n{OPENS}\n")
    flood = newsroom.publish("flood.md", FLOOD)
    closed = "The new bridge was closed on Monday."
    first = make_answer(newsroom.library, quote(bridge, COST), quote(bridge, OPENS), question="cost?")
    at = flood.text.index(closed)
    closing = cite(flood, Span(at, at + len(closed))).model_copy(
        update={"translation": "De brug was <dicht>."}
    )
    second = Answer(
        question="and when did it close?",
        mode="agent",
        verdict=Verdict.PARTIAL,
        confidence=0.8,
        statements=(Statement(text="It was closed on Monday.", citations=(closing, first.citations()[0])),),
        withheld=1,
        notes=("Read after the question before as “when did the bridge close?”.",),
        language="en",
        generation=2,
        model="small",
        receipt="bcdfgh",
        usage=Usage(model_calls=1),
    )
    entries = (Entry("what did the bridge *cost*?", first), Entry("and when?", second))
    return Transcript("chat 2026-11-24", entries, Numbering(), datetime(2026, 11, 24, 14, 5, tzinfo=UTC))


def test_markdown(transcript: Transcript, tmp_path: Path) -> None:
    save(tmp_path / "out.md", transcript)
    text = (tmp_path / "out.md").read_text("utf-8")
    bridge, flood = (entry.answer.citations()[0] for entry in transcript.entries)
    title, link = flood.title, flood.link
    assert (title, link) == (
        "# Flood | <script>alert(1)</script>",
        "https://courier.example/flood#:~:text=The%20new%20bridge%20was%20closed%20on%20Monday.",
    )
    assert text == (
        "# chat 2026-11-24\n\nSaved 2026-11-24 14:05 UTC by Pullquote.\n\n"
        "## what did the bridge \\*cost\\*?\n\n"
        "2 quotes from 1 article, word for word as they stand there.\n\n"
        "**Bridge in Ghent**  \n"
        f"no date · en · {bridge.article} · {_plain(bridge.origin)}\n\n"
        "- [1] “The \\*new\\* bridge cost \\<b\\>12\\</b\\> million.”\n"
        "- [2] “1. It opens \\[to\\]\\(https://evil.example\\) cyclists.”\n\n"
        "## and when?\n\n"
        "It was closed on Monday. [3] [1]\n\n"
        "**\\# Flood \\| \\<script\\>alert\\(1\\)\\</script\\>**  \n"
        f"The Courier · 2024-12-03 · en · {flood.article} · {_plain(flood.origin)}\n\n"
        f"- [3] “The new bridge was closed on Monday.” ([open](<{link}>))\n"
        "  translation by small: De brug was \\<dicht\\>.\n\n"
        "**Bridge in Ghent**  \n"
        f"no date · en · {bridge.article} · {_plain(bridge.origin)}\n\n"
        "- [1] “The \\*new\\* bridge cost \\<b\\>12\\</b\\> million.”\n\n"
        "This may be only part of the answer.\n\n"
        "1 statement of the model's withheld: not supported by what is cited.\n\n"
        "Read after the question before as “when did the bridge close?”.\n\n"
        "Written by small. Receipt bcdfgh.\n"
    )


def _plain(path: str | None) -> str:
    return (path or "").replace("_", "\\_")


def test_json_is_the_answers_by_their_field_names(transcript: Transcript, tmp_path: Path) -> None:
    save(tmp_path / "out.json", transcript)
    text = (tmp_path / "out.json").read_text("utf-8")
    saved = SavedSession.model_validate_json(text)
    assert [(entry.question, entry.numbers) for entry in saved.entries] == [
        ("what did the bridge *cost*?", (1, 2)),
        ("and when?", (3, 1)),
    ]
    assert [entry.answer for entry in saved.entries] == [entry.answer for entry in transcript.entries]
    assert list(json.loads(text)) == ["schema_version", "session", "saved", "entries"]


def test_html_has_a_place_for_every_number_and_nothing_of_an_articles_in_its_markup(
    transcript: Transcript, tmp_path: Path
) -> None:
    save(tmp_path / "out.HTML", transcript)
    text = (tmp_path / "out.HTML").read_text("utf-8")
    assert [text.count(f'id="c{number}"') for number in (1, 2, 3)] == [1, 1, 1]
    assert '<p dir="auto">It was closed on Monday. <a href="#c3">[3]</a> <a href="#c1">[1]</a></p>' in text
    assert "<script" not in text and "<b>" not in text and "<dicht>" not in text
    assert "translation by small: De brug was &lt;dicht&gt;." in text
    assert text.count('href="https://') == 1 and 'href="https://courier.example/flood#:~:text=' in text


def test_a_browser_opens_the_page_at_a_number_and_asks_nobody(transcript: Transcript, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    save(path, transcript)
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 300})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{path.as_uri()}#c3")
        box = page.evaluate(
            """() => {
                const box = document.getElementById("c3").getBoundingClientRect();
                return box.top >= 0 && box.top < window.innerHeight;
            }"""
        )
        words = page.text_content("#c3")
        page.close()
    assert box is True
    assert words == (
        "[3] “The new bridge was closed on Monday.” opentranslation by small: De brug was <dicht>."
    )
    assert asked == [path.as_uri()]


@pytest.mark.parametrize("name", ["out", "out.txt", "out.md.bak"])
def test_a_suffix_that_names_no_form_is_refused(transcript: Transcript, tmp_path: Path, name: str) -> None:
    with pytest.raises(PullquoteError) as refused:
        save(tmp_path / name, transcript)
    assert str(refused.value) == (
        f"{tmp_path / name} has no suffix that says how to save: give a name in .md, .json or .html."
    )


def test_a_file_that_is_there_is_written_over_only_when_asked(transcript: Transcript, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("mine", "utf-8")
    with pytest.raises(PullquoteError) as refused:
        save(path, transcript)
    assert str(refused.value) == (
        f"{path} exists already. Give another name, or write over it: /save --overwrite {path}"
    )
    assert path.read_text("utf-8") == "mine"
    save(path, transcript, overwrite=True)
    assert path.read_text("utf-8").startswith("# chat 2026-11-24\n")
    assert [each.name for each in tmp_path.glob("*note*")] == ["notes.md"]


def test_a_place_that_cannot_be_written_is_named_with_the_reason(
    transcript: Transcript, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "out.md"
    with pytest.raises(PullquoteError) as refused:
        save(path, transcript)
    assert str(refused.value) == (
        f"{path} cannot be written (No such file or directory). Give another place: /save ~/out.md"
    )
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(PullquoteError, match="cannot be written"):
        save(tmp_path / "folder.md", transcript, overwrite=True)
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []
