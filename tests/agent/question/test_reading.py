"""What is read out of questions: 280 that ask for a period, an outlet and so on, and 823 that do not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.question.reading import merge, read_question
from vectorstore import Filters, fold_name

QUESTIONS = Path(__file__).with_name("questions.jsonl")
"""Of our own, in thirteen languages, written without a look at what reads them (docs/benchmarks.md)."""

TODAY = date(2024, 11, 20)
OUTLETS = (
    *("Reuters", "The Guardian", "ANP", "de Volkskrant", "Der Spiegel", "Le Monde", "El País"),
    *("La Repubblica", "Folha de S.Paulo", "Gazeta Wyborcza", "РИА Новости", "Hürriyet", "الجزيرة"),
    *("新华社", "朝日新聞", "The Straits Times", "Time", "Nature"),
)
AUTHORS = ("Petra Lindqvist", "Jan de Boer", "María López", "田中太郎", "Ivan Petrov", "Aylin Demir")

MISREAD = {
    "1-it-02",  # A quarter of a year.
    "1-pl-05",  # The name is inflected.
    "1-ru-05",  # Taken for Ukrainian.
    "2-fr-06",  # "du Monde" is the newspaper's contracted article.
    "2-zh-10",  # The outlet has only the date behind it.
    "2-de-p13",  # Any Sunday.
}
"""Questions that are not read right; one that comes to be is taken out."""


class Names:
    def find_outlets(self, keys: Iterable[str]) -> dict[str, str]:
        return self._find(keys, OUTLETS)

    def find_authors(self, keys: Iterable[str]) -> dict[str, str]:
        return self._find(keys, AUTHORS)

    def _find(self, keys: Iterable[str], names: tuple[str, ...]) -> dict[str, str]:
        by_key = {fold_name(name): name for name in names}
        return {key: by_key[key] for key in set(keys) & by_key.keys()}


def read(question: str) -> dict[str, Any]:
    reading = read_question(question, Names(), TODAY, Filters())
    filters = reading.filters
    found: dict[str, Any] = {
        "since": filters.since and str(filters.since.date()),
        "until": filters.until and str((filters.until - timedelta(days=1)).date()),
        "outlets": list(filters.outlets),
        "authors": list(filters.authors),
        "languages": list(filters.languages),
        "newest_first": reading.newest_first,
    }
    return {name: value for name, value in found.items() if value}


def test_questions_in_thirteen_languages_are_read() -> None:
    wrong = set()
    for line in QUESTIONS.read_text("utf-8").splitlines():
        case = json.loads(line)
        if read(case["question"]) != case.get("read", {}):
            wrong.add(case["id"])
    assert wrong == MISREAD


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What happened last week?", "published 11–18 Nov 2024"),
        ("What happened between 28 October and 3 November?", "published 28 Oct – 4 Nov 2024"),
        ("What has happened since March?", "published since 1 March 2024"),
        ("Who was arrested before 5 May 2024?", "published until 4 May 2024"),
        ("Articles of 3 November 2024 on Malden", "published on 3 November 2024"),
        ("What do German newspapers say?", "in German"),
        ("The latest news from Reuters", "outlet Reuters, newest first"),
        ("Articles by Petra Lindqvist", "by Petra Lindqvist"),
        ("Who warned about Indo-Pacific security?", ""),
    ],
)
def test_what_was_read_is_said(question: str, words: str) -> None:
    assert read_question(question, Names(), TODAY, Filters()).words == words


def test_what_was_given_is_believed_before_the_question() -> None:
    given = Filters(since=datetime(2020, 1, 1, tzinfo=UTC), outlets=("ANP",))
    reading = read_question("What did Reuters say last week in Dutch articles?", Names(), TODAY, given)
    assert reading.words == "in Dutch"
    assert merge(given, reading.filters) == Filters(since=given.since, outlets=("ANP",), languages=("nl",))


@pytest.mark.parametrize(
    "question",
    ["What happened on 31 February 2024?", "What happened 99999999999 days ago?", "2024-13-45", "?"],
)
def test_a_day_that_is_none_is_not_read(question: str) -> None:
    assert read(question) == {}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What happened on 0001-01-01?", {"since": "1-01-01", "until": "1-01-02"}),
        ("What happened before 0001-01-01?", {"until": "1-01-01"}),
        ("What happened after 9999-12-31?", {}),
        ("What has happened since 0001-01-01?", {"since": "1-01-01"}),
    ],
)
def test_the_ends_of_the_calendar_are_no_fault(question: str, found: dict[str, str]) -> None:
    assert {name: day.lstrip("0") for name, day in read(question).items()} == found


_PIECES = (
    *("what did ", "Reuters", " say", " since ", " between ", " and ", "3", "31 December", " 0001-01-01"),
    *(
        "9999",
        "last week",
        " articles by ",
        "Jan de Boer",
        "“",
        "seit ",
        "vom ",
        " bis ",
        "2024年",
        "12月3日",
    ),
    *(
        "から",
        "至",
        "'",
        "منذ ",
        "٣",
        " و",
        "yesterday",
        " 99999 days ago",
        "May",
        "in ",
        "\u202e",
        "\n",
        ".",
    ),
)


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=12).map("".join))
def test_any_question_is_read(question: str) -> None:
    filters = read_question(question, Names(), TODAY, Filters()).filters
    assert not (filters.since and filters.until) or filters.since < filters.until
