"""Quotes near a question that names what they do not."""

from __future__ import annotations

from agent.answer.answer import Answer, Verdict
from agent.extractive.missing_names import note_missing_names
from tests.agent.newsroom import Newsroom, make_answer, quote

DUTCH = """De waterschappen sluiten de kering

Minister Barry Madlener waarschuwde dinsdag in Maastricht voor hoogwater. De waterschappen sluiten de kering.

In Zweden bleef het droog.
"""


def judge(newsroom: Newsroom, question: str, words: str, asked: str | None = None) -> Answer:
    article = newsroom.publish("a.txt", DUTCH)
    library = newsroom.library
    answer = make_answer(library, quote(article, words), question=question)
    return note_missing_names(answer, library, library.articles.get, library.passages.of_article, asked=asked)


def test_a_name_that_stands_around_the_quote_is_named(newsroom: Newsroom) -> None:
    judged = judge(
        newsroom, "What did the water boards do in Maastricht?", "De waterschappen sluiten de kering."
    )
    assert (judged.verdict, judged.notes) == (Verdict.ANSWERED, ())


def test_a_country_is_named_in_another_language(newsroom: Newsroom) -> None:
    judged = judge(newsroom, "Was it dry in Sweden?", "In Zweden bleef het droog.")
    assert (judged.verdict, judged.notes) == (Verdict.ANSWERED, ())


def test_names_that_stand_nowhere_near_make_it_partial(newsroom: Newsroom) -> None:
    judged = judge(
        newsroom,
        "Why did Kavanaugh warn of flooding in Tokyo?",
        "Minister Barry Madlener waarschuwde dinsdag in Maastricht voor hoogwater.",
    )
    assert (judged.verdict, judged.notes) == (
        Verdict.PARTIAL,
        (
            "“Kavanaugh” and “Tokyo”: not named in these quotes or around them, "
            "which may be about something else.",
        ),
    )
    assert judged.statements and not judged.missing


def test_names_that_a_session_carried_over_need_not_be_repeated(newsroom: Newsroom) -> None:
    dry = "In Zweden bleef het droog."
    for asked, verdict in (
        ("and was it dry there?", Verdict.ANSWERED),
        ("and was it dry in Tokyo?", Verdict.PARTIAL),
    ):
        judged = judge(newsroom, f"{asked} (Sweden, Kavanaugh)", dry, asked)
        assert judged.verdict is verdict
        assert all("Kavanaugh" not in note for note in judged.notes)
    assert judge(newsroom, "and was it dry there? (Sweden, Kavanaugh)", dry).verdict is Verdict.PARTIAL


def test_nothing_is_added_where_nothing_was_found(newsroom: Newsroom) -> None:
    nothing = make_answer(newsroom.library, question="What of Kavanaugh?")
    library = newsroom.library
    assert note_missing_names(nothing, library, library.articles.get, library.passages.of_article) is nothing
