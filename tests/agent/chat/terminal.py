"""`pullquote` in a real pseudo-terminal, seen as a terminal emulator shows it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

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

    def __init__(self, *words: str, columns: int = 100, **environ: str) -> None:
        """Start `pullquote` with these words, and these variables on top of the test's."""
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "agent.cli", *words],
            cwd=str(ROOT),
            env=kept | {"TERM": "xterm-256color"} | environ,
            dimensions=(ROWS, columns),
            timeout=None,
        )
        self._screen.write_process_input = self._child.send
        self.raw = b""
        """All that the command wrote."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child.isalive():
            self._child.kill(signal.SIGKILL)
        # However long a busy machine takes to end it: closing a child that is alive gives up after .1 s.
        self._child.wait()
        self._child.close()

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without what is empty at its end."""
        shown = [line.rstrip() for line in self._screen.display]
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
        self._child.send(text)
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
        self._child.send(key)
        if key == "\r":
            self._wait(lambda: _PROMPT_IS_LEFT in self.raw[before:], "the end of the prompt")

    def send(self, keys: str) -> None:
        """Keys, without waiting for anything."""
        self._child.send(keys)

    def paste(self, text: str) -> None:
        """A paste as terminals mark one."""
        self._child.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int) -> None:
        """Make the window narrower or wider."""
        self._screen.resize(ROWS, columns)
        self._child.setwinsize(ROWS, columns)

    def wait_for_end(self) -> int:
        """The exit code."""
        self._wait(lambda: not self._child.isalive(), "the end", may_end=True)
        self._read()
        assert self._child.exitstatus is not None, self._child.signalstatus
        return int(self._child.exitstatus)

    def _is_at_prompt(self) -> bool:
        cursor = self._screen.cursor
        line = self._screen.display[cursor.y]
        return line.rstrip().endswith(">") and cursor.x == len(line.rstrip()) + 1

    def _wait(self, is_so: Callable[[], bool], what: str, *, may_end: bool = False) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"{what!r} did not come:\n{self.text}"
            if not self._read() and not may_end and not is_so():
                raise AssertionError(f"the command ended before {what!r}:\n{self.text}")

    def _read(self) -> bool:
        try:
            piece = self._child.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += piece
        self._stream.feed(piece)
        return True
