"""What readers thought of answers, stored so that evaluation cases can be made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select

from vectorstore.store.schema import feedback
from vectorstore.store.sqlite import SqliteFile


class Opinion(StrEnum):
    """What a reader thought of an answer."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's opinion of one answer."""

    receipt: str
    """Id of the answer's receipt, which may have been pruned since."""
    question: str
    """As a question that can be read alone."""
    opinion: Opinion
    rater: str
    """Who: a name that a face gives, such as `slack/TEAM/USER`."""
    at: datetime
    """Aware, UTC; when the opinion was given, or last changed."""


class FeedbackStore:
    """The opinions on one library's answers. Threads and processes may share it: each method is one short
    transaction. Opinions stay when receipts are pruned: an evaluation needs the question, not the answer.

    Errors are those of `Database`; a library that cannot be written raises `SetupError` from `put`.
    """

    def __init__(self, file: SqliteFile, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now

    def put(self, receipt: str, question: str, opinion: Opinion, rater: str) -> None:
        """Store an opinion, replacing the same reader's earlier one on the same answer."""
        earlier = (feedback.c.receipt == receipt) & (feedback.c.rater == rater)
        with self._file.write() as connection:
            connection.execute(delete(feedback).where(earlier))
            connection.execute(
                insert(feedback).values(
                    receipt=receipt, question=question, opinion=opinion.value, rater=rater, at=self._now()
                )
            )

    def all(self) -> Sequence[Feedback]:
        """Return every opinion, oldest first."""
        with self._file.read() as connection:
            return [
                Feedback(row.receipt, row.question, Opinion(row.opinion), row.rater, row.at)
                for row in connection.execute(select(feedback).order_by(feedback.c.number))
            ]
