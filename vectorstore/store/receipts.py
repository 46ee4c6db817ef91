"""Receipts in the library database, which stores their JSON without reading it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from vectorstore.store.schema import receipts
from vectorstore.store.sqlite import SqliteFile

ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
"""Of ids: nothing that is taken for another sign, and no vowel, so that no id is a word."""
ID_LENGTH = 6
"""27⁶, 387 million: among 100,000 stored ones a new one is taken once in 4,000 times and drawn again."""

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as it is stored: what lists show, and the whole as JSON."""

    id: str
    created: datetime
    """Aware, UTC."""
    question: str
    kind: str
    verdict: str
    receipt: str
    """JSON."""


class ReceiptStore:
    """The receipts of one library. Threads and processes may share it: each method is one short transaction.

    Errors are those of `Database`; a library that cannot be written raises `SetupError` from `add`.
    """

    def __init__(self, file: SqliteFile, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now

    def add(
        self,
        write: Callable[[str, datetime], str],
        *,
        question: str,
        kind: str,
        verdict: str,
        keep: int,
        keep_days: int,
    ) -> str:
        """Store a receipt, and drop those that are more than `keep` or older than `keep_days`.

        Args:
            write: Gives the receipt's JSON for its id and the moment it is stored; called within the
                transaction, so it should be quick.
            question: What was asked.
            kind: What was asked for.
            verdict: What came of it.
            keep: Most receipts that stay, this one among them; at least 1.
            keep_days: Age in days at which receipts are dropped.

        Returns:
            Its id.
        """
        with self._file.write() as connection:
            now = self._now()
            receipt_id = _draw_id(connection)
            connection.execute(
                insert(receipts).values(
                    id=receipt_id,
                    created=now,
                    question=question,
                    kind=kind,
                    verdict=verdict,
                    receipt=write(receipt_id, now),
                )
            )
            _prune(connection, keep, now - timedelta(days=keep_days))
        return receipt_id

    def find(self, beginning: str) -> Sequence[StoredReceipt]:
        """Return the receipts whose id begins so, by id: the first ten of them."""
        fitting = receipts.c.id.startswith(beginning.strip().lower(), autoescape=True)
        with self._file.read() as connection:
            rows = connection.execute(
                select(receipts).where(fitting).order_by(receipts.c.id).limit(_MOST_NAMED)
            )
            return [_read(row) for row in rows]

    def newest(self, limit: int = 1) -> Sequence[StoredReceipt]:
        """Return the last `limit` receipts, newest first."""
        with self._file.read() as connection:
            rows = connection.execute(select(receipts).order_by(receipts.c.number.desc()).limit(limit))
            return [_read(row) for row in rows]

    def count(self) -> int:
        """Return how many are stored."""
        with self._file.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(receipts)) or 0)


def _draw_id(connection: Connection) -> str:
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
        if connection.scalar(select(receipts.c.id).where(receipts.c.id == drawn)) is None:
            return drawn


def _prune(connection: Connection, keep: int, before: datetime) -> None:
    oldest_kept = select(receipts.c.number).order_by(receipts.c.number.desc()).offset(keep - 1).limit(1)
    newest = select(func.max(receipts.c.number)).scalar_subquery()
    connection.execute(delete(receipts).where(receipts.c.number < oldest_kept.scalar_subquery()))
    connection.execute(delete(receipts).where(receipts.c.created < before, receipts.c.number < newest))


def _read(row: Row[Any]) -> StoredReceipt:
    return StoredReceipt(row.id, row.created, row.question, row.kind, row.verdict, row.receipt)
