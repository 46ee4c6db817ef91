"""A library of an older Pullquote becomes what a new one is, with all that is in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.vectorstore.synthetic import EMBEDDER, fill
from vectorstore.model.errors import SetupError
from vectorstore.store import Database
from vectorstore.store.migrations import MIGRATIONS, migrate
from vectorstore.store.opening import begin_generation
from vectorstore.store.sqlite import SqliteFile, utc_now

TABLES = {
    1: {"library", "changes", "articles", "texts", "authors", "sources", "passages", "vectors", "states"},
    2: {"receipts", "sessions", "turns"},
    3: {"feedback"},
    4: {"reembedding", "next_vectors"},
}


def make_library(path: Path, version: int) -> None:
    """A library as the Pullquote of that schema version made it, with three articles and a last answer."""
    steps = MIGRATIONS[:version]
    path.parent.mkdir(exist_ok=True)
    file = SqliteFile(path, create=True)
    with file.write() as connection:
        migrate(connection, 0, steps)
        row = {"uuid": "0" * 32, "schema_version": version, "embedder": EMBEDDER.fingerprint, "dimension": 16}
        columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO library ({columns}) VALUES ({values})"), row)
        begin_generation(connection, utc_now())
    with Database(file, EMBEDDER, writable=True) as database:
        fill(database, range(3))
    with file.write() as connection:
        connection.execute(text("INSERT INTO states (key, value) VALUES ('last_answer', '{}')"))


def describe(path: Path) -> set[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master").fetchall()
    connection.close()
    return set(rows)


def test_a_library_of_version_1_gets_all_that_came_since(path: Path, tmp_path: Path) -> None:
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
        assert (database.passages.count(), len(database.articles.headers()), database.check()) == (9, 3, [])
        assert (database.receipts.count(), database.sessions.headers()) == (0, [])
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT key FROM states").fetchall() == []
    connection.close()
    fresh = tmp_path / "fresh.db"
    make_library(fresh, len(MIGRATIONS))
    assert describe(path) == describe(fresh)
    assert {name for _, name, *_ in describe(path)} >= set().union(*TABLES.values())
    Database.open(path, writable=False, embedder=EMBEDDER).close()
