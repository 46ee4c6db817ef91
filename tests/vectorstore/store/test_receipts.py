from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.peers.forked import Forked
from tests.vectorstore.store.test_opening import read_only, run_apart
from tests.vectorstore.synthetic import EMBEDDER
from vectorstore.store import Database, StoredReceipt
from vectorstore.store.receipts import ALPHABET, ID_LENGTH


def keep(database: Database, question: str, keep: int = 100, keep_days: int = 30) -> str:
    return database.receipts.add(
        lambda receipt_id, created: f"{receipt_id} {created:%H:%M}",
        question=question,
        kind="ask",
        verdict="answered",
        keep=keep,
        keep_days=keep_days,
    )


def asked(database: Database) -> list[str]:
    return [kept.question for kept in database.receipts.newest(1000)]


def test_a_receipt_is_kept_whole_and_found_by_the_beginning_of_its_id(database: Database) -> None:
    assert (database.receipts.newest(), database.receipts.find("b"), database.receipts.count()) == ([], [], 0)
    first, second = keep(database, "who?"), keep(database, "when?")
    assert {len(first), len(second)} == {ID_LENGTH} and set(first + second) <= set(ALPHABET)
    kept = StoredReceipt(
        first, datetime(2026, 11, 24, 12, 2, tzinfo=UTC), "who?", "ask", "answered", f"{first} 12:02"
    )
    assert database.receipts.find(f" {first.upper()} ") == [kept]
    assert database.receipts.find(first + "b") == []
    assert database.receipts.find("%") == database.receipts.find("_") == []
    assert {kept.id for kept in database.receipts.find("")} == {first, second}
    assert [kept.id for kept in database.receipts.newest()] == [second]
    assert asked(database) == ["when?", "who?"]


def test_an_id_that_is_taken_is_drawn_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("bbbbbb" + "bbbbbb" + "cccccc")
    monkeypatch.setattr("vectorstore.store.receipts.secrets.choice", lambda _: next(drawn))
    assert (keep(database, "who?"), keep(database, "when?")) == ("bbbbbb", "cccccc")


def test_the_oldest_receipts_go_when_there_are_too_many(database: Database) -> None:
    for number in range(8):
        keep(database, f"{number}?", keep=3)
        assert asked(database) == [f"{kept}?" for kept in range(number, max(number - 3, -1), -1)]


def test_receipts_go_when_they_are_too_old_but_never_the_newest(path: Path) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with Database.open(path, writable=True, embedder=EMBEDDER, now=lambda: moment) as database:
        keep(database, "in january?")
        moment += timedelta(days=20)
        keep(database, "later in january?")
        moment += timedelta(days=20)
        keep(database, "in february?")
        assert asked(database) == ["in february?", "later in january?"]
        moment -= timedelta(days=4000)
        keep(database, "with a clock set wrong?")
        assert asked(database)[0] == "with a clock set wrong?"


def test_nothing_is_kept_when_writing_a_receipt_fails(database: Database) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.receipts.add(fail, question="who?", kind="ask", verdict="answered", keep=9, keep_days=9)
    assert database.receipts.count() == 0


def run_threads(work: Callable[[int], object], count: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(count)))


def keep_twenty(path: Path, name: str) -> None:
    with Database.open(path, writable=False, embedder=EMBEDDER) as database:
        for number in range(20):
            keep(database, f"{name} {number}?")


def test_threads_and_processes_keep_receipts_side_by_side(database: Database, path: Path) -> None:
    apart = [Forked(keep_twenty, path, name) for name in ("one", "two")]
    run_threads(lambda number: keep(database, f"thread {number}?"), 40)
    assert [process.wait() for process in apart] == [0, 0]
    expected = {f"thread {number}?" for number in range(40)}
    expected |= {f"{name} {number}?" for name in ("one", "two") for number in range(20)}
    assert (set(asked(database)), database.receipts.count()) == (expected, 80)


def test_a_library_that_cannot_be_written_refuses_receipts_and_gives_them(path: Path) -> None:
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        keep(database, "who?")
    with read_only(path.parent):
        read = run_apart(
            """
            import sys
            from pathlib import Path
            from tests.vectorstore.store.test_receipts import asked, keep
            from tests.vectorstore.synthetic import EMBEDDER
            from vectorstore.store import Database
            with Database.open(Path(sys.argv[1]), writable=False, embedder=EMBEDDER) as database:
                print(asked(database))
                try:
                    keep(database, "when?")
                except Exception as error:
                    print(type(error).__name__, asked(database))
            """,
            path,
        )
    assert (read.stdout, read.stderr) == ("['who?']\nSetupError ['who?']\n", "")
