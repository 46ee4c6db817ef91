"""The cache of what is built from the weight file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.peers.forked import Forked
from vectorstore.embedding import E5Embedder
from vectorstore.embedding.cache import load_or_build
from vectorstore.model.errors import SetupError

CONTENT = bytes(range(80))


def _no_build() -> bytes:
    raise AssertionError("must not be built")


def test_a_part_is_built_once(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "part"
    assert load_or_build(path, lambda: CONTENT) == CONTENT
    assert load_or_build(path, _no_build) == CONTENT
    assert [file.name for file in path.parent.iterdir()] == ["part"]


def _damages(whole: bytes) -> Iterator[bytes]:
    yield from (b"", b"some other file", whole[:20], whole[:32], whole[:100], whole[:-1], whole + b"x")
    for position in range(len(whole)):
        yield whole[:position] + bytes([whole[position] ^ 0x40]) + whole[position + 1 :]


def test_a_damaged_part_is_built_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "part"
    load_or_build(path, lambda: CONTENT)
    whole = path.read_bytes()
    for damaged in _damages(whole):
        path.write_bytes(damaged)
        with caplog.at_level(logging.WARNING):
            assert load_or_build(path, lambda: CONTENT) == CONTENT
        assert path.read_bytes() == whole
        assert caplog.messages == [f"{path} is damaged and is built again"]
        caplog.clear()


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="must not be built"):
        load_or_build(tmp_path / "part", _no_build)
    assert list(tmp_path.iterdir()) == []


def test_an_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"cache .*file/part cannot be used .* set another cache folder"):
        load_or_build(tmp_path / "file" / "part", lambda: CONTENT)
    (tmp_path / "folder").mkdir()
    with pytest.raises(SetupError, match=r"folder cannot be used"):
        load_or_build(tmp_path / "folder", lambda: CONTENT)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def encode(folder: Path) -> None:
    print(E5Embedder.bundled(folder, threads=1).embed_query("Who won?")[:8].tolist(), flush=True)


def test_processes_that_build_at_once_all_get_the_same(tmp_path: Path, embedder: E5Embedder) -> None:
    processes = [Forked(encode, tmp_path) for _ in range(3)]
    printed = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert printed == [f"{embedder.embed_query('Who won?')[:8].tolist()}\n"] * 3
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert kept == [f"{embedder.fingerprint}.graph", f"{embedder.fingerprint}.tokenizer"]


@pytest.mark.parametrize("part", ["graph", "tokenizer"])
def test_a_damaged_embedder_repairs_itself(
    tmp_path: Path, embedder: E5Embedder, cache: Path, part: str
) -> None:
    name = f"{embedder.fingerprint}.{part}"
    whole = (cache / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:1_000_000] + b"damage" + whole[1_000_006:])
    repaired = E5Embedder.bundled(tmp_path, threads=1)
    np.testing.assert_array_equal(repaired.embed_query("Who won?"), embedder.embed_query("Who won?"))
    assert (tmp_path / name).read_bytes() == whole


def test_a_tokenizer_that_cannot_be_kept_is_reported_at_first_use(
    tmp_path: Path, embedder: E5Embedder
) -> None:
    (tmp_path / f"{embedder.fingerprint}.tokenizer").mkdir()
    blocked = E5Embedder.bundled(tmp_path, threads=1)
    with pytest.raises(SetupError, match=r"\.tokenizer cannot be used"):
        blocked.embed_query("Who won?")
