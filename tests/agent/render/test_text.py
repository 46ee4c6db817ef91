"""What reaches a terminal: nothing of an article or a server hides, turns or steers anything."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from agent.answer.view import view_answer
from agent.chat import Screen
from agent.cli import main
from agent.extractive.sources import describe_copies, find_sources
from agent.render.articles import render_article, render_quote
from agent.render.receipts import render_sessions
from agent.render.text import render_answer
from agent.terminal.safe_text import clean
from tests.agent.newsroom import Newsroom, make_answer, quote
from vectorstore import SessionHeader, Span

TEXT = "The new bridge in Ghent cost 12 million euros, which the council had not expected at all.\n"


def test_notes_name_articles_without_what_hides_in_their_titles(newsroom: Newsroom) -> None:
    articles = [
        newsroom.publish(
            f"{name}.md", f"---\ntitle: {name} \u202esdrawkcab\u200b\n---\n\n{TEXT}{name} says so.\n"
        )
        for name in ("One", "Two")
    ]
    notes = describe_copies(find_sources(articles))
    answer = make_answer(newsroom.library, quote(articles[0], TEXT.strip()))
    shown = render_answer(
        view_answer(answer.model_copy(update={"notes": notes})), is_last=False
    ).plain.splitlines()
    assert shown[-1] == "“One sdrawkcab” and “Two sdrawkcab” print one text and count as one source."


def test_complaints_quote_nothing_that_steers_the_screen(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    err = io.StringIO()
    Screen(io.StringIO(), err).complain("Several begin so:\n  a1  \x1b[2JBridge\u202e.")
    assert err.getvalue() == "Several begin so:\n  a1  [2JBridge.\n"
    folder = newsroom.folder.parent / "library"
    assert main(["--library", str(folder), "show", "\x1b[2Jabcd\u202e"]) == 2
    assert capsys.readouterr().err == (
        "pullquote: No article's id begins with “[2Jabcd”. `pullquote articles` lists the articles "
        "with their ids.\n"
    )


def test_a_quote_is_shown_as_it_is_spelt(newsroom: Newsroom) -> None:
    words = "Il a dit\u202e : «\u00a0M.\u00a0Macron doit 12\u202f000 euros\u00a0», et می\u200cخواهم."
    article = newsroom.publish("words.txt", f"Titre\n\n{words}\n")
    answer = make_answer(newsroom.library, quote(article, words))
    shown = render_answer(view_answer(answer), is_last=False).plain
    assert "  [1] “Il a dit : « M. Macron doit 12 000 euros », et می\u200cخواهم.”\n" in shown
    assert clean("M.\u00a0Macron\tet\nlui") == "M. Macron et lui"


def test_an_article_and_a_quote_in_its_place_turn_nothing_round(newsroom: Newsroom) -> None:
    words = "The harbour was sold for \u202e000,5\u202c euros\u2066 on Monday."
    article = newsroom.publish("harbour.txt", f"Sale\u202e in Quarnby\n\n{words} Nobody\u200b objected.")
    start = article.text.index(words)
    quoted = render_quote(
        article, Span(start, len(article.text)), Span(start, start + len(words))
    ).plain.splitlines()
    assert quoted[3:] == [
        ">>The harbour was sold for 000,5 euros on Monday.<< Nobody objected.",
        "",
        f"[{start}, {start + len(words)}) of {len(article.text)} in article {article.id}",
    ]
    assert render_article(article).plain.splitlines()[3:] == [
        "Sale in Quarnby",
        "",
        "The harbour was sold for 000,5 euros on Monday. Nobody objected.",
    ]


def test_a_long_question_is_cut_in_lists() -> None:
    at = datetime(2026, 11, 24, 15, 8, tzinfo=UTC)
    question = "who warned about cracks? " * 100
    header = SessionHeader(id="s", created=at, updated=at, turns=1, last_asked=question)
    assert render_sessions([header]).plain == (
        f"s  1 question, the last 2026-11-24 15:08 UTC\n  {question[:199]}…\n"
    )
