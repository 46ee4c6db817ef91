"""Printing, a chat session's screen, and characters that an encoding lacks; styled on a terminal only."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from agent.terminal.safe_text import clean_lines

_LIKENESS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "·": "-"}
    | {"…": "...", "•": "*", "\u00a0": " "}
)
"""What is put for punctuation where an encoding has none of it; all else becomes a question mark."""


def print_text(text: Text) -> None:
    """Print to stdout; wrapped and styled on a terminal only, so that pipes and files get whole lines."""
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    console.print(text, end="")


def print_notice(line: str) -> None:
    """Print one plain line to stderr."""
    sys.stderr.write(f"{line}\n")


class Lookalikes:
    """Replaces what some streams cannot write from now on, and counts it."""

    def __init__(self, *streams: TextIO) -> None:
        """Streams in a Unicode encoding, and those that are no real ones, are left as they are."""
        self._count = 0
        self._is_explained = False
        handler = f"pullquote-{id(self)}"
        codecs.register_error(handler, self._replace)
        for stream in streams:
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None and not _is_unicode(stream):
                reconfigure(errors=handler)

    def forget(self) -> None:
        """Start counting again."""
        self._count = 0

    def describe_last(self, encoding: str | None) -> str | None:
        """Return what was replaced since the last call, in words; None when nothing was."""
        count = self._count
        self.forget()
        if not count:
            return None
        how = (
            "" if self._is_explained else " PYTHONIOENCODING=utf-8 or a UTF-8 locale shows them as they are."
        )
        self._is_explained = True
        what = "1 character stands" if count == 1 else f"{count} characters stand"
        return f"{what} here as others: this output's encoding is {encoding}.{how}"

    def _replace(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lost = error.object[error.start : error.end]
        self._count += len(lost)
        return "".join(c if c.isascii() else "?" for c in lost.translate(_LIKENESS)), error.end


class Screen:
    """Two streams; what one's encoding lacks is replaced, and after the output it is said how much."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self.err = sys.stderr if err is None else err
        """For what shows its own progress."""
        self._lookalikes = Lookalikes(self._out, self.err)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody sees the answers as they are written."""
        return self._out.isatty()

    @property
    def width(self) -> int:
        """Columns of the answers' stream; so many that nothing is broken where it is no terminal."""
        return _console(self._out).width if self.is_terminal else 1000

    def show(self, what: Text) -> None:
        """Print part of an answer, or what a command was asked for."""
        # What notices before it lacked is not this output's.
        self._lookalikes.forget()
        _console(self._out).print(what, end="")
        self._out.flush()
        if replaced := self._lookalikes.describe_last(self._out.encoding):
            self.say(replaced)

    def say(self, line: str, style: str = "dim") -> None:
        """Print what is not an answer, in one or more lines; it may quote articles and servers."""
        self._out.flush()
        _console(self.err).print(Text(clean_lines(line), style))
        self.err.flush()

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


def _is_unicode(stream: TextIO) -> bool:
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False
