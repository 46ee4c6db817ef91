"""Chat sessions with a model behind a scripted server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.generative import Writer
from agent.llm import ChatModel
from agent.settings.loading import load_settings
from tests.agent.chat.conftest import BeginChat, ChatDriver
from tests.agent.generative.conftest import QUESTION, saying
from tests.peers import wordings
from tests.peers.scripted_openai import ScriptedOpenAI

WARNED = ("Minister Anna Visser warned of flooding.", "warned of flooding along the Maas on Monday")
WRONG = ("Visser said that 9,900 soldiers would fill sandbags.", "1,200 soldiers")
Begin = Callable[[ScriptedOpenAI], ChatDriver]


@pytest.fixture
def begin(
    fill: Callable[[], None], begin_chat: BeginChat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Begin:
    """A chat session with the server's model."""

    def begin(server: ScriptedOpenAI) -> ChatDriver:
        fill()
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "small")
        settings = load_settings()
        model = ChatModel.connect(settings.model, tmp_path / "models", {})
        assert model is not None
        return begin_chat(Writer(model, settings.agent))

    return begin


def test_an_answer_and_why_it_is_so(begin: Begin) -> None:
    with ScriptedOpenAI(saying(WARNED, WRONG), models=("small", "large")) as server:
        driver = begin(server)
        out, _ = driver.do(QUESTION)
        assert out.splitlines()[0] == f"{WARNED[0]} [1]"
        assert "1 statement of the model's withheld: not supported by what is cited." in out
        why = driver.do("/why 1")[0].splitlines()
    assert why[0] == f"“{QUESTION}”"
    assert why[1].startswith("  verdict      partial; chance that the articles answer it: ")
    assert why[2] == f"  search       {QUESTION}; {why[2].rpartition('; ')[2]}"
    at = why.index("  withheld     1 statement that did not pass the checks")
    assert why[at + 1].startswith(f"               “{WRONG[0]}”: ") and "9,900" in why[at + 1].split("”: ")[1]
    assert f"  proves       {WARNED[0]}" in why
    assert "  checks       pointer: passed (stands in the stored text, to the letter)" in why
    assert any(line.startswith("  took ") and "tokens in 2 calls" in line for line in why)


def test_the_model_is_told_changed_and_left_out(begin: Begin) -> None:
    with ScriptedOpenAI(saying(WARNED), models=("small", "large")) as server:
        driver = begin(server)
        assert driver.do("/model")[1] == (
            f"small at {server.url}. /model none answers in quotes.\nIt also has: small, large\n"
        )
        assert driver.do("/model larg")[1] == (
            f"{server.url} has no model “larg”. Did you mean large? It has small, large.\n"
        )
        assert driver.do("/model large")[1] == f"large at {server.url} writes from now on.\n"
        driver.do(QUESTION)
        assert server.chats[-1].body["model"] == "large"
        assert driver.do("/model none")[1] == "No model: answers are quotes from now on.\n"
        asked = len(server.chats)
        assert "word for word" in driver.do(QUESTION)[0]
        assert len(server.chats) == asked
        assert driver.do("/model")[1] == "No model: answers are quotes; /model NAME lets one write.\n"


def test_a_model_taken_again_keeps_the_language_and_the_limits_of_the_chat(begin: Begin) -> None:
    with ScriptedOpenAI(saying(WARNED), models=("small", "large")) as server:
        chat = (driver := begin(server)).chat
        assert chat.writer is not None
        limits = chat.writer.settings.model_copy(update={"max_tokens": 777})
        chat.writer = replace(chat.writer, language="nl", settings=limits)
        for line in ("/model none", "/model none", "/model large"):
            driver.do(line)
        assert chat.writer.model.name == "large"
        assert (chat.writer.language, chat.writer.settings) == ("nl", limits)


def test_without_a_server_it_is_said_how_to_name_one(driver: ChatDriver) -> None:
    how = "set OPENAI_API_KEY, or: pullquote config set model.base_url http://127.0.0.1:8080/v1"
    assert driver.do("/model") == ("", f"No model: answers are quotes; for a model {how}.\n")
    assert driver.do("/model large") == ("", f"There is no server to ask a model of. Next: {how}\n")


def test_a_model_that_fails_is_replaced_by_quotes_with_the_reason(begin: Begin) -> None:
    with ScriptedOpenAI(wordings.WRONG_KEY) as server:
        driver = begin(server)
        out, _ = driver.do(QUESTION)
    assert "word for word" in out and "Quotes, because the model did not answer: " in out
