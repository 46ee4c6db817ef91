"""What has been accepted and what became of it, so that every event is answered once, across restarts.

One small SQLite file beside the library. An event is written here before Slack is told that it arrived, so a
kill at any moment leaves it either with Slack, which sends it again, or here, where `unfinished` finds it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path

from agent.slack.events import Request
from vectorstore.model.errors import SetupError

KEPT_SECONDS = 2 * 86_400
"""How long an answered event is remembered. Slack repeats one three times within the hour."""

_TABLE = """CREATE TABLE IF NOT EXISTS events (
    key TEXT PRIMARY KEY, message TEXT NOT NULL UNIQUE, state TEXT NOT NULL, received REAL NOT NULL,
    request TEXT
) STRICT"""


class State(StrEnum):
    """How far an event is."""

    ACCEPTED = "accepted"
    ANSWERING = "answering"
    """Something of the answer may be visible."""
    DONE = "done"


class Journal:
    """The events of one bot. Not for several threads: the event loop's alone."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, for its owner alone: it holds questions until they are answered.

        Raises:
            SetupError: it cannot be opened or written.
        """
        self.path = path
        with self._explaining():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=5)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # Nothing is lost in a kill. A power cut may take the last events: to keep those too, each would
            # wait for the disk, and 200 at once came near the three seconds in which Slack wants to know.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute(_TABLE)

    def close(self) -> None:
        """Give the file free."""
        self._connection.close()

    def accept(self, request: Request) -> bool:
        """Take note of an event; False when it, or another event of the same message, is noted already.

        Raises:
            SetupError: the file cannot be written.
        """
        row = request.key, request.message, State.ACCEPTED.value, request.received, request.model_dump_json()
        with self._explaining():
            added = self._connection.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", row)
            return added.rowcount == 1

    def mark(self, key: str, state: State) -> None:
        """Note how far an event is; the words of a finished one are forgotten.

        Raises:
            SetupError: the file cannot be written.
        """
        forget = ", request = NULL" if state is State.DONE else ""
        with self._explaining():
            self._connection.execute(
                f"UPDATE events SET state = ?{forget} WHERE key = ?",  # noqa: S608
                (state.value, key),
            )

    def unfinished(self) -> list[tuple[Request, State]]:
        """What was accepted and not finished, oldest first."""
        query = "SELECT request, state FROM events WHERE state != ? ORDER BY received, key"
        with self._explaining(), closing(self._connection.execute(query, (State.DONE.value,))) as rows:
            return [(Request.model_validate_json(request), State(state)) for request, state in rows]

    def prune(self, now: float) -> None:
        """Forget finished events that Slack will not send again."""
        old = "DELETE FROM events WHERE state = ? AND received < ?"
        with self._explaining():
            self._connection.execute(old, (State.DONE.value, now - KEPT_SECONDS))

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SetupError(
                f"The bot's journal {self.path} cannot be used ({reason}). Look at its permissions with "
                "`ls -la` and at free space with `df -h`; moved away, it is made anew."
            ) from error
