"""How far a run or a judge is and what it has cost, on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import TextIO

from eval.runs.rows import AnswerRow

LINES = 10
"""Lines that are written where no terminal is: in a log of CI."""

OnProgress = Callable[[int, int], None]
"""Called with how many of how many are done."""


def show_nothing(done: int, total: int) -> None:
    """Show no progress."""


def show_line(stream: TextIO, line: str, done: int, total: int) -> None:
    """Write over one line on a terminal; elsewhere write a line every tenth of the way."""
    if stream.isatty():
        stream.write(f"\r\x1b[K{line}")
    elif done * LINES // total > (done - 1) * LINES // total:
        stream.write(f"{line}\n")
    stream.flush()


class GradeProgress:
    """How far a judge is."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name

    def __call__(self, done: int, total: int) -> None:
        show_line(self._stream, f"{self._name}: {done:,} of {total:,} judged", done, total)
        if done == total and self._stream.isatty():
            self._stream.write("\n")


class RunProgress:
    """How far a run is, and what its answers have taken."""

    def __init__(self, stream: TextIO, name: str, total: int, done: int = 0) -> None:
        self._stream = stream
        self._name = name
        self._total = total
        self._done = self._before = done
        self._cost: Decimal | None = None
        self._tokens = self._failed = self._reused = 0
        self._started = time.monotonic()

    def show(self, row: AnswerRow) -> None:
        """One more answer."""
        self._done += 1
        self._failed += row.failure is not None
        self._reused += row.reused
        if row.answer is not None and not row.reused:
            usage = row.answer.usage
            self._tokens += usage.prompt_tokens + usage.completion_tokens
            if usage.cost is not None:
                self._cost = usage.cost + (self._cost or 0)
        show_line(self._stream, self._describe(), self._done, self._total)

    def close(self) -> None:
        if self._stream.isatty() and self._done > self._before:
            self._stream.write("\n")

    def _describe(self) -> str:
        asked = self._done - self._before - self._reused
        seconds = (time.monotonic() - self._started) / max(asked, 1)
        parts = [f"{self._name}: {self._done:,} of {self._total:,}", f"{seconds:.2f} s an answer"]
        if self._tokens:
            price = f"${self._cost:.4f}" if self._cost is not None else "price not known"
            parts.append(f"{self._tokens:,} tokens, {price} so far")
        if self._reused:
            parts.append(f"{self._reused:,} cached from before")
        if self._failed:
            parts.append(f"{self._failed:,} failed")
        return " · ".join(parts)
