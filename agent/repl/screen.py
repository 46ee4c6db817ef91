"""Where a sitting is shown: answers on stdout, everything else on stderr, styled on a terminal only."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

_LIKENESS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "·": "-"}
    | {"…": "...", "•": "*", "\u00a0": " "}
)
"""What stands for punctuation where an encoding has none of it; all else becomes a question mark."""


class Screen:
    """Two streams, and what they cannot show.

    A character that a stream's encoding lacks is replaced, never an error, and after every output that had
    some it is said how many.
    """

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Take the streams, those of the process by default."""
        self._out = sys.stdout if out is None else out
        self._err = sys.stderr if err is None else err
        self._replaced = 0
        self._told = False
        handler = f"pullquote-{id(self)}"
        codecs.register_error(handler, self._replace)
        for stream in (self._out, self._err):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None and not _is_unicode(stream):
                reconfigure(errors=handler)

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
        """Part of an answer, or what a command was asked for."""
        self._replaced = 0
        _console(self._out).print(what, end="")
        self._out.flush()
        if self._replaced:
            self._say_replaced()

    def say(self, line: str, style: str = "dim") -> None:
        """A line that is no answer."""
        self._out.flush()
        _console(self._err).print(Text(line, style))
        self._err.flush()

    def complain(self, message: str) -> None:
        """What went wrong, and what to do."""
        self.say(message, "red")

    def _replace(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lost = error.object[error.start : error.end]
        self._replaced += len(lost)
        return "".join(c if c.isascii() else "?" for c in lost.translate(_LIKENESS)), error.end

    def _say_replaced(self) -> None:
        count = self._replaced
        how = "" if self._told else " PYTHONIOENCODING=utf-8 or a UTF-8 locale shows them as they are."
        self._told = True
        what = "1 character stands" if count == 1 else f"{count} characters stand"
        self.say(f"{what} here as others: this output's encoding is {self._out.encoding}.{how}")


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


def _is_unicode(stream: TextIO) -> bool:
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False
