"""Passages, and the terms they are found by: tables that change together, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from vectorstore.model.article import Article, Passage, Span
from vectorstore.model.filters import Filters
from vectorstore.store import fts5
from vectorstore.store.articles import is_in_language, meets
from vectorstore.store.schema import articles, passages, texts, vectors
from vectorstore.store.sqlite import Store
from vectorstore.text.terms import index_terms


class PassageStore(Store):
    """The passages of one library that can be found."""

    def load(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Load passages in the order given, leaving out those that are no longer there."""
        loaded: dict[str, Passage] = {}
        with self._file.read() as connection:
            for article_ids in in_portions(article_ids_of(passage_ids)):
                of_articles = select(passages).where(passages.c.article_id.in_(article_ids))
                loaded.update((passage.id, passage) for passage in _load(connection, of_articles))
        return [loaded[passage_id] for passage_id in passage_ids if passage_id in loaded]

    def of_article(self, article_id: str) -> list[Passage]:
        """Load an article's passages in order; a superseded or unknown one has none."""
        with self._file.read() as connection:
            return load_passages_of(connection, article_id)

    def count(self) -> int:
        return self._file.count(passages)

    def ids(self, filters: Filters | None = None, *, since: int | None = None) -> list[str]:
        """Return the ids of the passages whose articles fit, or those that came after generation `since`."""
        conditions = meets(filters or Filters())
        if since is not None:
            conditions.append(articles.c.generation > since)
        counted = select(passages.c.article_id, func.count()).group_by(passages.c.article_id)
        if conditions:
            counted = counted.join(articles).where(*conditions)
        found: list[str] = []
        for article_id, count in self._file.rows(counted.order_by(passages.c.article_id)):
            found += (f"{article_id}:{ordinal}" for ordinal in range(count))
        return found

    def find_by_terms(
        self,
        terms: Sequence[str],
        *,
        limit: int,
        languages: tuple[str, ...] = (),
        filters: Filters | None = None,
    ) -> list[str]:
        """Return the ids of at most `limit` passages that have any of `query_terms`' terms, best first.

        The most common terms are not looked at in a large library. `languages` are BCP 47 ranges as in
        `Filters`; only passages in one of them are found, of all languages when empty.
        """
        conditions = meets(filters or Filters())
        if languages:
            conditions.append(is_in_language(languages))
        with self._file.read() as connection:
            return fts5.search(connection, terms, limit, conditions)


def store_passages(connection: Connection, article: Article, cut: Sequence[Passage], data: bytes) -> None:
    """Store an article's passages with their packed vectors and their terms."""
    connection.execute(insert(passages), list(map(_make_row, cut)))
    connection.execute(insert(vectors).values(article_id=article.id, data=data))
    _index_terms(connection, article.id, article.text)


def _make_row(passage: Passage) -> dict[str, Any]:
    lengths = [sentence.end - sentence.start for sentence in passage.sentences]
    row = {"article_id": passage.article_id, "ordinal": passage.ordinal, "sentence_lengths": lengths}
    return row | {"start": passage.span.start, "end": passage.span.end}


def drop_passages(connection: Connection, article_id: str) -> tuple[str, ...]:
    """Delete an article's passages with vectors and terms, and return the passages' ids."""
    of_article = select(passages.c.number, passages.c.ordinal).where(passages.c.article_id == article_id)
    found = connection.execute(of_article.order_by(passages.c.ordinal)).all()
    fts5.remove_terms(connection, [number for number, _ in found])
    connection.execute(delete(vectors).where(vectors.c.article_id == article_id))
    connection.execute(delete(passages).where(passages.c.article_id == article_id))
    return tuple(f"{article_id}:{ordinal}" for _, ordinal in found)


def rebuild_terms(connection: Connection) -> None:
    """Build the lexical index again from the articles' texts."""
    fts5.clear(connection)
    for article_id in connection.scalars(select(vectors.c.article_id)).all():
        text = str(connection.scalar(select(texts.c.text).where(texts.c.article_id == article_id)))
        _index_terms(connection, article_id, text)


def _index_terms(connection: Connection, article_id: str, text: str) -> None:
    numbered = select(passages.c.number, passages.c.start, passages.c.end).order_by(passages.c.ordinal)
    placed = connection.execute(numbered.where(passages.c.article_id == article_id))
    fts5.add_terms(connection, ((number, index_terms(text[start:end])) for number, start, end in placed))


def load_passages_of(connection: Connection, article_id: str) -> list[Passage]:
    """Load an article's passages in order."""
    return list(_load(connection, select(passages).where(passages.c.article_id == article_id)))


def _load(connection: Connection, statement: Select[Any]) -> Iterator[Passage]:
    ordered = statement.order_by(passages.c.article_id, passages.c.ordinal)
    return map(make_passage, connection.execute(ordered))


def make_passage(row: Row[Any]) -> Passage:
    edges = pairwise(accumulate(row.sentence_lengths, initial=row.start))
    sentences = tuple(map(Span._make, edges))
    return Passage(row.article_id, row.ordinal, Span(row.start, row.end), sentences)


def split_passage_id(passage_id: str) -> tuple[str, int]:
    """Return article id and ordinal; an ordinal no passage has when `passage_id` is none."""
    article_id, _, ordinal = passage_id.rpartition(":")
    return article_id, int(ordinal) if ordinal.isdecimal() else -1


def article_ids_of(passage_ids: Iterable[str]) -> list[str]:
    """Return the articles that passages are of, each once, in order of appearance."""
    return list(dict.fromkeys(passage_id.rpartition(":")[0] for passage_id in passage_ids))


def in_portions(ids: Sequence[str], size: int = 5_000) -> Iterator[Sequence[str]]:
    """Split ids into portions, by default as fit into one statement: SQLite takes 32,766."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
