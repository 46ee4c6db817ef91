"""A library of an older Pullquote becomes what a new one is, with all that is in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.vectorstore.synthetic import EMBEDDER, fill
from vectorstore.database import Database
from vectorstore.database import database as module
from vectorstore.database.migrations import MIGRATIONS, migrate
from vectorstore.errors import SetupError

TABLES = {
    1: {"library", "changes", "articles", "texts", "authors", "sources", "passages", "vectors", "states"},
    2: {"receipts", "sessions", "turns"},
    3: {"feedback"},
}


def make_library(path: Path, version: int) -> None:
    """A library as the Pullquote of that schema version made it, with three articles and a last answer."""
    steps = MIGRATIONS[:version]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", steps)
        patch.setattr(module, "migrate", lambda connection, at: migrate(connection, at, steps))
        with Database.open(path, writable=True, embedder=EMBEDDER) as database:
            fill(database, range(3))
            database.put_state("last_answer", "{}")


def describe(path: Path) -> set[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master").fetchall()
    connection.close()
    return set(rows)


def test_a_library_of_version_1_gets_receipts_sessions_and_feedback(path: Path, tmp_path: Path) -> None:
    make_library(path, 1)
    old = {name for kind, name, *_ in describe(path) if kind == "table" and not name.startswith("lexical")}
    assert old == TABLES[1]
    with pytest.raises(SetupError) as refused:
        Database.open(path, writable=False, embedder=EMBEDDER)
    assert str(refused.value) == (
        f"{path} is from an older Pullquote (library version 1). "
        "`pullquote doctor --repair` brings it up to date."
    )
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        assert (database.passage_count(), len(database.headers()), database.check()) == (9, 3, [])
        assert (
            database.receipts.count(),
            database.sessions.headers(),
            database.get_state("last_answer"),
        ) == (
            0,
            [],
            None,
        )
    fresh = tmp_path / "fresh.db"
    make_library(fresh, len(MIGRATIONS))
    assert describe(path) == describe(fresh)
    assert {name for _, name, *_ in describe(path)} >= set().union(*TABLES.values())
    Database.open(path, writable=False, embedder=EMBEDDER).close()
