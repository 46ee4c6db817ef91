"""Sessions: questions that follow each other, stored in the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select, update

from vectorstore.model.filters import Filters
from vectorstore.store.schema import receipts, sessions, turns
from vectorstore.store.sqlite import Store

_FILTERS = TypeAdapter(Filters)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a session."""

    asked: str
    """As it was put."""
    question: str
    """As a question that can be read alone."""
    filters: Filters
    receipt: str | None
    """Id of the answer's receipt; None when that was not stored, or was pruned."""


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """A session without its turns, for lists."""

    id: str
    created: datetime
    updated: datetime
    """Both aware, UTC."""
    turns: int
    last_asked: str


class SessionStore(Store):
    """The sessions of one library."""

    def turns(self, session: str) -> tuple[Turn, ...]:
        """Return the turns of a session, oldest first; none when there is no such session."""
        of_it = select(turns).where(turns.c.session == session).order_by(turns.c.ordinal)
        return tuple(
            Turn(row.asked, row.question, _FILTERS.validate_json(row.filters), row.receipt)
            for row in self._file.rows(of_it)
        )

    def append(self, session: str, turn: Turn, *, keep: int, keep_days: int, keep_turns: int) -> None:
        """Add a turn to the session of that id, which begins with it if it is not there, and prune.

        At most `keep` sessions stay, without those idle for `keep_days` or longest, and of this one at most
        `keep_turns` turns; each at least 1.
        """
        with self._file.write() as connection:
            now = self._file.now()
            moved = connection.execute(update(sessions).where(sessions.c.id == session).values(updated=now))
            if not moved.rowcount:
                connection.execute(insert(sessions).values(id=session, created=now, updated=now))
            last = connection.scalar(select(func.max(turns.c.ordinal)).where(turns.c.session == session))
            ordinal = 0 if last is None else last + 1
            # Looked up, as another process may have pruned it since: then the turn has none.
            receipt = select(receipts.c.id).where(receipts.c.id == turn.receipt)
            row = {"session": session, "ordinal": ordinal, "at": now, "receipt": receipt.scalar_subquery()}
            filters = _FILTERS.dump_json(turn.filters).decode()
            said = {"asked": turn.asked, "question": turn.question, "filters": filters}
            connection.execute(insert(turns).values(**row, **said))
            too_old = turns.c.ordinal <= ordinal - keep_turns
            connection.execute(delete(turns).where(turns.c.session == session, too_old))
            _prune(connection, session, keep, now - timedelta(days=keep_days))

    def headers(self) -> Sequence[SessionHeader]:
        """Return all sessions, the one used last first."""
        count, last = func.count().label("turns"), func.max(turns.c.ordinal).label("last")
        counted = select(turns.c.session, count, last).group_by(turns.c.session).subquery()
        found = (
            select(sessions, counted.c.turns, turns.c.asked)
            .join(counted, counted.c.session == sessions.c.id)
            .join(turns, (turns.c.session == sessions.c.id) & (turns.c.ordinal == counted.c.last))
            .order_by(sessions.c.updated.desc(), sessions.c.id)
        )
        return [
            SessionHeader(row.id, row.created, row.updated, row.turns, row.asked)
            for row in self._file.rows(found)
        ]

    def remove(self, session: str) -> bool:
        """Delete a session with its turns; False when there is none of that id. Receipts stay."""
        with self._file.write() as connection:
            return bool(connection.execute(delete(sessions).where(sessions.c.id == session)).rowcount)


def _prune(connection: Connection, current: str, keep: int, before: datetime) -> None:
    recent = select(sessions.c.id).order_by(sessions.c.updated.desc(), sessions.c.id).limit(keep)
    others = sessions.c.id != current
    connection.execute(delete(sessions).where(others, sessions.c.id.not_in(recent)))
    connection.execute(delete(sessions).where(others, sessions.c.updated < before))
