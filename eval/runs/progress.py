"""How far a run is and what it has cost, on stderr."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TextIO

from eval.runs.rows import AnswerRow

LINES = 10
"""Lines a run writes where no terminal is: in a log of CI."""


class Progress:
    """One line that is written over on a terminal; elsewhere a line every tenth of the way."""

    def __init__(self, stream: TextIO, name: str, total: int, done: int = 0) -> None:
        self._stream = stream
        self._name = name
        self._total = total
        self._done = self._before = done
        self._cost: Decimal | None = None
        self._tokens = self._failed = self._reused = 0
        self._started = time.monotonic()
        self._said = self._step(done)

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
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{self._describe()}")
            self._stream.flush()
        elif self._step(self._done) > self._said or self._done == self._total:
            self._said = self._step(self._done)
            self._stream.write(f"{self._describe()}\n")
            self._stream.flush()

    def close(self) -> None:
        """End the line."""
        if self._stream.isatty() and self._done > self._before:
            self._stream.write("\n")

    def _step(self, done: int) -> int:
        return done * LINES // max(self._total, 1)

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
