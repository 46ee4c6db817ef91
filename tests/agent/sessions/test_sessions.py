from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import AnswerStopped, Pipeline, Request, ask
from agent.answer.answer import Answer
from agent.answer.citations import LoadArticle, recheck
from agent.answer.receipts import find_receipt
from agent.sessions.sessions import (
    Exchange,
    Session,
    SessionQuestion,
    describe_filters,
    follow_up,
    open_session,
    recall_history,
    record_turn,
    remove_session,
)
from agent.settings.sections import AnswerSettings, ReceiptSettings, SessionSettings
from tests.agent.newsroom import Newsroom, make_answer
from vectorstore import Filters, Library, PullquoteError, SetupError, Turn

LIMITS = SessionSettings()
JANUARY = Filters(since=datetime(2024, 1, 1, tzinfo=UTC), until=datetime(2024, 2, 1, tzinfo=UTC))
BRIDGE = "Bridge in Ghent\n\nThe new bridge in Ghent cost 12 million euros. It opens to cyclists in May."
SWEDEN = "Sweden warns\n\nSweden warned on Monday that the Indo-Pacific is less secure than before."


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize("name", ["", "  \n", "x" * 201, "a\x00b", "a\u202eb"])
def test_some_names_are_none(newsroom: Newsroom, name: str) -> None:
    with pytest.raises(PullquoteError, match=r"cannot be a session's name: give 1 to 200 printable"):
        open_session(newsroom.library, name)


def test_a_new_session_has_no_turns_and_its_first_question_stands(newsroom: Newsroom) -> None:
    session = open_session(newsroom.library, " slack:C1  1700.1 ")
    assert session == Session("slack:C1 1700.1")
    assert follow_up(session, "why?", JANUARY) == SessionQuestion(session, "why?", "why?", JANUARY)


def test_what_is_carried_over_is_said() -> None:
    before = Session("mine", (Turn("Who is Jonson?", "Who is Jonson?", JANUARY, None),))
    given_with_it = Filters(outlets=("De Krant",))
    assert follow_up(before, "what did he say?", given_with_it) == SessionQuestion(
        before,
        "what did he say?",
        "what did he say? (Jonson)",
        Filters(JANUARY.since, JANUARY.until, ("De Krant",)),
        (
            "Read after the question before as “what did he say? (Jonson)”.",
            "As for the question before, only: from 2024-01-01, until 2024-01-31. Another session asks all "
            "articles.",
        ),
    )


def test_a_model_may_have_made_the_question_stand_alone() -> None:
    before = Session("mine", (Turn("Who is Jonson?", "Who is Jonson?", JANUARY, None),))
    asked = follow_up(before, "what did he say?", Filters(), "What did Jonson say?")
    assert asked == SessionQuestion(
        before,
        "what did he say?",
        "What did Jonson say?",
        JANUARY,
        (
            "Read after the question before as “What did Jonson say?”.",
            "As for the question before, only: from 2024-01-01, until 2024-01-31. Another session asks all "
            "articles.",
        ),
    )
    assert follow_up(before, "who?", JANUARY, "who?") == SessionQuestion(before, "who?", "who?", JANUARY)


@pytest.mark.parametrize(
    ("filters", "described"),
    [
        (Filters(), ""),
        (JANUARY, "from 2024-01-01, until 2024-01-31"),
        (
            Filters(outlets=("A", "B"), authors=("C",), languages=("nl",), articles=("0123456789abcdef",)),
            "outlet A or B, author C, language nl, article 0123456789abcdef",
        ),
        (Filters(collections=("/srv/news",)), "collection /srv/news"),
    ],
)
def test_filters_in_words(filters: Filters, described: str) -> None:
    assert describe_filters(filters) == described


def test_a_session_goes_on_and_its_receipts_tell_of_it(newsroom: Newsroom) -> None:
    newsroom.publish("bridge.txt", BRIDGE)
    newsroom.publish("sweden.txt", SWEDEN)
    library = newsroom.library
    first = ask(library, "what did the bridge in Ghent cost?", session="mine")
    only_english = Filters(languages=("en",))
    second = ask(library, "and when does it open?", only_english, session="mine")
    third = ask(library, "who warned about the Indo-Pacific?", session="mine")
    assert library.sessions.turns("mine") == (
        Turn(first.question, first.question, Filters(), first.receipt),
        Turn("and when does it open?", "and when does it open? (Ghent)", only_english, second.receipt),
        Turn(third.question, third.question, only_english, third.receipt),
    )
    assert second.question == "and when does it open? (Ghent)"
    assert second.notes == ("Read after the question before as “and when does it open? (Ghent)”.",)
    assert third.notes == (
        "As for the question before, only: language en. Another session asks all articles.",
    )
    assert {citation.title for citation in second.citations()} == {"Bridge in Ghent"}
    receipt = find_receipt(library, "last")
    assert (receipt.session, receipt.question, receipt.filters) == ("mine", third.question, only_english)
    assert receipt.answer == third
    history = recall_history(library, open_session(library, "mine"), words, 1000)
    assert [exchange.question for exchange in history] == [first.question, second.question, third.question]
    assert "12 million euros" in history[0].answer


