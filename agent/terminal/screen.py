"""Where a chat session is shown: answers on stdout, everything else on stderr, styled on a terminal only."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from agent.terminal.lookalikes import Lookalikes
from agent.terminal.safe_text import clean


class Screen:
    """Two streams, and what they cannot show.

    A character that a stream's encoding lacks is replaced, never an error, and after every output that had
    some it is said how many.
    """

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Take the streams, those of the process by default."""
        self._out = sys.stdout if out is None else out
        self._err = sys.stderr if err is None else err
        self._lookalikes = Lookalikes(self._out, self._err)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody sees the answers as they are written."""
        return self._out.isatty()

    @property
    def width(self) -> int:
        """Columns of the answers' stream; so many that nothing is broken where it is no terminal."""
        return _console(self._out).width if self.is_terminal else 1000

    @property
    def err(self) -> TextIO:
        """For what shows its own progress."""
        return self._err

    def show(self, what: Text) -> None:
        """Print part of an answer, or what a command was asked for."""
        self._lookalikes.forget()
        _console(self._out).print(what, end="")
        self._out.flush()
        if replaced := self._lookalikes.describe_last(self._out.encoding):
            self.say(replaced)

    def say(self, line: str, style: str = "dim") -> None:
        """Print what is not an answer, in one or more lines; it may quote articles and servers."""
        self._out.flush()
        _console(self._err).print(Text("\n".join(map(clean, line.split("\n"))), style))
        self._err.flush()

    def complain(self, message: str) -> None:
        """Print what went wrong, and what to do."""
        self.say(message, "red")


def is_plain() -> bool:
    """Whether colour is not wanted (https://no-color.org/)."""
    return bool(os.environ.get("NO_COLOR"))


def _console(stream: TextIO) -> Console:
    is_terminal = stream.isatty()
    return Console(
        file=stream,
        soft_wrap=not is_terminal,
        color_system="auto" if is_terminal and not is_plain() else None,
        force_terminal=is_terminal,
        highlight=False,
        markup=False,
        emoji=False,
    )
