"""Receipts in the library database, which stores their JSON without reading it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select

from vectorstore.store.schema import receipts
from vectorstore.store.sqlite import Store

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


class ReceiptStore(Store):
    """The receipts of one library."""

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
        """Store a receipt and return its id; drop those that are older than `keep_days`.

        Of the rest at most `keep` stay, this one among them. `write` gives the receipt's JSON for its id and
        the moment it is stored.
        """
        with self._file.write() as connection:
            now = self._file.now()
            receipt_id = _draw_id(connection)
            text = write(receipt_id, now)  # Within the transaction, so it has to be quick.
            shown = {"question": question, "kind": kind, "verdict": verdict}
            connection.execute(insert(receipts).values(id=receipt_id, created=now, receipt=text, **shown))
            _prune(connection, keep, now - timedelta(days=keep_days))
        return receipt_id

    def find(self, beginning: str) -> Sequence[StoredReceipt]:
        """Return the receipts whose id begins so, by id: the first ten of them."""
        fitting = receipts.c.id.startswith(beginning.strip().lower(), autoescape=True)
        return self._load(select(receipts).where(fitting).order_by(receipts.c.id).limit(_MOST_NAMED))

    def newest(self, limit: int = 1) -> Sequence[StoredReceipt]:
        """Return the last `limit` receipts, newest first."""
        return self._load(select(receipts).order_by(receipts.c.number.desc()).limit(limit))

    def count(self) -> int:
        return self._file.count(receipts)

    def _load(self, found: Select[Any]) -> Sequence[StoredReceipt]:
        return [
            StoredReceipt(row.id, row.created, row.question, row.kind, row.verdict, row.receipt)
            for row in self._file.rows(found)
        ]


def _draw_id(connection: Connection) -> str:
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
        if connection.scalar(select(receipts.c.id).where(receipts.c.id == drawn)) is None:
            return drawn


def _prune(connection: Connection, keep: int, before: datetime) -> None:
    oldest = select(receipts.c.number).order_by(receipts.c.number.desc()).offset(keep - 1).limit(1)
    # The one just stored stays, however wrong the clock was when it was.
    newest = select(func.max(receipts.c.number)).scalar_subquery()
    connection.execute(delete(receipts).where(receipts.c.number < oldest.scalar_subquery()))
    connection.execute(delete(receipts).where(receipts.c.created < before, receipts.c.number < newest))
