from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sessions.followups import MOST_CARRIED, find_names, leans, make_standalone, merge_filters
from vectorstore import Filters, Turn

FIRST = "Who warned about Indo-Pacific security in Sweden in 2024?"
JANUARY = Filters(since=datetime(2024, 1, 1, tzinfo=UTC), until=datetime(2024, 2, 1, tzinfo=UTC))


def turn(asked: str, question: str | None = None, filters: Filters | None = None) -> Turn:
    return Turn(asked, question or asked, filters or Filters(), None)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (FIRST, ("Indo-Pacific", "Sweden", "2024")),
        ("wat zei Pål Jonson in de NAVO?", ("Pål Jonson", "NAVO")),
        ("What did the G7 and Kobayashi say on 3 December 2024?", ("G7", "Kobayashi", "3 December 2024")),
        ("North Korea: what did North Korea say?", ("North Korea",)),
        ("Did Macron visit?", ("Macron",)),
        ("New York or Los Angeles?", ("New York", "Los Angeles")),
        ("North, south or both?", ()),
        ("Qu'a dit Macron à Paris ?", ("Macron", "Paris")),
        ("кто предупредил Швецию?", ("Швецию",)),
        ("Bridges, who builds them?", ()),
        ("iPhone sales?", ("iPhone",)),
        ("who won?", ()),
        ("谁警告了印度？", ()),
        ("", ()),
    ],
)
def test_names_are_runs_of_capitals_and_numbers(question: str, names: tuple[str, ...]) -> None:
    assert find_names(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "what did he say?",
        "what did he say about Norway and Sweden?",
        "was hat der Minister zu ihm gesagt?",
        "and what about Norway?",
        "why?",
        "Jonson?",
        "how many soldiers were sent?",
        "wat zei hij daar?",
        "en wat deed Rusland daarna?",
        "was hat er gesagt?",
        "qu'a-t-elle répondu au président ?",
        "¿y qué respondió ella al presidente?",
        "что он сказал?",
        "他还说了什么？",
        "为什么？",
        "彼は何と言いましたか？",
    ],
)
def test_questions_that_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "who won the 1998 World Cup?",
        "what is the boiling point of water at sea level?",
        "hoe maak je zelf een appeltaart met rozijnen?",
        "wie zijn de leiders van Rusland?",
        "is er water op Mars?",
        "How old was Manning when he played in his first Super Bowl?",
        "qui était Luther et que disait-il de ses vœux ?",
        "谁赢得了一九九八年法国世界杯足球赛的冠军？",
        "?",
    ],
)
def test_questions_that_stand_alone(question: str) -> None:
    assert not leans(question)
    assert make_standalone(question, [turn(FIRST)]) == (question, ())


def test_the_first_question_carries_nothing() -> None:
    assert make_standalone("what did he say?", []) == ("what did he say?", ())


def test_names_and_filters_of_the_question_before_are_carried() -> None:
    before = [turn("who is Kim?"), turn(FIRST, filters=JANUARY)]
    names = ("Indo-Pacific", "Sweden", "2024")
    assert make_standalone("what did he say?", before) == (
        "what did he say? (Indo-Pacific, Sweden, 2024)",
        names,
    )
    assert make_standalone("and in sweden and Norway, what about SWEDEN?", before) == (
        "and in sweden and Norway, what about SWEDEN? (Indo-Pacific, 2024)",
        ("Indo-Pacific", "2024"),
    )
    alone = "who won the Football World Cup in France?"
    assert make_standalone(alone, before) == (alone, ())


def test_carrying_goes_on_without_growing() -> None:
    turns = [turn(FIRST)]
    for asked in ("and Norway?", "and Finland?", "and Denmark?", "and Iceland?", "and Åland?", "and Kenya?"):
        question, carried = make_standalone(asked, turns)
        assert len(carried) <= MOST_CARRIED
        turns.append(turn(asked, question))
    assert turns[-1].question == "and Kenya? (Åland, Iceland, Denmark, Finland, Norway, Indo-Pacific)"


def test_a_question_without_names_is_carried_whole_and_once() -> None:
    turns = [turn("who won the election?")]
    for asked in ("why?", "when?", "how?"):
        question, carried = make_standalone(asked, turns)
        assert (question, carried) == (
            f"{asked} (who won the election?)",
            ("who won the election?",),
        )
        turns.append(turn(asked, question))
    assert make_standalone("why?", [turn("why?")]) == ("why?", ())
    assert make_standalone("他还说了什么？", [turn("谁警告了印度？")])[0] == (
        "他还说了什么？ (谁警告了印度？)"
    )


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_a_question_always_stays_as_it_was_asked_at_the_front(question: str, before: list[str]) -> None:
    alone, carried = make_standalone(question, [turn(asked) for asked in before])
    assert alone.startswith(question)
    assert (alone == question) == (not carried)


def test_filters_given_replace_those_carried_kind_by_kind() -> None:
    carried = Filters(JANUARY.since, JANUARY.until, ("A",), ("B",), ("nl",), ("0123456789abcdef",))
    assert merge_filters(Filters(), carried) == carried
    assert merge_filters(carried, JANUARY) == carried
    march = datetime(2024, 3, 1, tzinfo=UTC)
    assert merge_filters(Filters(since=march, outlets=("C",)), carried) == Filters(
        march, None, ("C",), ("B",), ("nl",), ("0123456789abcdef",)
    )
