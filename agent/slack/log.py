"""A log for the bot's admin, a line of JSON an event: never a token, and no text unless asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from agent.slack.events import RequestKind, SlackRequest


class EventOutcome(StrEnum):
    """What became of an event."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    TOLD = "told"
    """A list, help, or words about a message that asks nothing."""
    REFUSED = "refused"
    """Not allowed, or too many."""
    EXPLAINED = "explained"
    """It could not be answered, and the asker knows why."""
    APOLOGISED = "apologised"
    """The bot was stopped before it could answer."""
    WITHDRAWN = "withdrawn"
    """The message was deleted before its turn came."""
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    UNDELIVERED = "undelivered"
    """There was no way to the asker."""


class LogLine(BaseModel):
    """What is logged of one event."""

    model_config = ConfigDict(frozen=True)

    event: str
    """The event's id, or the bot's own: `started`, `stopped`."""
    outcome: EventOutcome | None = None
    kind: RequestKind | None = None
    team: str | None = None
    channel: str | None = None
    user: str | None = None
    ts: str | None = None
    reason: str | None = None
    error: str | None = None
    """The kind of an unexpected error."""
    receipt: str | None = None
    way: str | None = None
    waited_ms: int | None = None
    total_ms: int | None = None
    detail: str | None = None
    """What an error says; it may quote the message or an article."""
    text: str | None = None


_LOGGED = {"kind", "team", "channel", "user", "ts", "text"}
"""Of a request."""


def _to_stderr(line: str) -> None:
    # The process that reads the log may have ended; the bot runs on.
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class EventLog:
    """Writes the lines, to stderr unless another `write` is given."""

    with_text: bool
    write: Callable[[str], None] = _to_stderr

    def add(self, line: LogLine) -> None:
        """Write one line, with the time."""
        if not self.with_text:
            line = line.model_copy(update={"text": None, "detail": None})
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.write(json.dumps({"at": now, **line.model_dump(mode="json", exclude_none=True)}))

    def note(self, request: SlackRequest, outcome: EventOutcome, **known: object) -> None:
        """Write one line about a request."""
        fields = request.model_dump(include=_LOGGED) | known
        self.add(LogLine.model_validate({"event": request.key, "outcome": outcome, **fields}))
