"""Ctrl-C at any moment of an answer: the chat goes on, and the next answer is as it would have been."""

from __future__ import annotations

import json
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import pytest

from agent.answer.numbering import Numbering
from agent.answer.receipts import list_session
from agent.generative import Writer
from agent.llm import ChatModel
from agent.sessions.sessions import open_session
from agent.settings.loading import load_settings
from agent.terminal.interrupts import repeated_interrupts
from tests.agent.chat.conftest import COST, COST_QUESTION, ChatDriver
from tests.agent.generative.conftest import find_label, reply
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Text

TIMES = 30
LONGEST = 0.6
"""Seconds; an answer takes less on a quiet machine, and on a busy one stops fall earlier in it."""
STOPPED = ("", "Stopped.\n", "Stopped. What is shown stays.\n")


def stop_at_random(driver: ChatDriver) -> int:
    """Ask `TIMES` questions, each stopped at a random moment unless it was answered before; how many were."""
    chance = random.Random(20241203)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGALRM, stop)
    stopped = 0
    try:
        with repeated_interrupts(), suppress(KeyboardInterrupt):
            for turn in range(TIMES):
                try:
                    signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.001, LONGEST))
                    _, err = driver.do(f"{COST_QUESTION} Question {turn}.")
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except KeyboardInterrupt:
                    continue  # Between the answer and the taking away of the alarm.
                assert err in STOPPED, err
                stopped += err != ""
            time.sleep(0.1)  # One that was dropped comes again.
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return stopped


def check_what_is_kept(driver: ChatDriver) -> None:
    """Turns, receipts and numbers tell of the same session as the screen did."""
    chat = driver.chat
    turns = open_session(chat.library, chat.session).turns
    receipts = list_session(chat.library, chat.session)
    assert [turn.receipt for turn in turns] == [receipt.id for receipt in receipts]
    assert {entry.answer.receipt for entry in chat.entries} <= {receipt.id for receipt in receipts}
    kept = dict(Numbering.of_receipts(receipts).numbered)
    shown = dict(chat.numbering.numbered)
    assert kept.items() <= shown.items()
    assert driver.do("/verify")[0].endswith((" citations are valid.\n", "The citation is valid.\n"))


def test_a_chat_survives_a_stop_at_any_moment(driver: ChatDriver) -> None:
    driver.do(COST_QUESTION)
    assert stop_at_random(driver)
    out, err = driver.do(COST_QUESTION)
    assert f"  [1] “{COST}”\n" in out and err == ""
    check_what_is_kept(driver)


def test_so_does_one_with_a_model(
    driver: ChatDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(request: Request) -> Text:
        if "You rewrite the last question" in request.body["messages"][0]["content"]:
            return Text(json.dumps({"question": COST_QUESTION}))
        labels = [find_label(request, words) for words in ("cost 12 million", "calls it a gift")]
        said = (("The bridge cost 12 million euros.", labels[:1]), ("It is called a gift.", labels[1:]))
        return Text(reply(*said), piece=2)

    with ScriptedOpenAI(serve) as server:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")
        settings = load_settings()
        model = ChatModel.connect(settings.model, tmp_path / "models", {})
        assert model is not None
        driver.chat.writer = Writer(model, settings.agent)
        driver.do(COST_QUESTION)
        stop_at_random(driver)
        out, err = driver.do(COST_QUESTION)
    assert out.startswith("The bridge cost 12 million euros. [1]\nIt is called a gift. [2]\n"), out
    assert err == ""
    check_what_is_kept(driver)