def keep_turns(newsroom: Newsroom, *questions: str) -> Session:
    library = newsroom.library
    for question in questions:
        asked = follow_up(open_session(library, "mine"), question, Filters(), question)
        record_turn(library, asked, make_answer(library), LIMITS)
    return open_session(library, "mine")


def test_ctrl_c_after_the_last_word_leaves_the_answer_and_its_turn(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish("bridge.txt", BRIDGE)
    library = newsroom.library

    def press(answer: Answer, load: LoadArticle) -> Answer:
        signal.raise_signal(signal.SIGINT)
        return recheck(answer, load)

    monkeypatch.setattr("agent.pipeline.recheck", press)
    with pytest.raises(KeyboardInterrupt) as stopped:
        ask(library, "what did the bridge in Ghent cost?", session="mine")
    assert isinstance(stopped.value, AnswerStopped)
    kept = stopped.value.answer
    assert kept.receipt is not None and kept.statements
    assert [turn.receipt for turn in library.sessions.turns("mine")] == [kept.receipt]
    assert find_receipt(library, kept.receipt).answer == kept


def test_history_is_the_newest_that_fits(newsroom: Newsroom) -> None:
    session = keep_turns(newsroom, "one two three", "four five", "six")
    history = [
        [exchange.question for exchange in recall_history(newsroom.library, session, words, budget)]
        for budget in range(7)
    ]
    last_two = ["four five", "six"]
    assert history == [[], ["six"], ["six"], last_two, last_two, last_two, ["one two three", *last_two]]


def test_an_answer_that_does_not_fit_is_left_out_of_the_history(newsroom: Newsroom) -> None:
    newsroom.publish("bridge.txt", BRIDGE)
    library = newsroom.library
    asked = Request(question="what did the bridge cost?", session="mine")
    answer = Pipeline(library, AnswerSettings(quotes=1)).answer(asked)
    session = open_session(library, "mine")
    said = " ".join(statement.text for statement in answer.statements)
    full = words(answer.question) + words(said)
    assert recall_history(library, session, words, full) == (Exchange(answer.question, said),)
    assert recall_history(library, session, words, full - 1) == (Exchange(answer.question, ""),)
    assert recall_history(library, session, words, 4) == ()


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(0, 100))
def test_history_never_exceeds_its_budget(lengths: list[int], budget: int) -> None:
    turns = tuple(Turn("", " ".join("x" * length), Filters(), None) for length in lengths)
    history = recall_history(NO_LIBRARY, Session("mine", turns), words, budget)
    costs = [words(exchange.question) for exchange in history]
    assert sum(costs) <= budget
    assert costs == lengths[len(lengths) - len(costs) :]
    if len(costs) < len(lengths):
        assert sum(costs) + lengths[-len(costs) - 1] > budget


NO_LIBRARY: Library = None  # type: ignore[assignment]
"""Turns without receipts have nothing to look up."""


def test_old_turns_sessions_and_receipts_go_by_the_settings(newsroom: Newsroom) -> None:
    library = newsroom.library
    receipts, sessions = ReceiptSettings(keep=2), SessionSettings(keep=1, turns=3)
    pipeline = Pipeline(library, receipts=receipts, sessions=sessions)
    for number in range(5):
        pipeline.answer(Request(question=f"what is {number}?", session="mine"))
    turns = library.sessions.turns("mine")
    assert [turn.asked for turn in turns] == ["what is 2?", "what is 3?", "what is 4?"]
    assert [turn.receipt is None for turn in turns] == [True, False, False]
    pipeline.answer(Request(question="what is new?", session="yours"))
    assert [header.id for header in library.sessions.headers()] == ["yours"]


def test_removing_a_session(newsroom: Newsroom) -> None:
    keep_turns(newsroom, "why?")
    remove_session(newsroom.library, " mine ")
    with pytest.raises(PullquoteError) as unknown:
        remove_session(newsroom.library, "mine")
    assert str(unknown.value) == "There is no session “mine”. `pullquote sessions` lists those there are."


def test_a_session_that_cannot_be_written_answers_and_says_so(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish("bridge.txt", BRIDGE)

    def refuse(*_: object, **__: object) -> None:
        raise SetupError("read-only")

    write: Callable[..., None] = refuse
    monkeypatch.setattr("vectorstore.store.sqlite.SqliteFile.write", write)
    answer = ask(newsroom.library, "what did the bridge cost?", session="mine")
    assert answer.statements and answer.receipt is None
    assert answer.notes == (
        "The session “mine” does not remember this question: the library cannot be written to.",
    )


def test_days_are_told_as_days() -> None:
    moment = datetime(2024, 3, 1, 13, 30, tzinfo=UTC)
    assert describe_filters(Filters(moment, moment + timedelta(hours=1))) == (
        "from 2024-03-01, until 2024-03-01"
    )
