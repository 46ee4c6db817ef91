"""A run that is killed for good is resumed where it stopped."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.cli import main
from eval.runs.folder import read_scored
from tests.peers.forked import Forked

REPEATS = 5
SECONDS = 240
"""Until the first answers; a loaded machine takes its time to load the embedder."""


def test_a_killed_run_loses_no_answer_and_asks_none_twice(
    pullquote: Callable[..., Any], fleet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "runs"
    words = ("eval", "run", str(fleet), "--repeats", str(REPEATS), "--out", str(out))
    process = Forked(main, words)
    try:
        answers = wait_for_answers(out, 5)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    kept = answers.read_bytes().count(b"\n")
    assert 5 <= kept < 8 * REPEATS
    ran = pullquote(*words)
    assert ran.code == 0, ran.err
    assert ran.err.splitlines()[0] == f"fleet: resuming {answers.parent}, {kept} answers are there"
    rows = read_scored(answers.parent).run.answers
    assert len(rows) == len({(row.case, row.repeat) for row in rows}) == 8 * REPEATS


def wait_for_answers(out: Path, number: int) -> Path:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for path in out.glob("*/answers.jsonl"):
            if path.read_bytes().count(b"\n") >= number:
                return path
        time.sleep(0.02)
    raise AssertionError("no answers came")
