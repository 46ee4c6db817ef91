"""What the tests run in processes of their own, to be killed or to be seen crashing."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.vectorstore.index.conftest import Shift
from tests.vectorstore.synthetic import DIMENSION, EMBEDDER, fill, number_text, prepare
from vectorstore.index import ChromaIndex
from vectorstore.index.lock import WriterLock, graceful_termination
from vectorstore.model.errors import LibraryLockedError
from vectorstore.store import Database

LINES = 8


def open_index(folder: Path, database: Database, lock: WriterLock) -> ChromaIndex:
    return ChromaIndex(
        folder / "chroma", database, Shift(), lock=lock, exact_scan_limit=0, notice=lambda _: None
    )


def open_database(folder: Path, *, writable: bool) -> Database:
    return Database.open(folder / "library.db", writable=writable, embedder=EMBEDDER)


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def check(database: Database, index: ChromaIndex, acknowledged: set[int]) -> None:
    """Everything acknowledged is there, whole and once, and Chroma holds what the database holds."""
    assert database.check() == []
    headers = database.articles.headers(include_superseded=True)
    assert all(header.passages == LINES for header in headers)
    origins = [int(header.origin) for header in headers]
    assert len(origins) == len(set(origins))
    assert acknowledged <= set(origins), acknowledged - set(origins)
    index.sync()
    status = index.status()
    assert (status.indexed, status.behind, status.trouble) == (database.passages.count(), 0, None)
    store = index._store
    if store.chroma is not None:
        assert store.chroma.all_ids() == set(database.passages.ids())


def write(folder: Path, first: int, acknowledgements: Path) -> None:
    """Check what is there, then add articles and acknowledge them until somebody ends it."""
    lock = WriterLock(folder)
    for _ in range(1_000):
        try:
            lock.acquire()
            break
        except LibraryLockedError:  # A reader is making the index again.
            time.sleep(0.1)
    with open_database(folder, writable=True) as database, open_index(folder, database, lock) as index:
        lines = acknowledgements.read_text().split()
        check(database, index, set(map(int, lines)))
        say("checked", database.passages.count())
        added: list[str] = []
        with acknowledgements.open("a") as file, graceful_termination():
            for number in range(first, first + 100_000):
                ready = prepare(number_text(number, LINES), origin=str(number))
                added += database.add(ready.article, ready.cut, ready.vectors).added_passage_ids
                file.write(f"{number}\n")
                file.flush()
                say("added", number)
                if number % 3 == 0:
                    index.apply(added, [])
                    added.clear()


def read(folder: Path) -> None:
    """Ask until somebody ends it."""
    rng = np.random.default_rng(1)
    lock = WriterLock(folder)
    with open_database(folder, writable=False) as database, open_index(folder, database, lock) as index:
        for asked in range(100_000):
            vector = rng.standard_normal(DIMENSION).astype(np.float32)
            expected = min(10, database.passages.count())
            found = [passage_id for passage_id, _ in index.query(vector, 10)]
            assert len(found) == len(set(found)) == expected
            assert len(database.passages.load(found)) == expected
            if asked % 10 == 0:
                say("asked", asked)
            time.sleep(0.02)


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda data: None,
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "garbage": lambda data: random.Random(1).randbytes(len(data)),
    "garbage inside": lambda data: (
        data[: len(data) // 2] + random.Random(1).randbytes(len(data) - len(data) // 2)
    ),
    "longer": lambda data: data + b"\xff" * 4096,
}


def damage(folder: Path, ways: int) -> None:
    """Damage every file of the index in so many of the ways; whoever opens it finds everything, and lives."""
    with open_database(folder, writable=True) as database:
        stored = fill(database, range(40))
        open_index(folder, database, WriterLock(folder)).close()
        whole = folder / "whole"
        shutil.copytree(folder / "chroma", whole)
        files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
        say(len(files), "files")
        kinds = list(DAMAGE.items())
        for number, name in enumerate(files):
            for how, spoil in (kinds[(number * ways + way) % len(kinds)] for way in range(ways)):
                shutil.rmtree(folder / "chroma")
                shutil.copytree(whole, folder / "chroma")
                data = spoil((whole / name).read_bytes())
                if data is None:
                    (folder / "chroma" / name).unlink()
                else:
                    (folder / "chroma" / name).write_bytes(data)
                say("opening", name.name, how)
                with open_index(folder, database, WriterLock(folder)) as index:
                    for ready in stored:
                        vectors = Shift()(ready.vectors.astype(np.float32), ["en"] * len(ready.vectors))
                        for passage_id, vector in zip(ready.passage_ids, vectors, strict=True):
                            (found, similarity), *_ = index.query(vector, 3)
                            assert (found, round(similarity, 3)) == (passage_id, 1.0)
    say("all found")
