"""The history of what was typed, across chat sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory

LONGEST = 10_000
"""Code points; a whole article that was pasted is not typed again."""


class InputHistory(FileHistory):
    """A history in a file that only its owner can read. A file that cannot be used costs a line of notice."""

    def __init__(self, path: Path, notice: Callable[[str], None]) -> None:
        """Take the file; it need not exist."""
        super().__init__(str(path))
        self._path = path
        self._notice = notice
        self._is_usable = True

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, newest first, without damaged ones."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            return [line for line in super().load_history_strings() if _is_whole(line)]
        except OSError as error:
            self._give_up(error)
            return []

    def store_string(self, string: str) -> None:
        """Add one line."""
        if not self._is_usable or len(string) > LONGEST:
            return
        try:
            super().store_string(string)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if self._is_usable:
            self._is_usable = False
            self._notice(f"What you type is not remembered: {self._path} cannot be used ({error.strerror}).")


def _is_whole(line: str) -> bool:
    return bool(line.strip()) and "\ufffd" not in line and line.replace("\n", " ").isprintable()
