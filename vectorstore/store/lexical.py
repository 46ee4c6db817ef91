"""What the database asks of a lexical index, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection


class LexicalHit(NamedTuple):
    """A passage that shares terms with a question."""

    passage_id: str
    score: float
    """BM25; higher is better, comparable within one search only."""


class LexicalIndex(Protocol):
    """Finds passages by their terms, in the transaction of everything else.

    A passage goes by its number in the `passages` table.
    """

    def insert(self, connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
        """Add passages: number, and terms with single spaces between."""
        ...

    def delete(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Take passages out."""
        ...

    def clear(self, connection: Connection) -> None:
        """Take every passage out, even when the index is damaged."""
        ...

    def search(
        self,
        connection: Connection,
        terms: Sequence[str],
        limit: int,
        conditions: Sequence[ColumnElement[bool]],
    ) -> list[LexicalHit]:
        """Find up to `limit` passages with any of `terms`, best first, in articles that meet `conditions`."""
        ...

    def numbers(self, connection: Connection) -> set[int]:
        """All passages in the index."""
        ...

    def check(self, connection: Connection) -> list[str]:
        """Problems found by the engine's own integrity check; needs a write transaction."""
        ...
