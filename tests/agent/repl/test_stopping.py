"""Ctrl-C at any moment of an answer: the sitting goes on, and the next answer is as it would have been."""

from __future__ import annotations

import random
import signal
from types import FrameType

import pytest

from agent.sessions import open_session
from tests.agent.repl.conftest import COST, COST_QUESTION, Desk

TIMES = 40
LONGEST = 0.6
"""Seconds; an answer takes less on a quiet machine, and on a busy one stops fall earlier in it."""


def test_a_sitting_survives_a_stop_at_any_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(20241203)

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    desk.do(COST_QUESTION)
    before = signal.signal(signal.SIGALRM, stop)
    stopped = 0
    try:
        for turn in range(TIMES):
            question = f"{COST_QUESTION} Question {turn}."
            try:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.001, LONGEST))
                _, err = desk.do(question)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                continue  # Between the answer and the taking away of the alarm.
            assert err in ("", "Stopped.\n", "Stopped. What is shown stays.\n"), err
            stopped += err.startswith("Stopped")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert stopped
    out, err = desk.do(COST_QUESTION)
    assert f"  [1] “{COST}”\n" in out and err == ""
    turns = open_session(desk.sitting.library, desk.sitting.session).turns
    kept = {turn.receipt for turn in turns}
    assert {entry.answer.receipt for entry in desk.sitting.entries} <= kept
    assert desk.do("/verify")[0].endswith((" citations stand.\n", "The citation stands.\n"))
