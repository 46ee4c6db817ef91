"""What readers thought of answers, stored so that evaluation cases can be made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select

from vectorstore.store.schema import feedback
from vectorstore.store.sqlite import Store


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


class FeedbackStore(Store):
    """The opinions on one library's answers."""

    # They stay when receipts are pruned: an evaluation needs the question, not the answer.
    def put(self, receipt: str, question: str, opinion: Opinion, rater: str) -> None:
        """Store an opinion, replacing the same reader's earlier one on the same answer."""
        earlier = (feedback.c.receipt == receipt) & (feedback.c.rater == rater)
        row = {"receipt": receipt, "question": question, "opinion": opinion.value, "rater": rater}
        with self._file.write() as connection:
            connection.execute(delete(feedback).where(earlier))
            connection.execute(insert(feedback).values(at=self._file.now(), **row))

    def all(self) -> Sequence[Feedback]:
        """Return every opinion, oldest first."""
        return [
            Feedback(row.receipt, row.question, Opinion(row.opinion), row.rater, row.at)
            for row in self._file.rows(select(feedback).order_by(feedback.c.number))
        ]
