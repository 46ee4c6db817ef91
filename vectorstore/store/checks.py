"""What `pullquote doctor` looks for in the library database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from vectorstore.model.article import Article, Passage
from vectorstore.store import fts5
from vectorstore.store.articles import load_article
from vectorstore.store.changing import find_tiling_problem
from vectorstore.store.passages import load_passages_of
from vectorstore.store.schema import articles, passages, vectors
from vectorstore.store.vectors import has_unit_rows, unpack_vectors
from vectorstore.text.canonical import article_id as id_of


def find_problems(connection: Connection, dimension: int) -> Iterator[str]:
    """Yield a line for each thing that contradicts what the library promises about its articles."""
    numbers: set[int] = set()
    for article_id in connection.scalars(select(articles.c.id).order_by(articles.c.id)).all():
        stored = load_article(connection, article_id)
        if stored is None or id_of(stored.article.text) != article_id:
            yield f"article {article_id}: its text is missing or not the one that was added"
            continue
        of_article = select(passages.c.number).where(passages.c.article_id == article_id)
        numbers.update(connection.scalars(of_article))
        cut = load_passages_of(connection, article_id)
        data = connection.scalar(select(vectors.c.data).where(vectors.c.article_id == article_id))
        if stored.superseded_by is None:
            yield from _find_in_current(stored.article, cut, data, dimension)
        elif cut or data is not None:
            yield f"article {article_id}: superseded, but can still be found"
    indexed = fts5.passage_numbers(connection)
    if indexed != numbers:
        missing, left_over = len(numbers - indexed), len(indexed - numbers)
        yield f"lexical index: {missing} passages are missing, {left_over} are left over"


def _find_in_current(
    article: Article, cut: list[Passage], data: bytes | None, dimension: int
) -> Iterator[str]:
    if problem := find_tiling_problem(article, cut):
        yield f"article {article.id}: {problem}"
    if data is None or len(data) != len(cut) * dimension * 2:
        yield f"article {article.id}: its vectors are missing or of another number than its passages"
    elif not has_unit_rows(unpack_vectors(data, dimension)):
        yield f"article {article.id}: its vectors are not finite and of unit length"
