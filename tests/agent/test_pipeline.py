"""Questions that name when, where and by whom articles were published, answered from a real library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from agent.answer.answer import Answer, Verdict
from agent.answer.receipts import read_receipt
from agent.answer.request import Request
from agent.pipeline import Pipeline
from agent.settings.sections import AnswerSettings
from tests.agent.newsroom import Newsroom
from vectorstore import Filters, Given

ARTICLES = {
    "early": (
        "Harbour vote postponed\n\nThe council of Larvik postponed its vote on the new harbour on Tuesday.",
        Given.parse(outlet="Reuters", published="2024-12-03", authors=("Maria Delgado",)),
    ),
    "middle": (
        "Harbour plan criticised\n\nFishermen criticised the plan for the new harbour of Larvik on Thursday.",
        Given.parse(outlet="The Courier", published="2024-12-05"),
    ),
    "late": (
        "Harbour approved\n\nThe council of Larvik approved the new harbour with 17 votes to 12 on Thursday.",
        Given.parse(outlet="Reuters", published="2024-12-12"),
    ),
    "undated": (
        "Harbour of Larvik\n\nThe new harbour of Larvik is to have room for forty ferries, its builders say.",
        Given.parse(outlet="The Courier"),
    ),
}
TODAY = date(2024, 12, 18)


@pytest.fixture
def ask(newsroom: Newsroom) -> Callable[..., Answer]:
    for name, (text, given) in ARTICLES.items():
        path = newsroom.folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        newsroom.library.add([path], given)

    def ask_one(question: str, filters: Filters | None = None, **settings: bool) -> Answer:
        pipeline = Pipeline(newsroom.library, AnswerSettings(**settings), today=TODAY)
        return pipeline.answer(Request(question=question, filters=filters or Filters()))

    return ask_one


def days(answer: Answer) -> list[str | None]:
    return [citation.published for citation in answer.citations()]


def test_the_days_of_a_question_filter_and_are_said(ask: Callable[..., Answer]) -> None:
    answer = ask("What did the council of Larvik do about the harbour last week?")
    assert set(days(answer)) == {"2024-12-12"}
    assert answer.notes == (
        "Read as: published 9–16 Dec 2024.",
        "1 article without a date was left out.",
    )


def test_the_latest_comes_first(ask: Callable[..., Answer]) -> None:
    answer = ask("What is the latest on the harbour of Larvik?")
    found = days(answer)
    assert found[0] == "2024-12-12"
    assert [day for day in found if day] == sorted(filter(None, found), reverse=True)
    assert "Read as: newest first." in answer.notes


def test_an_outlet_that_is_asked_to_speak_filters(ask: Callable[..., Answer]) -> None:
    answer = ask("What did the Courier say about the harbour of Larvik?")
    assert {citation.outlet for citation in answer.citations()} == {"The Courier"}
    assert answer.notes == ("Read as: outlet The Courier.",)


def test_an_author_filters(ask: Callable[..., Answer]) -> None:
    answer = ask("What did Maria Delgado write about the harbour of Larvik?")
    assert set(days(answer)) == {"2024-12-03"}
    assert answer.notes == ("Read as: by Maria Delgado.",)


def test_the_language_that_is_asked_for_need_not_be_named_in_the_quotes(ask: Callable[..., Answer]) -> None:
    answer = ask("What do English newspapers say about the harbour of Larvik?")
    assert (answer.verdict, answer.notes) == (Verdict.ANSWERED, ("Read as: in English.",))


def test_what_leaves_no_article_is_undone(ask: Callable[..., Answer]) -> None:
    answer = ask("What did the council of Larvik decide about the harbour on 4 May 2019?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.notes == (
        "Nothing that is published 4–5 May 2019 answers this; all articles were searched.",
    )


def test_what_leaves_nothing_that_answers_is_undone(ask: Callable[..., Answer]) -> None:
    answer = ask("What did fishermen criticise on 12 December?")
    assert answer.verdict is Verdict.ANSWERED
    assert "2024-12-05" in days(answer)
    assert answer.notes == (
        "Nothing that is published 12–13 Dec 2024 answers this; all articles were searched.",
    )


def test_the_receipt_has_the_filters_in_force(ask: Callable[..., Answer], newsroom: Newsroom) -> None:
    answer = ask("What did the council of Larvik do about the harbour last week?")
    (stored,) = newsroom.library.receipts.find(str(answer.receipt))
    receipt = read_receipt(stored)
    assert receipt.filters.since == datetime(2024, 12, 9, tzinfo=UTC)


def test_a_question_is_not_read_where_the_settings_say_so(ask: Callable[..., Answer]) -> None:
    answer = ask("What did the council of Larvik do about the harbour last week?", read_question=False)
    assert {"2024-12-03", "2024-12-12"} <= set(days(answer))
    assert answer.notes == ()


def test_a_pasted_page_is_read_no_further_than_it_is_searched_for(ask: Callable[..., Answer]) -> None:
    page = "What did the council of Larvik say about the harbour? " + "It wrote to the minister. " * 4_000
    answer = ask(page + " What did Reuters say on 4 May 2019?")
    assert not any(note.startswith(("Read as", "Nothing that is")) for note in answer.notes)
    assert answer.notes[-1].startswith("Only the first ")
