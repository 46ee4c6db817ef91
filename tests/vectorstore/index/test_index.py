"""Chroma in step with the database, from one process and from several."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vectorstore.index.conftest import Nearest, Opener, Shift
from tests.vectorstore.synthetic import DIMENSION, Ready, fill, prepare
from vectorstore.index import ChromaIndex, IndexStatus
from vectorstore.index.lock import WriterLock
from vectorstore.index.manifest import IndexFiles
from vectorstore.model.errors import LibraryLockedError, SetupError
from vectorstore.model.filters import Filters
from vectorstore.store import Database

QUESTIONS = np.random.default_rng(7).standard_normal((8, DIMENSION)).astype(np.float32)


def ids_of(stored: list[Ready]) -> list[str]:
    return [passage_id for ready in stored for passage_id in ready.passage_ids]


def assert_right(index: ChromaIndex, database: Database, nearest: Nearest, n: int = 6) -> None:
    for question in QUESTIONS:
        found = index.query(question, n)
        assert [passage_id for passage_id, _ in found] == nearest(database, question, n)


def chroma_folder(opener: Opener) -> str:
    return str(json.loads((opener.index_folder / "manifest.json").read_text())["folder"])


def test_an_empty_library_has_nothing_to_find(opener: Opener) -> None:
    database = opener.database()
    index = opener.index(database)
    assert index.query(QUESTIONS[0], 5) == []
    assert index.query(QUESTIONS[0], 5, []) == []
    assert index.status() == IndexStatus(0, 0, None)
    assert opener.notices == []
    assert [path.name for path in opener.index_folder.glob("chroma-*")] == []


def test_what_is_added_is_found_by_its_transformed_vector(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    english, dutch = fill(database, range(20)), fill(database, range(20, 40), language="nl-NL")
    index.apply(ids_of(english + dutch), [])
    assert index.status() == IndexStatus(120, 0, None)
    own = Shift()(dutch[3].vectors[1:2].astype(np.float32), ["nl-NL"])[0]
    (first, similarity), *_ = index.query(5 * own, 3)
    assert (first, round(similarity, 4)) == (dutch[3].passage_ids[1], 1.0)
    assert_right(index, database, nearest)
    assert index.query(QUESTIONS[0], 0) == []
    assert len(index.query(QUESTIONS[0], 500)) == 120
    assert opener.notices == []


@pytest.mark.parametrize("exact", [0, 1000])
def test_candidates_narrow(opener: Opener, exact: int) -> None:
    database = opener.database()
    index = opener.index(database, exact=exact)
    stored = fill(database, range(15)) + fill(database, range(15, 30), language="nl")
    index.apply(ids_of(stored), [])
    candidates = database.passages.ids(Filters(languages=("nl",)))
    assert candidates is not None
    found = index.query(QUESTIONS[1], 10, candidates)
    everything = index.query(QUESTIONS[1], 90)
    expected = [
        (passage_id, similarity) for passage_id, similarity in everything if passage_id in set(candidates)
    ]
    assert [passage_id for passage_id, _ in found] == [passage_id for passage_id, _ in expected[:10]]
    assert np.allclose([s for _, s in found], [s for _, s in expected[:10]], atol=1e-5)


def test_changes_reach_chroma(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    stored = fill(database, range(10))
    index.apply(ids_of(stored), [])
    folder = chroma_folder(opener)
    removed = database.remove(stored[4].article.id)
    index.apply([], removed)
    assert_right(index, database, nearest)
    french = prepare(stored[2].article.text, origin="2.txt", language="fra")
    result = database.add(french.article, french.cut, french.vectors)
    index.apply(result.added_passage_ids, result.removed_passage_ids)
    assert_right(index, database, nearest)
    edition = prepare("New edition.\n", location="/x")
    for ready in (replace(edition), prepare("Newer edition.\n", location="/x")):
        result = database.add(ready.article, ready.cut, ready.vectors)
        index.apply(result.added_passage_ids, result.removed_passage_ids)
    assert_right(index, database, nearest)
    assert index.status() == IndexStatus(database.passages.count(), 0, None)
    assert chroma_folder(opener) == folder, "all of it in place"


def test_wrong_hints_are_seen_through(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    stored = fill(database, range(10))
    index.apply(ids_of(stored)[:5], ["0:0"])
    database.remove(stored[0].article.id)
    more = fill(database, range(10, 12))
    index.apply(ids_of(more)[1:], [])
    assert index.status() == IndexStatus(33, 0, None)
    assert_right(index, database, nearest)


def test_sync_catches_up(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    stored = fill(database, range(10))
    index.sync()
    folder = chroma_folder(opener)
    database.remove(stored[0].article.id)
    fill(database, range(10, 15))
    assert index.status() == IndexStatus(27, 15, None)
    assert_right(index, database, nearest)
    index.sync()
    assert index.status() == IndexStatus(42, 0, None)
    assert_right(index, database, nearest)
    assert chroma_folder(opener) == folder
    assert opener.notices == []


def test_the_last_passage_may_go(opener: Opener) -> None:
    database = opener.database()
    index = opener.index(database)
    (only,) = fill(database, [1])
    index.sync()
    database.remove(only.article.id)
    assert index.query(QUESTIONS[0], 3) == []
    index.sync()
    assert index.query(QUESTIONS[0], 3) == []
    assert index.status() == IndexStatus(0, 0, None)
    index.close()
    again = opener.index(database)
    fill(database, [2])
    again.sync()
    assert len(again.query(QUESTIONS[0], 9)) == 3


def test_a_reader_sees_what_another_process_writes(opener: Opener, nearest: Nearest) -> None:
    """Here the other process shares this one; test_crash has real ones."""
    writer, reader = opener.database(), opener.database(writable=False)
    writing = opener.index(writer)
    stored = fill(writer, range(10))
    writing.sync()
    reading = opener.index(reader)
    assert_right(reading, reader, nearest)
    more = fill(writer, range(10, 20))
    writer.remove(stored[1].article.id)
    assert reading.status() == IndexStatus(27, 30, None)
    assert_right(reading, reader, nearest)
    candidates = [*stored[2].passage_ids, *more[3].passage_ids]
    assert {passage_id for passage_id, _ in reading.query(QUESTIONS[0], 9, candidates)} == set(candidates)
    writing.sync()
    assert reading.status() == IndexStatus(57, 0, None)
    assert_right(reading, reader, nearest)
    assert opener.notices == []


def test_opening_to_read_changes_no_index_file(opener: Opener) -> None:
    database = opener.database()
    index = opener.index(database)
    fill(database, range(10))
    index.sync()
    index.close()
    files = IndexFiles(opener.index_folder)
    before = files.read_manifest()
    assert before is not None
    for _ in range(2):
        with opener.index(opener.database(writable=False)) as reading:
            assert len(reading.query(QUESTIONS[0], 3)) == 3
        assert files.stamp_files(before.folder) == before.files
    assert files.read_manifest() == before


def test_while_another_process_writes_everything_is_compared(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    stored = fill(database, range(10))
    index.sync()
    reading = opener.index(opener.database(writable=False))
    files = IndexFiles(opener.index_folder)
    with WriterLock(opener.folder):
        fill(database, range(10, 12))
        files.set_marker()
        late = opener.index(opener.database(writable=False))
        assert late.status() == IndexStatus(0, 36, "a change to it was not completed"), (
            "it is not opened, and the lock to make it again is not to be had"
        )
        assert_right(late, database, nearest)
        assert_right(reading, database, nearest)
        assert reading.status() == IndexStatus(30, 6, None), "what was open stays open"
        database.remove(stored[0].article.id)
        assert_right(late, database, nearest)
        assert_right(reading, database, nearest)
    assert opener.notices == [
        "Searching without the vector index (a change to it was not completed, and another process is "
        "writing to the library): slower, and just as complete."
    ]
    assert_right(late, database, nearest)
    assert late.status() == IndexStatus(33, 0, None)
    assert opener.notices[1:] == [
        "Making the vector index again from the library database (a change to it was not completed): "
        "33 passages."
    ]
    assert_right(reading, database, nearest)
    assert reading.status() == IndexStatus(33, 0, None)


def test_while_files_are_locked_everything_is_compared(opener: Opener, nearest: Nearest) -> None:
    from filelock import FileLock

    database = opener.database()
    fill(database, range(10))
    opener.index(database).close()
    with FileLock(opener.index_folder / "files.lock"):
        index = opener.index(database)
        assert index.status() == IndexStatus(0, 30, "it is being written")
        assert_right(index, database, nearest)
    assert_right(index, database, nearest)
    assert index.status() == IndexStatus(30, 0, None)


def test_only_the_holder_of_the_writer_lock_writes(opener: Opener) -> None:
    database = opener.database()
    index = opener.index(database)
    fill(database, range(3))
    with WriterLock(opener.folder):
        for write in (index.sync, index.rebuild, lambda: index.apply([], [])):
            with pytest.raises(LibraryLockedError, match="is writing to the library"):
                write()
    index.sync()
    lock = WriterLock(opener.folder)
    with lock:
        opener.index(database, lock=lock).rebuild()
        assert lock.is_held
    assert index.status() == IndexStatus(9, 0, None)


def spoil_marker(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> str:
    IndexFiles(opener.index_folder).set_marker()
    return "a change to it was not completed"


def spoil_folder(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.rmtree(opener.index_folder)
    return "it is missing"


def spoil_chroma(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.rmtree(opener.index_folder / chroma_folder(opener))
    return "its files are not as they were written"


def spoil_manifest(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> str:
    (opener.index_folder / "manifest.json").write_bytes(b"\xff{]")
    return "it is missing"


def spoil_version(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("vectorstore.index.store.VERSION", "9.9.9")
    return "it was written by chromadb 1.5.9"


@pytest.mark.parametrize("spoil", [spoil_marker, spoil_folder, spoil_chroma, spoil_manifest, spoil_version])
def test_what_cannot_be_trusted_is_made_again(
    opener: Opener,
    nearest: Nearest,
    spoil: Callable[[Opener, pytest.MonkeyPatch], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = opener.database()
    index = opener.index(database)
    fill(database, range(10))
    index.sync()
    index.close()
    folder = chroma_folder(opener)
    trouble = spoil(opener, monkeypatch)
    reading = opener.index(opener.database(writable=False))
    assert_right(reading, database, nearest)
    assert reading.status() == IndexStatus(30, 0, None)
    assert opener.notices == [
        f"Making the vector index again from the library database ({trouble}): 30 passages."
    ]
    assert chroma_folder(opener) != folder
    assert [path.name for path in opener.index_folder.glob("chroma-*")] == [chroma_folder(opener)]


def test_another_transform_makes_it_again(opener: Opener) -> None:
    database = opener.database()
    index = opener.index(database)
    stored = fill(database, range(10))
    index.sync()
    index.close()
    plain = opener.index(database, transform=Shift("shift-0", 0.0))
    own = stored[0].vectors[0].astype(np.float32)
    (first, similarity), *_ = plain.query(own, 1)
    assert (first, round(similarity, 4)) == (stored[0].passage_ids[0], 1.0)
    assert opener.notices == [
        "Making the vector index again from the library database (its vectors were prepared in another way): "
        "30 passages."
    ]


def test_a_library_put_back_from_a_copy_gets_an_index_of_its_own(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    fill(database, range(5))
    database.close()
    copy = opener.folder / "copy.db"
    shutil.copy(opener.folder / "library.db", copy)
    database = opener.database()
    index = opener.index(database)
    fill(database, range(5, 8))
    index.sync()
    index.close()
    database.close()
    shutil.copy(copy, opener.folder / "library.db")
    database = opener.database()
    fill(database, range(20, 23))
    index = opener.index(database)
    assert_right(index, database, nearest)
    assert index.status() == IndexStatus(24, 0, None)
    assert opener.notices[1:] == [
        "Making the vector index again from the library database "
        "(it belongs to another state of the library): 24 passages."
    ]


def test_chroma_failing_in_a_query_is_made_up_for(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database)
    fill(database, range(10))
    index.sync()
    sqlite = opener.index_folder / chroma_folder(opener) / "chroma.sqlite3"
    sqlite.write_bytes(b"\0" * sqlite.stat().st_size)
    with WriterLock(opener.folder):
        assert_right(index, database, nearest)
        assert len(index.query(QUESTIONS[0], 4, database.passages.ids(Filters(languages=("en",))))) == 4
    assert_right(index, database, nearest)
    assert index.status() == IndexStatus(30, 0, None)


def test_a_full_disk_leaves_searching_as_it_was(
    opener: Opener, nearest: Nearest, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opener.database()
    index = opener.index(database)
    fill(database, range(10))
    index.sync()

    def no_space(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vectorstore.index.store.IndexFiles.sync_files", no_space)
    fill(database, range(10, 12))
    with pytest.raises(
        SetupError, match=r"could not be written .*No space left.*articles are safe.*doctor --repair"
    ):
        index.sync()
    assert_right(index, database, nearest)
    monkeypatch.undo()
    assert_right(index, database, nearest)
    index.rebuild()
    assert index.status() == IndexStatus(36, 0, None)
    assert_right(index, database, nearest)


def test_threads_share_an_index(opener: Opener, nearest: Nearest) -> None:
    database = opener.database()
    index = opener.index(database, exact=20)
    fill(database, range(20))
    index.sync()
    wrong: list[object] = []

    def ask(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for _ in range(40):
            question: NDArray[np.float32] = rng.standard_normal(DIMENSION).astype(np.float32)
            found = [passage_id for passage_id, _ in index.query(question, 3)]
            if len(found) != 3 or len(database.passages.load(found)) != 3:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20, 32):
        added = fill(database, [number])
        index.apply(ids_of(added), [])
    for thread in threads:
        thread.join()
    assert wrong == []
    assert_right(index, database, nearest)
    assert index.status() == IndexStatus(96, 0, None)
