"""`pullquote` in a real pseudo-terminal, seen as a terminal emulator shows it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from agent.cli import main
from tests.peers.forked import Forked

ROOT = Path(__file__).parents[3]
ROWS = 160
"""So many that nothing a test looks at scrolls away."""
CTRL_C, CTRL_D = "\x03", "\x04"
_PROMPT_IS_LEFT = b"\x1b[?2004l"
"""What prompt_toolkit writes when a line has been entered: pastes are not marked any more."""
_PATIENCE = 200.0
"""Seconds; only a failing test waits so long."""


class Terminal:
    """A running command, and its screen."""

    def __init__(
        self, *words: str, columns: int = 100, is_python_started: bool = False, **environ: str
    ) -> None:
        """Start `pullquote` with these words, and these variables on top of the test's.

        Python itself is started again where a test is of that, or of a variable that only its start reads.
        """
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        env = kept | {"TERM": "xterm-256color"} | environ
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (ROWS, columns))
        self._child: Forked | subprocess.Popen[bytes]
        if is_python_started:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", *words],
                cwd=ROOT,
                env=env,
                preexec_fn=lambda: os.login_tty(theirs),
            )
        else:
            self._child = Forked(main, words, env=env, terminal=theirs)
        os.close(theirs)
        self._screen.write_process_input = self.send
        self.raw = b""
        """All that the command wrote."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.kill()
        self._child.wait()
        os.close(self._ours)

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without what is empty at its end."""
        shown = [self._show(row) for row in range(max(self._screen.buffer, default=-1) + 1)]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    @property
    def text(self) -> str:
        """The lines."""
        return "\n".join(self.lines)

    @property
    def flowing(self) -> str:
        """The screen's words on one line, wherever the terminal broke them."""
        return " ".join(self.text.split())

    def style_of(self, words: str) -> pyte.screens.Char:
        """How the first character of `words` is set."""
        for row, line in enumerate(self._screen.display):
            if (column := line.find(words)) >= 0:
                return self._screen.buffer[row][column]
        raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")

    def wait(self, words: str) -> None:
        """Read until `words` stand on the screen, wherever lines are broken."""
        self._wait(lambda: words in self.flowing, words)

    def wait_for_prompt(self) -> None:
        """Read until the command waits at an empty prompt."""
        self._wait(self._is_at_prompt, "a prompt")

    def type(self, text: str) -> None:
        """Keys, as a hand presses them: they are on the screen before anything else happens."""
        self.send(text)
        # Without spaces: where the terminal breaks the line depends on the length of a folder's name.
        shown = "".join(text.split())[-8:]
        self._wait(lambda: shown in "".join(self.text.split()) or len(text) > 2000, text[-80:])

    def enter(self, line: str) -> None:
        """Type a line, and wait until the command asks for the next one."""
        self.type(line)
        self.press("\r")
        self.wait_for_prompt()

    def press(self, key: str) -> None:
        """One key; an empty prompt on the screen is not taken for the answer to it."""
        before = len(self.raw)
        self.send(key)
        if key == "\r":
            self._wait(lambda: _PROMPT_IS_LEFT in self.raw[before:], "the end of the prompt")

    def send(self, keys: str) -> None:
        """Keys, without waiting for anything."""
        unsent = keys.encode()
        while unsent:
            unsent = unsent[os.write(self._ours, unsent) :]

    def paste(self, text: str) -> None:
        """A paste as terminals mark one."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int) -> None:
        """Make the window narrower or wider."""
        self._screen.resize(ROWS, columns)
        termios.tcsetwinsize(self._ours, (ROWS, columns))

    def wait_for_end(self) -> int:
        """The exit code."""
        self._wait(lambda: self._child.poll() is not None, "the end", may_end=True)
        while self._read(0):
            pass
        return self._child.wait()

    def _show(self, row: int) -> str:
        line = self._screen.buffer[row]
        # Nothing is in the cell that the second half of a wide character takes.
        return "".join([line[column].data for column in range(self._screen.columns)]).rstrip()

    def _is_at_prompt(self) -> bool:
        cursor = self._screen.cursor
        line = self._show(cursor.y)
        return line.endswith(">") and cursor.x == len(line) + 1

    def _wait(self, is_so: Callable[[], bool], what: str, *, may_end: bool = False) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"{what!r} did not come:\n{self.text}"
            if not self._read() and not may_end and not is_so():
                raise AssertionError(f"the command ended before {what!r}:\n{self.text}")

    def _read(self, seconds: float = 1) -> bool:
        """Show what comes within so many seconds; whether more may come."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return seconds > 0
        try:
            piece = os.read(self._ours, 65536)
        except OSError:
            # The command has ended, and its side of the terminal is closed.
            return False
        self.raw += piece
        self._stream.feed(piece)
        return True
