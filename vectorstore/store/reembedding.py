"""A second set of vectors, made while the first is in use, and its taking over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, LargeBinary, Row, Select, delete, func, insert, literal, select, update
from sqlalchemy import cast as sql_cast

from vectorstore.store.opening import begin_generation
from vectorstore.store.passages import make_passage
from vectorstore.store.records import EmbedderIdentity, Unfinished, VectorBatch, Waiting
from vectorstore.store.schema import articles, library, next_vectors, passages, reembedding, texts, vectors
from vectorstore.store.sqlite import Store
from vectorstore.store.vectors import STORED_AS, has_unit_rows, iter_matrices


class NextVectors(Store):
    """The second set of one library. Each method is one transaction, short but for `take_over`.

    It may be filled while another process adds articles: a vector goes when its passage goes, and passages
    that come are waiting. One process at a time fills it.
    """

    def unfinished(self) -> Unfinished | None:
        """Return how far it is; None when none has been begun."""
        with self._file.read() as connection:
            row = connection.execute(select(reembedding)).one_or_none()
            if row is None:
                return None
            done = connection.scalar(select(func.count()).select_from(next_vectors))
        return Unfinished(_identify(row), row.begun, int(done or 0), row.tokens)

    def begin(self, embedder: EmbedderIdentity) -> None:
        """Begin with `embedder`, or resume: what another one has left is deleted."""
        with self._file.write() as connection:
            row = connection.execute(select(reembedding.c.embedder, reembedding.c.dimension)).one_or_none()
            if row is not None and EmbedderIdentity(*row).is_same_as(embedder):
                # The same vectors can go by another name since, such as a folder that was moved.
                connection.execute(update(reembedding).values(embedder.as_columns()))
                return
            _clear(connection)
            begun = {"begun": self._file.now(), "tokens": 0, **embedder.as_columns()}
            connection.execute(insert(reembedding).values(begun))

    def drop(self) -> None:
        with self._file.write() as connection:
            _clear(connection)

    def count_waiting(self, *, all_passages: bool = False) -> tuple[int, int]:
        """Return how many passages wait for a vector (or all of them), and their length in bytes of UTF-8."""
        words = func.substr(texts.c.text, passages.c.start + 1, passages.c.end - passages.c.start)
        measured = (
            select(func.count(), func.sum(func.length(sql_cast(words, LargeBinary))))
            .select_from(passages)
            .join(texts, texts.c.article_id == passages.c.article_id)
        )
        if not all_passages:
            measured = measured.where(passages.c.number.in_(_without_vector()))
        ((count, length),) = self._file.rows(measured)
        return int(count), int(length or 0)

    def waiting(self, limit: int, after: int = 0) -> list[Waiting]:
        """Return the first `limit` passages that wait for a vector, by number, after number `after`."""
        # Callers pass the last number seen, or each call would read all that is done.
        numbers = _without_vector().where(passages.c.number > after).limit(limit)
        waiting = select(passages).where(passages.c.number.in_(numbers)).order_by(passages.c.number)
        return [Waiting(row.number, make_passage(row)) for row in self._file.rows(waiting)]

    def store(self, embedded: Sequence[Waiting], matrix: NDArray[np.floating], tokens: int) -> None:
        """Store (n, d) unit vectors of n passages, except of those that were removed or cut again meanwhile.

        `tokens` is what the embedder's server counted for them. Raises ValueError when no set has been begun,
        or the vectors do not fit it.
        """
        data = np.ascontiguousarray(matrix, dtype=STORED_AS)
        with self._file.write() as connection:
            dimension = connection.scalar(select(reembedding.c.dimension))
            if data.shape != (len(embedded), dimension) or not has_unit_rows(data):
                raise ValueError(f"vectors are {data.shape} or not of unit length; the set has {dimension}")
            for (number, passage), row in zip(embedded, data, strict=True):
                same = select(passages.c.number, literal(row.tobytes(), LargeBinary)).where(
                    passages.c.number == number,
                    passages.c.article_id == passage.article_id,
                    passages.c.start == passage.span.start,
                    passages.c.end == passage.span.end,
                )
                connection.execute(insert(next_vectors).from_select(["passage", "data"], same))
            connection.execute(update(reembedding).values(tokens=reembedding.c.tokens + tokens))

    def iter_vectors(self, batch: int) -> Iterator[VectorBatch]:
        """Load the second set as one state of the library has it, about `batch` at a time, whole articles."""
        with self._file.read() as connection:
            dimension = int(connection.scalar(select(reembedding.c.dimension)) or 0)
            yield from iter_matrices(_joined(connection), batch, dimension)

    def take_over(self) -> int:
        """Put the complete second set in the place of the first, and return the generation that begins so.

        For the holder of the writer lock. Raises ValueError when the set is not complete.
        """
        with self._file.write() as connection:
            row = connection.execute(select(reembedding)).one_or_none()
            if row is None or connection.execute(_without_vector().limit(1)).first() is not None:
                raise ValueError("the second set of vectors is not complete")
            generation = begin_generation(connection, self._file.now())
            for article_id in connection.scalars(select(vectors.c.article_id)).all():
                data = b"".join(connection.scalars(_vectors_of(article_id)))
                of_article = update(vectors).where(vectors.c.article_id == article_id)
                connection.execute(of_article.values(data=data))
            with_vectors = update(articles).where(articles.c.id.in_(select(vectors.c.article_id)))
            connection.execute(with_vectors.values(generation=generation))
            connection.execute(update(library).values(**_identify(row).as_columns()))
            _clear(connection)
        return generation


def _identify(row: Row[Any]) -> EmbedderIdentity:
    return EmbedderIdentity(row.embedder, row.dimension, row.model, row.is_centred)


def _clear(connection: Connection) -> None:
    connection.execute(delete(next_vectors))
    connection.execute(delete(reembedding))


def _without_vector() -> Select[tuple[int]]:
    return (
        select(passages.c.number)
        .outerjoin(next_vectors, next_vectors.c.passage == passages.c.number)
        .where(next_vectors.c.passage.is_(None))
        .order_by(passages.c.number)
    )


def _vectors_of(article_id: str) -> Select[tuple[bytes]]:
    return (
        select(next_vectors.c.data)
        .join(passages, passages.c.number == next_vectors.c.passage)
        .where(passages.c.article_id == article_id)
        .order_by(passages.c.ordinal)
    )


def _joined(connection: Connection) -> Iterator[tuple[str, str, bytes]]:
    """Article id, language and all its vectors, article by article."""
    with_vectors = select(vectors.c.article_id, articles.c.language).join(articles)
    for article_id, language in connection.execute(with_vectors.order_by(vectors.c.article_id)).all():
        yield article_id, language, b"".join(connection.scalars(_vectors_of(article_id)))
