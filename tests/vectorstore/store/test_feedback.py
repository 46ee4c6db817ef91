from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.vectorstore.store.test_opening import read_only, run_apart
from tests.vectorstore.synthetic import EMBEDDER
from vectorstore.store import Database, Feedback, Opinion


def at(minute: int) -> datetime:
    return datetime(2026, 11, 24, 12, minute, tzinfo=UTC)


def test_a_reader_has_one_opinion_of_an_answer_and_may_change_it(database: Database) -> None:
    assert database.feedback.all() == []
    database.feedback.put("bcdfgh", "who?", Opinion.GOOD, "slack/T1/U1")
    database.feedback.put("bcdfgh", "who?", Opinion.GOOD, "slack/T1/U2")
    database.feedback.put("bcdfgj", "when?", Opinion.BAD, "slack/T1/U1")
    database.feedback.put("bcdfgh", "who?", Opinion.BAD, "slack/T1/U1")
    assert database.feedback.all() == [
        Feedback("bcdfgh", "who?", Opinion.GOOD, "slack/T1/U2", at(3)),
        Feedback("bcdfgj", "when?", Opinion.BAD, "slack/T1/U1", at(4)),
        Feedback("bcdfgh", "who?", Opinion.BAD, "slack/T1/U1", at(5)),
    ]


def test_a_library_that_cannot_be_written_refuses_opinions(path: Path) -> None:
    Database.open(path, writable=True, embedder=EMBEDDER).close()
    with read_only(path.parent):
        ran = run_apart(
            """
            import sys
            from pathlib import Path
            from tests.vectorstore.synthetic import EMBEDDER
            from vectorstore.store import (Database, Opinion)
            with Database.open(Path(sys.argv[1]), writable=False, embedder=EMBEDDER) as database:
                try:
                    database.feedback.put("bcdfgh", "who?", Opinion.GOOD, "me")
                except Exception as error:
                    print(type(error).__name__, database.feedback.all())
            """,
            path,
        )
    assert (ran.stdout, ran.stderr) == ("SetupError []\n", "")
