"""A journal of what was accepted and what became of it: every event is answered once, across restarts.

One small SQLite file beside the library. An event is written here before it is acknowledged to Slack, so a
kill at any moment leaves it either with Slack, which sends it again, or here, where `unfinished` finds it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path

from agent.slack.events import SlackRequest
from vectorstore import SetupError

MEMORY_SECONDS = 2 * 86_400
"""How long an answered event is remembered. Slack repeats one three times within the hour."""

_TABLE = """CREATE TABLE IF NOT EXISTS events (
    key TEXT PRIMARY KEY, message TEXT NOT NULL UNIQUE, state TEXT NOT NULL, received REAL NOT NULL,
    request TEXT
) STRICT"""


class EventState(StrEnum):
    """How far an event is."""

    ACCEPTED = "accepted"
    ANSWERING = "answering"
    """Something of the answer may be visible."""
    DONE = "done"


class Journal:
    """The events of one bot, for its event loop only; raises `SetupError` where the file cannot be used."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, readable by its owner only: it has questions until they are answered."""
        self.path = path
        with self._explaining():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=5)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # Nothing is lost in a kill. A power cut may lose the last events: to save those too, each would
            # wait for the disk, and 200 at once came near Slack's limit of three seconds.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute(_TABLE)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def accept(self, request: SlackRequest) -> bool:
        """Record an event; return False when it, or another one of the same message, is recorded already."""
        state, words = EventState.ACCEPTED.value, request.model_dump_json()
        row = (request.key, request.message, state, request.received, words)
        # One message may come as two events, `app_mention` and `message`, each with a key of its own.
        with self._explaining():
            added = self._connection.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", row)
            return added.rowcount == 1

    def mark(self, key: str, state: EventState) -> None:
        """Record how far an event is; delete the words of a finished one."""
        forget = ", request = NULL" if state is EventState.DONE else ""
        with self._explaining():
            self._connection.execute(
                f"UPDATE events SET state = ?{forget} WHERE key = ?",  # noqa: S608
                (state.value, key),
            )

    def unfinished(self) -> list[tuple[SlackRequest, EventState]]:
        """Return what was accepted and not finished, oldest first."""
        query = "SELECT request, state FROM events WHERE state != ? ORDER BY received, key"
        with self._explaining(), closing(self._connection.execute(query, (EventState.DONE.value,))) as rows:
            return [(SlackRequest.model_validate_json(request), EventState(state)) for request, state in rows]

    def prune(self, now: float) -> None:
        """Delete finished events that Slack will not send again."""
        old = "DELETE FROM events WHERE state = ? AND received < ?"
        with self._explaining():
            self._connection.execute(old, (EventState.DONE.value, now - MEMORY_SECONDS))

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SetupError(
                f"The bot's journal {self.path} cannot be used ({reason}). Look at its permissions with "
                "`ls -la` and at free space with `df -h`; if you move it away, a new one is made."
            ) from error
