from __future__ import annotations

import os
from pathlib import Path

import pytest

from vectorstore.index.manifest import FileStamp, IndexFiles, IndexManifest
from vectorstore.store import Revision


@pytest.fixture
def files(tmp_path: Path) -> IndexFiles:
    folder = tmp_path / "chroma-1"
    (folder / "segment").mkdir(parents=True)
    (folder / "segment" / "data.bin").write_bytes(b"12345")
    os.utime(folder / "segment" / "data.bin", ns=(7, 9))
    (folder / "chroma.sqlite3").touch()
    (folder / "chroma.sqlite3-journal").touch()
    return IndexFiles(tmp_path)


def make_manifest(files: IndexFiles) -> IndexManifest:
    return IndexManifest(
        folder="chroma-1",
        chroma="1",
        transform="t",
        revision=Revision("library", 3, "token"),
        passages=5,
        files=files.stamp_files("chroma-1"),
    )


def test_index_files_are_stamped_and_the_database_is_not(files: IndexFiles) -> None:
    assert files.stamp_files("chroma-1") == (FileStamp(name="segment/data.bin", size=5, modified_ns=9),)
    assert files.stamp_files("chroma-2") == ()


def test_a_manifest_comes_back(files: IndexFiles, tmp_path: Path) -> None:
    assert files.read_manifest() is None
    manifest = make_manifest(files)
    files.sync_files("chroma-1")
    files.write_manifest(manifest)
    assert files.read_manifest() == manifest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chroma-1", "manifest.json"]
    files.remove_manifest()
    assert files.read_manifest() is None
    files.remove_manifest()


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"\xff\xfe", b'{"folder": 3}', b"x" * 100_000])
def test_anything_else_is_no_manifest(files: IndexFiles, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    assert files.read_manifest() is None


def test_a_cut_manifest_is_none(files: IndexFiles, tmp_path: Path) -> None:
    files.write_manifest(make_manifest(files))
    whole = (tmp_path / "manifest.json").read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "manifest.json").write_bytes(whole[:length])
        assert files.read_manifest() is None


def test_the_marker(tmp_path: Path) -> None:
    files = IndexFiles(tmp_path / "new" / "index")
    assert not files.has_marker()
    files.set_marker()
    files.set_marker()
    assert files.has_marker()
    assert (tmp_path / "new" / "index" / "dirty.json").read_text().startswith(f'{{"pid": {os.getpid()}')
    files.clear_marker()
    assert not files.has_marker()
