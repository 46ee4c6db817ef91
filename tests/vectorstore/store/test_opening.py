"""Opening what is there, what is not, and what is something else; folders and disks that refuse."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.vectorstore.synthetic import DIMENSION, EMBEDDER, fill, number_text, prepare
from vectorstore.model.errors import LibraryLockedError, SetupError
from vectorstore.store import AddOutcome, Database, EmbedderIdentity, Opinion

ROOT = Path(__file__).parents[3]
POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
"""Makes root heed file permissions, as everybody else does anyway."""


def open_reading(path: Path) -> Database:
    return Database.open(path, writable=False, embedder=EMBEDDER)


def run_apart(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, one that heeds file permissions."""
    return subprocess.run(
        [*POWERLESS, sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the permission to write away from a folder and its files."""
    parts = [*folder.iterdir(), folder]
    for part in parts:
        part.chmod(part.stat().st_mode & ~0o222)
    yield
    for part in [folder, *folder.iterdir()]:
        part.chmod(part.stat().st_mode | 0o200)


def test_a_missing_library_is_made_only_for_writing(path: Path) -> None:
    with pytest.raises(SetupError) as missing:
        open_reading(path)
    assert (
        str(missing.value) == f"There is no library at {path} yet. Add articles first: `pullquote add PATH`."
    )
    assert not path.parent.exists()
    Database.open(path, writable=True, embedder=EMBEDDER).close()
    with open_reading(path) as database:
        assert (database.embedder.dimension, database.generation, database.passages.count()) == (
            DIMENSION,
            0,
            0,
        )
    with pytest.raises(ValueError, match="needs to know its embedder"):
        Database.open(path.with_name("other.db"), writable=True, embedder=None)


def test_a_file_killed_while_it_was_made_is_a_missing_library(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(SetupError, match="There is no library at"):
        open_reading(path)
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        assert database.check() == []


@pytest.mark.parametrize(
    "other", [EmbedderIdentity("synthetic-2", DIMENSION), EmbedderIdentity("synthetic-1", 8)]
)
@pytest.mark.parametrize("writable", [True, False])
def test_another_embedder_is_refused(path: Path, other: EmbedderIdentity, writable: bool) -> None:
    Database.open(path, writable=True, embedder=EMBEDDER).close()
    with pytest.raises(SetupError) as refused:
        Database.open(path, writable=writable, embedder=other)
    assert str(refused.value) == (
        f"{path} holds vectors of the embedder synthetic-1 (16 dimensions), and {other.fingerprint} "
        f"({other.dimension}) is here: they cannot be compared. Put the former back, or make new vectors: "
        "`pullquote reembed`."
    )
    Database.open(path, writable=writable, embedder=None).close()


def test_a_newer_library_is_refused(path: Path) -> None:
    Database.open(path, writable=True, embedder=EMBEDDER).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE library SET schema_version = 99")
    connection.close()
    for writable in (True, False):
        with pytest.raises(
            SetupError, match=rf"{path}.*version 99.*knows 4.*pip install --upgrade pullquote"
        ):
            Database.open(path, writable=writable, embedder=EMBEDDER)


def test_an_older_library_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(3))

    def add_table(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY)"))

    from vectorstore.store import opening as module
    from vectorstore.store.migrations import MIGRATIONS, migrate

    steps = (*MIGRATIONS, add_table)
    monkeypatch.setattr(module, "MIGRATIONS", steps)
    monkeypatch.setattr(module, "migrate", lambda connection, version: migrate(connection, version, steps))
    with pytest.raises(SetupError, match=r"older Pullquote.*pullquote doctor --repair"):
        open_reading(path)
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        assert database.passages.count() == 9
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT schema_version FROM library").fetchall() == [(5,)]
        assert connection.execute("SELECT count(*) FROM later").fetchall() == [(0,)]
    connection.close()
    open_reading(path).close()


def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (id)")
    connection.close()
    before = path.read_bytes()
    for writable in (True, False):
        with pytest.raises(SetupError, match=rf"{path} is a database of another program.*--library"):
            Database.open(path, writable=writable, embedder=EMBEDDER)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    connection.close()
    assert len(path.read_bytes()) == len(before)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda data: b"Dear diary,\n" * 900,
    "half": lambda data: data[: len(data) // 2],
    "garbage": lambda data: data[:100] + os.urandom(len(data) - 100),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_named(path: Path, how: str) -> None:
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(30))
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    for writable in (True, False):
        damaged = pytest.raises(
            SetupError, match=rf"{path} is damaged, or is no Pullquote library.*pullquote doctor"
        )
        with damaged, Database.open(path, writable=writable, embedder=EMBEDDER) as database:
            database.articles.headers()
            list(database.vectors.iterate(100))


def test_a_folder_in_its_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    for writable in (True, False):
        with pytest.raises(SetupError, match=str(path)):
            Database.open(path, writable=writable, embedder=EMBEDDER)


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"folder .*file/library cannot be made \(Not a directory\)"):
        Database.open(tmp_path / "file" / "library" / "library.db", writable=True, embedder=EMBEDDER)


def test_odd_paths_are_only_paths(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#%41 é" / "library.db"
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(2))
    assert path.stat().st_size > 0
    with open_reading(path) as database:
        assert database.passages.count() == 6


def test_waiting_for_another_process_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.store.sqlite.BUSY_SECONDS", 0.1)
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryLockedError, match=rf"{path} has been busy"):
            database.feedback.put("bcdfgh", "Why?", Opinion.GOOD, "me")
        assert database.feedback.all() == []
        other.close()
        database.feedback.put("bcdfgh", "Why?", Opinion.GOOD, "me")


READ = """
    import sys
    from pathlib import Path
    from tests.vectorstore.synthetic import EMBEDDER, prepare
    from vectorstore.store import Database, Opinion
    from vectorstore.model.errors import SetupError
    path = Path(sys.argv[1])
    try:
        with Database.open(path, writable=False, embedder=EMBEDDER) as database:
            hits = database.passages.find_by_terms(["article1"], limit=9)
            print(database.passages.count(), len(hits), database.check())
            try:
                database.feedback.put("bcdfgh", "Why?", Opinion.GOOD, "me")
            except SetupError as error:
                print(error)
        Database.open(path, writable=True, embedder=EMBEDDER).add(prepare("x").article)
    except SetupError as error:
        print(error)
"""


def unwritable(path: Path) -> str:
    return (
        f"{path} cannot be written: the file or its folder is read-only for this account. "
        "Change that with `chmod`, or use another `--library`."
    )


def test_a_library_in_a_read_only_folder_can_be_read(path: Path) -> None:
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(3))
    with read_only(path.parent):
        read = run_apart(READ, path)
    refused = unwritable(path)
    assert (read.stdout.splitlines(), read.stderr) == (["9 3 []", refused, refused], "")
    assert [file.name for file in path.parent.iterdir()] == ["library.db"]


def test_a_read_only_folder_can_be_read_while_its_owner_writes(path: Path) -> None:
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(4))
        assert path.with_name("library.db-wal").stat().st_size > 0
        with read_only(path.parent):
            read = run_apart(READ, path)
        assert (read.stdout.splitlines()[:1], read.stderr) == (["12 3 []"], "")
        fill(database, range(4, 5))


KILLED = """
    import os, sys
    from pathlib import Path
    from tests.vectorstore.synthetic import EMBEDDER, fill
    from vectorstore.store import Database
    fill(Database.open(Path(sys.argv[1]), writable=True, embedder=EMBEDDER), range(2))
    os.kill(os.getpid(), 9)
"""


def test_a_read_only_folder_left_by_a_killed_writer(path: Path) -> None:
    assert run_apart(KILLED, path).returncode == -9
    assert path.with_name("library.db-wal").stat().st_size > 0
    with read_only(path.parent):
        read = run_apart(READ, path)
    assert (read.stdout.splitlines()[:1], read.stderr) == (["6 3 []"], "")
    path.with_name("library.db-shm").unlink()
    with read_only(path.parent):
        read = run_apart(READ, path)
    assert read.stdout.splitlines() == [
        f"{path} cannot be opened: it was left in the middle of a change and its folder is read-only, "
        "so the change cannot be completed. Run `pullquote doctor` once from an account that may write there."
    ]
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        assert (database.passages.count(), database.check()) == (6, [])


def test_an_unreadable_file_is_named(path: Path) -> None:
    Database.open(path, writable=True, embedder=EMBEDDER).close()
    path.chmod(0)
    read = run_apart(READ, path)
    assert read.stdout.splitlines() == [
        f"{path} cannot be read (Permission denied). Change that with `chmod`, or use another `--library`."
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system takes root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_leaves_the_library_whole(small_disk: Path) -> None:
    path = small_disk / "library.db"
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        stored = fill(database, range(5))
        big = prepare(number_text(99, lines=6000))
        with pytest.raises(
            SetupError, match=rf"{path} could not be written .*full.*What was stored before is safe"
        ):
            database.add(big.article, big.cut, big.vectors)
        assert {header.id for header in database.articles.headers()} == {ready.article.id for ready in stored}
    with open_reading(path) as database:
        assert database.passages.count() == 15
        assert database.check() == []


FILLED = """
    import resource, sys
    from pathlib import Path
    from tests.vectorstore.synthetic import EMBEDDER, fill, number_text, prepare
    from vectorstore.store import Database
    from vectorstore.model.errors import SetupError
    path = Path(sys.argv[1])
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        fill(database, range(5))
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        big = prepare(number_text(99, lines=4000))
        try:
            database.add(big.article, big.cut, big.vectors)
        except SetupError as error:
            print(error)
        print(database.passages.count(), database.check())
"""


def test_a_file_that_may_not_grow_leaves_the_library_whole(path: Path) -> None:
    filled = run_apart(FILLED, path)
    first, second = filled.stdout.splitlines()
    assert first.startswith(f"{path} could not be written (")
    assert first.endswith("run the same command again: it resumes where it stopped.")
    assert (second, filled.stderr) == ("15 []", "")
    with Database.open(path, writable=True, embedder=EMBEDDER) as database:
        assert database.check() == []
        big = prepare(number_text(99, lines=4000))
        assert database.add(big.article, big.cut, big.vectors).outcome is AddOutcome.ADDED
