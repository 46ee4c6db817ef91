"""Ctrl-C while a model is asked: what was shown is kept whole, with all that is to be said of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from agent.answer.answer import Verdict
from agent.generative import AgentSettings, JudgeModel, Length, Style, Writer, WritingStopped
from agent.generative.summarizing import Summarizer
from agent.llm import ChatModel
from tests.agent.generative.conftest import Ask, saying
from tests.agent.generative.test_judging import DENIED, LEFT, SUPPORTED, WARNED, WRONG_NUMBER, judgement
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Stall
from vectorstore import Library

STOPPED = "Stopped before it was finished; what is shown passed its checks."


def stop(request: Request) -> Stall:
    """A step that is never answered: somebody presses Ctrl-C."""
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)
    return Stall()


def strict(connect: Callable[..., ChatModel], server: ScriptedOpenAI) -> JudgeModel:
    return JudgeModel(connect(server, name="strict"), 20)


def test_while_what_was_put_right_is_judged_what_was_shown_stays(
    write: Ask, connect: Callable[..., ChatModel]
) -> None:
    mended = ("Visser said that 1,200 soldiers would fill sandbags.", WRONG_NUMBER[1])
    with (
        ScriptedOpenAI(saying(WARNED, WRONG_NUMBER), saying(mended)) as server,
        ScriptedOpenAI(SUPPORTED, stop) as other,
        pytest.raises(KeyboardInterrupt) as stopped,
    ):
        write(server, judge=strict(connect, other))
    assert isinstance(stopped.value, WritingStopped)
    answer = stopped.value.answer
    assert [statement.text for statement in answer.statements] == [WARNED[0]]
    assert (answer.verdict, answer.withheld, answer.notes) == (Verdict.PARTIAL, 1, (STOPPED,))
    assert [name.partition("@")[0] for name in answer.prompts] == ["answer", "repair", "judge"]
    assert (len(server.chats), len(other.chats), answer.usage.model_calls) == (2, 2, 4)


def test_while_quotes_are_translated_it_says_what_was_not_judged_and_counts_the_request(
    write: Ask, connect: Callable[..., ChatModel]
) -> None:
    with (
        ScriptedOpenAI(saying(DENIED), stop) as server,
        ScriptedOpenAI(judgement("unclear")) as other,
        pytest.raises(KeyboardInterrupt) as stopped,
    ):
        write(server, judge=strict(connect, other))
    assert isinstance(stopped.value, WritingStopped)
    answer = stopped.value.answer
    assert [statement.text for statement in answer.statements] == [DENIED[0]]
    assert (answer.verdict, answer.notes) == (
        Verdict.ANSWERED,
        ("1 statement was not judged by strict, which `checks.judge` sets: it could not tell.",),
    )
    assert [name.partition("@")[0] for name in answer.prompts] == ["answer", "judge"]
    assert (len(server.chats), len(other.chats), answer.usage.model_calls) == (2, 1, 3)


def test_a_summary_of_which_nothing_was_shown_ends_there(
    library: Library, connect: Callable[..., ChatModel]
) -> None:
    article = next(
        library.articles.get(one.id)
        for one in library.articles.headers()
        if one.title == "Minister warns of flooding"
    )
    with ScriptedOpenAI(saying(LEFT, WRONG_NUMBER), stop) as server:
        writer = Writer(connect(server), AgentSettings())
        with pytest.raises(KeyboardInterrupt) as stopped:
            Summarizer(library, writer, Length.SHORT, Style.BULLETS).summarize_articles([article])
    assert not isinstance(stopped.value, WritingStopped)
    assert len(server.chats) == 2
