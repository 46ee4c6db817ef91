"""Passages, their vectors and their terms: three tables that always change together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select

from vectorstore.model.article import Article, Passage, Span
from vectorstore.store.lexical import LexicalIndex
from vectorstore.store.records import VectorBatch
from vectorstore.store.schema import articles, passages, texts, vectors
from vectorstore.text.terms import normalize

STORED_AS = np.dtype("<f2")
"""Little-endian float16."""
_MOST_PARAMETERS = 5_000
"""Ids put into one statement; SQLite takes 32,766."""


def store_passages(
    connection: Connection,
    lexical: LexicalIndex,
    article: Article,
    cut: Sequence[Passage],
    matrix: NDArray[np.floating],
) -> tuple[str, ...]:
    """Store an article's passages with vectors and terms, and return the passages' ids."""
    rows = [
        {
            "article_id": article.id,
            "ordinal": passage.ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "sentence_lengths": [sentence.end - sentence.start for sentence in passage.sentences],
        }
        for passage in cut
    ]
    connection.execute(insert(passages), rows)
    data = np.ascontiguousarray(matrix, dtype=STORED_AS).tobytes()
    connection.execute(insert(vectors).values(article_id=article.id, data=data))
    _index_terms(connection, lexical, article.id, article.text)
    return tuple(passage.id for passage in cut)


def drop_passages(connection: Connection, lexical: LexicalIndex, article_id: str) -> tuple[str, ...]:
    """Delete an article's passages with vectors and terms, and return the passages' ids."""
    of_article = select(passages.c.number, passages.c.ordinal).where(passages.c.article_id == article_id)
    found = connection.execute(of_article.order_by(passages.c.ordinal)).all()
    lexical.delete(connection, [number for number, _ in found])
    connection.execute(delete(vectors).where(vectors.c.article_id == article_id))
    connection.execute(delete(passages).where(passages.c.article_id == article_id))
    return tuple(f"{article_id}:{ordinal}" for _, ordinal in found)


def index_terms_again(connection: Connection, lexical: LexicalIndex) -> None:
    """Make the lexical index anew from the articles' texts."""
    lexical.clear(connection)
    for article_id in connection.scalars(select(vectors.c.article_id)).all():
        text = str(connection.scalar(select(texts.c.text).where(texts.c.article_id == article_id)))
        _index_terms(connection, lexical, article_id, text)


def _index_terms(connection: Connection, lexical: LexicalIndex, article_id: str, text: str) -> None:
    numbered = (
        select(passages.c.number, passages.c.start, passages.c.end)
        .where(passages.c.article_id == article_id)
        .order_by(passages.c.ordinal)
    )
    placed = connection.execute(numbered).all()
    lexical.insert(connection, ((number, normalize(text[start:end])) for number, start, end in placed))


def load_passages(connection: Connection, passage_ids: Sequence[str]) -> list[Passage]:
    """Load passages in the order given; ids that are not there are left out."""
    wanted = set(passage_ids)
    loaded = {
        passage.id: passage
        for article_ids in _in_portions(article_ids_of(passage_ids))
        for passage in _load(connection, select(passages).where(passages.c.article_id.in_(article_ids)))
        if passage.id in wanted
    }
    return [loaded[passage_id] for passage_id in passage_ids if passage_id in loaded]


def load_passages_of(connection: Connection, article_id: str) -> list[Passage]:
    """Load an article's passages in order."""
    return list(_load(connection, select(passages).where(passages.c.article_id == article_id)))


def load_numbered(connection: Connection, numbers: Select[tuple[int]]) -> list[tuple[int, Passage]]:
    """Load the passages in some rows, with the rows' numbers, in the order of these."""
    of_rows = select(passages).where(passages.c.number.in_(numbers)).order_by(passages.c.number)
    return [(row.number, _make_passage(row)) for row in connection.execute(of_rows)]


def _load(connection: Connection, statement: Select[Any]) -> Iterator[Passage]:
    for row in connection.execute(statement.order_by(passages.c.article_id, passages.c.ordinal)):
        yield _make_passage(row)


def _make_passage(row: Row[Any]) -> Passage:
    edges = pairwise(accumulate(row.sentence_lengths, initial=row.start))
    return Passage(
        row.article_id, row.ordinal, Span(row.start, row.end), tuple(Span(*edge) for edge in edges)
    )


def list_passage_ids(connection: Connection, conditions: Sequence[ColumnElement[bool]] = ()) -> list[str]:
    """List the ids of all passages of articles that meet `conditions`, article by article."""
    counted = (
        select(passages.c.article_id, func.count())
        .group_by(passages.c.article_id)
        .order_by(passages.c.article_id)
    )
    if conditions:
        counted = counted.join(articles).where(*conditions)
    return [
        f"{article_id}:{ordinal}" for article_id, n in connection.execute(counted) for ordinal in range(n)
    ]


def load_vectors(connection: Connection, passage_ids: Sequence[str], dimension: int) -> VectorBatch:
    """Load vectors in the order given; ids that are not there are left out."""
    parts: list[NDArray[np.float16]] = [np.empty((0, dimension), np.float16)]
    rows_of: dict[str, tuple[str, range]] = {}
    end = 0
    for article_ids in _in_portions(article_ids_of(passage_ids)):
        of_articles = _select_vectors().where(vectors.c.article_id.in_(article_ids))
        for article_id, language, data in connection.execute(of_articles):
            matrix = unpack_vectors(data, dimension)
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


def iter_article_vectors(connection: Connection, batch: int, dimension: int) -> Iterator[VectorBatch]:
    """All vectors, article by article, about `batch` at a time."""
    stored = connection.execute(_select_vectors().order_by(vectors.c.article_id))
    yield from iter_matrices((tuple(row) for row in stored), batch, dimension)


def iter_matrices(
    stored: Iterable[tuple[str, str, bytes]], batch: int, dimension: int
) -> Iterator[VectorBatch]:
    """Article ids, languages and all of an article's vectors, put together to about `batch` vectors."""
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


def _select_vectors() -> Select[Any]:
    return select(vectors.c.article_id, articles.c.language, vectors.c.data).join(articles)


def unpack_vectors(data: bytes, dimension: int) -> NDArray[np.float16]:
    """An article's vectors, (passages, dimension)."""
    return np.frombuffer(data, STORED_AS).reshape(-1, dimension)


def split_passage_id(passage_id: str) -> tuple[str, int]:
    """Article id and ordinal; an ordinal no passage has when `passage_id` is none."""
    article_id, _, ordinal = passage_id.rpartition(":")
    return article_id, int(ordinal) if ordinal.isdecimal() else -1


def article_ids_of(passage_ids: Iterable[str]) -> list[str]:
    """The articles that passages are of, each once, in order of appearance."""
    return list(dict.fromkeys(passage_id.rpartition(":")[0] for passage_id in passage_ids))


def _in_portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _MOST_PARAMETERS):
        yield ids[start : start + _MOST_PARAMETERS]
