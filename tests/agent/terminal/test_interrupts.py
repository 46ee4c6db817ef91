"""Ctrl-C where Python would drop it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.terminal.interrupts import repeated_interrupts

ROOT = Path(__file__).parents[3]


class InterruptedWhenItGoes:
    """Ctrl-C comes while it is taken apart."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def wait() -> None:
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        time.sleep(0.01)


def test_ctrl_c_within_a_destructor_comes_again() -> None:
    with repeated_interrupts(), pytest.raises(KeyboardInterrupt):
        InterruptedWhenItGoes()
        wait()


def test_other_errors_that_are_dropped_are_told_as_before() -> None:
    script = (
        "from agent.terminal.interrupts import repeated_interrupts\n"
        "class Bad:\n"
        "    def __del__(self): raise ValueError('no')\n"
        "with repeated_interrupts():\n"
        "    Bad()\n"
        "print('on')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "on\n")
    assert "ValueError: no" in ran.stderr


def test_what_was_there_before_is_there_again() -> None:
    before = sys.unraisablehook
    with repeated_interrupts():
        assert sys.unraisablehook is not before
    assert sys.unraisablehook is before
