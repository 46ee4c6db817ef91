"""The index in folders that may not be written and on disks that are full."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.vectorstore.index.conftest import Opener
from tests.vectorstore.index.test_index import QUESTIONS
from tests.vectorstore.store.test_opening import read_only, run_apart
from tests.vectorstore.synthetic import fill, number_text, prepare
from vectorstore.model.errors import SetupError

READ = """
    import sys
    from contextlib import ExitStack, suppress
    from pathlib import Path
    from tests.vectorstore.index.conftest import Opener
    from tests.vectorstore.index.test_index import QUESTIONS
    with ExitStack() as stack:
        opener = Opener(Path(sys.argv[1]), stack)
        database = opener.database(writable=False)
        index = opener.index(database)
        for question in QUESTIONS:
            print([passage_id for passage_id, _ in index.query(question, 5)])
        print(index.status())
        print(*opener.notices, sep="\\n")
"""


def test_a_read_only_library_is_compared_exactly(opener: Opener) -> None:
    database = opener.database()
    fill(database, range(10))
    index = opener.index(database)
    expected = [str([passage_id for passage_id, _ in index.query(question, 5)]) for question in QUESTIONS]
    index.close()
    database.close()
    folders = [opener.folder, *(path for path in opener.folder.rglob("*") if path.is_dir())]
    with ExitStack() as stack:
        for folder in folders:
            stack.enter_context(read_only(folder))
        before = sorted(opener.folder.rglob("*"))
        read = run_apart(READ, opener.folder)
        assert sorted(opener.folder.rglob("*")) == before
    lines = read.stdout.splitlines()
    assert (lines[: len(QUESTIONS)], read.stderr) == (expected, "")
    trouble = f"{opener.index_folder} cannot be written: Permission denied"
    assert lines[len(QUESTIONS) :] == [
        f"IndexStatus(indexed=0, behind=30, trouble={trouble!r})",
        f"Searching without the vector index ({trouble}): slower, and just as complete.",
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system takes root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_disk_that_fills_up_loses_nothing(small_disk: Path) -> None:
    with ExitStack() as stack:
        opener = Opener(small_disk / "library", stack)
        database = opener.database()
        index = opener.index(database)
        stored = fill(database, range(10))
        index.sync()
        filler = small_disk / "filler"
        with pytest.raises(SetupError, match=r"could not be written"):
            for number in range(100, 10_000):
                with suppress(OSError), filler.open("ab", buffering=0) as file:
                    file.write(b"x" * 100_000)
                ready = prepare(number_text(number), origin=str(number))
                database.add(ready.article, ready.cut, ready.vectors)
                stored.append(ready)
                index.apply(ready.passage_ids, [])
        ids = set(database.passages.ids())
        assert {passage_id for ready in stored for passage_id in ready.passage_ids} <= ids
        assert {passage_id for passage_id, _ in index.query(QUESTIONS[0], 10_000)} == ids
        filler.unlink()
        again = opener.index(database)
        assert {passage_id for passage_id, _ in again.query(QUESTIONS[0], 10_000)} == ids
        assert (again.status().behind, again.status().trouble) == (0, None)
        assert database.check() == []
