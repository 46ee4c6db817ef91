"""How far a judge is, on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

_LINES = 10
"""Lines written where no terminal is watched."""

Progress = Callable[[int, int], None]
"""Called with how many of how many are graded."""


def no_progress(done: int, total: int) -> None:
    """Show nothing."""


class ProgressLine:
    """One line that is written over on a terminal; elsewhere a line every tenth of the way."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name

    def __call__(self, done: int, total: int) -> None:
        """Show that so many are done."""
        line = f"{self._name}: {done:,} of {total:,} judged"
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{line}" + ("\n" if done == total else ""))
        elif done * _LINES // total > (done - 1) * _LINES // total:
            self._stream.write(f"{line}\n")
        self._stream.flush()
