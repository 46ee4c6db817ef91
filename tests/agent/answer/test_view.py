from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.answer.answer import Agreement, Answer, EventDate, Mode, Statement, Verdict
from agent.answer.citations import cite
from agent.answer.numbering import Numbering
from agent.answer.view import GroupView, StatementView, view_answer, view_statements
from agent.generative import Style
from agent.render.slack.messages import answer_messages
from agent.render.text import render_answer
from agent.render.transcript import Entry, Transcript, save
from vectorstore import Article, Span, article_id

TEXT = "The dike broke. Ten left. Twenty left."
ARTICLE = Article(article_id(TEXT), TEXT, "en", "dike.txt", title="Dike")


def state(words: str, agreement: Agreement | None = None, conflict: int | None = None) -> Statement:
    start = TEXT.index(words)
    citation = cite(ARTICLE, Span(start, start + len(words)))
    return Statement(text=words, citations=(citation,), agreement=agreement, conflict=conflict)


BROKE = state("The dike broke.", Agreement.AGREED)
TEN, TWENTY = (state(words, Agreement.CONFLICTING, 1) for words in ("Ten left.", "Twenty left."))


def make_answer(*statements: Statement, model: str | None = None) -> Answer:
    return Answer(
        question="summarize it", mode=Mode.SUMMARY, verdict=Verdict.ANSWERED, confidence=1.0,
        statements=statements, language="en", generation=1, model=model,
    )  # fmt: skip


@pytest.fixture
def answer() -> Answer:
    return make_answer(BROKE, TEN, TWENTY)


def test_statements_stand_under_the_heading_of_how_they_stand() -> None:
    other = state("The dike broke.", Agreement.CONFLICTING, 2)
    assert view_statements([BROKE, TEN, TWENTY, other], [1, 2, 3, 4]) == (
        GroupView("Several sources say", (StatementView(BROKE, (1,)),)),
        GroupView(
            "Sources contradict each other",
            (StatementView(TEN, (2,)), StatementView(TWENTY, (3,), "  or: "), StatementView(other, (4,))),
        ),
    )
    plain = state("Ten left.")
    assert view_statements([plain], [7]) == (GroupView(None, (StatementView(plain, (7,)),)),)
    assert view_statements([], []) == ()
    assert not view_answer(make_answer(plain)).has_own_words
    assert view_answer(make_answer(BROKE)).has_own_words


def test_the_terminal_has_them_with_and_without_a_model(answer: Answer) -> None:
    quoted = render_answer(view_answer(answer)).plain.splitlines()
    assert quoted[:8] == [
        "3 sentences from 1 article, word for word as they stand there.",
        "",
        "Several sources say",
        "The dike broke. [1]",
        "",
        "Sources contradict each other",
        "Ten left. [2]",
        "  or: Twenty left. [3]",
    ]
    written = make_answer(BROKE, TEN, TWENTY, model="small")
    assert render_answer(view_answer(written)).plain.splitlines()[:6] == quoted[2:8]
    paragraph = render_answer(view_answer(written), style=Style.PARAGRAPH).plain.splitlines()
    assert paragraph[:5] == [
        "Several sources say",
        "The dike broke. [1]",
        "",
        "Sources contradict each other",
        "Ten left. [2] or: Twenty left. [3]",
    ]


def test_a_saved_session_has_them(answer: Answer, tmp_path: Path) -> None:
    transcript = Transcript("s", (Entry("?", answer),), Numbering(), datetime(2026, 11, 24, tzinfo=UTC))
    for name in ("out.md", "out.html"):
        save(tmp_path / name, transcript)
    lines = (tmp_path / "out.md").read_text("utf-8").splitlines()
    at = lines.index("Several sources say")
    assert lines[at : at + 9] == [
        "Several sources say",
        "",
        "The dike broke. [1]",
        "",
        "Sources contradict each other",
        "",
        "Ten left. [2]",
        "",
        "or: Twenty left. [3]",
    ]
    page = (tmp_path / "out.html").read_text("utf-8")
    assert '<p dir="auto">Sources contradict each other</p>' in page


def test_slack_has_them(answer: Answer) -> None:
    (message,) = answer_messages(answer)
    assert message.text.splitlines()[:6] == [
        "3 sentences from 1 article, word for word as they stand there.",
        "Several sources say",
        "The dike broke. [1]",
        "Sources contradict each other",
        "Ten left. [2]",
        "or: Twenty left. [3]",
    ]


def test_slack_and_a_saved_session_have_the_dates_of_a_timeline(tmp_path: Path) -> None:
    event = EventDate(first=date(2024, 12, 2), last=date(2024, 12, 2))
    dated = make_answer(BROKE.model_copy(update={"event": event}))
    (message,) = answer_messages(dated)
    assert message.text.splitlines()[1] == "2024-12-02: The dike broke. (several sources) [1]"
    transcript = Transcript("s", (Entry("?", dated),), Numbering(), datetime(2026, 11, 24, tzinfo=UTC))
    save(tmp_path / "out.html", transcript)
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "2024-12-02: The dike broke. (several sources) " in page
