"""The vectors of passages: all of an article's in one row, as little-endian float16."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from vectorstore.model.errors import EmbedderReplacedError
from vectorstore.store.opening import read_embedder
from vectorstore.store.passages import article_ids_of, in_portions, split_passage_id
from vectorstore.store.records import EmbedderIdentity, VectorBatch
from vectorstore.store.schema import articles, vectors
from vectorstore.store.sqlite import SqliteFile

STORED_AS = np.dtype("<f2")
"""Little-endian float16."""

UNIT_TOLERANCE = 0.01
"""A stored vector's length differs from 1 by no more: float16 keeps 11 bits of each of its numbers."""

_SELECT = select(vectors.c.article_id, articles.c.language, vectors.c.data).join(articles)


class VectorStore:
    """The vectors of one library, as long as they are of the embedder it was opened with.

    Every method raises `EmbedderReplacedError` once another embedder's have taken their place.
    """

    def __init__(self, file: SqliteFile, embedder: EmbedderIdentity) -> None:
        self._file = file
        self._embedder = embedder

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a read transaction that sees the vectors of this embedder."""
        with self._file.read() as connection:
            now = read_embedder(connection)
            if not now.is_same_as(self._embedder):
                raise EmbedderReplacedError(
                    f"The vectors in {self._file.path} have become those of {now.fingerprint} meanwhile. Run "
                    "the command again."
                )
            yield connection

    def load(self, passage_ids: Sequence[str]) -> VectorBatch:
        """Load vectors in the order given, leaving out passages that are no longer there."""
        parts: list[NDArray[np.float16]] = [np.empty((0, self._embedder.dimension), np.float16)]
        rows_of: dict[str, tuple[str, range]] = {}
        end = 0
        with self.reading() as connection:
            for article_ids in in_portions(article_ids_of(passage_ids)):
                of_articles = _SELECT.where(vectors.c.article_id.in_(article_ids))
                for article_id, language, data in connection.execute(of_articles):
                    matrix = unpack_vectors(data, self._embedder.dimension)
                    parts.append(matrix)
                    rows_of[article_id] = language, range(end, end := end + len(matrix))
        ids, languages, rows = [], [], []
        for passage_id in passage_ids:
            article_id, ordinal = split_passage_id(passage_id)
            language, its_rows = rows_of.get(article_id, ("", range(0)))
            if 0 <= ordinal < len(its_rows):
                ids.append(passage_id)
                languages.append(language)
                rows.append(its_rows[ordinal])
        return VectorBatch(ids, languages, np.concatenate(parts)[rows].astype(np.float32))

    def iterate(self, batch: int) -> Iterator[VectorBatch]:
        """Load all vectors as one state of the library has them, about `batch` at a time, whole articles."""
        with self.reading() as connection:
            stored = connection.execute(_SELECT.order_by(vectors.c.article_id))
            yield from iter_matrices(map(tuple, stored), batch, self._embedder.dimension)


def iter_matrices(
    stored: Iterable[tuple[str, str, bytes]], batch: int, dimension: int
) -> Iterator[VectorBatch]:
    """Join article ids, languages and all of an article's vectors into batches of about `batch` vectors."""
    ids: list[str] = []
    languages: list[str] = []
    parts: list[NDArray[np.float16]] = []
    for article_id, language, data in stored:
        matrix = unpack_vectors(data, dimension)
        if ids and len(ids) + len(matrix) > batch:
            yield VectorBatch(ids, languages, np.concatenate(parts).astype(np.float32))
            ids, languages, parts = [], [], []
        ids += [f"{article_id}:{ordinal}" for ordinal in range(len(matrix))]
        languages += [language] * len(matrix)
        parts.append(matrix)
    if ids:
        yield VectorBatch(ids, languages, np.concatenate(parts).astype(np.float32))


def pack_vectors(matrix: NDArray[np.floating]) -> bytes:
    """Return (passages, dimension) vectors as they are stored."""
    return np.ascontiguousarray(matrix, dtype=STORED_AS).tobytes()


def unpack_vectors(data: bytes, dimension: int) -> NDArray[np.float16]:
    """Return an article's stored vectors, (passages, dimension)."""
    return np.frombuffer(data, STORED_AS).reshape(-1, dimension)


def has_unit_rows(matrix: NDArray[np.floating]) -> bool:
    """Whether all rows are finite and of unit length, as far as float16 can show."""
    lengths = np.linalg.norm(matrix.astype(np.float32), axis=1)
    return bool(np.all(np.abs(lengths - 1) <= UNIT_TOLERANCE))
