"""What adding and removing an article comes to, within one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select, update

from vectorstore.model.article import UNDETERMINED, Article, Passage, Provenance, Published
from vectorstore.model.errors import SourceError
from vectorstore.store import articles as store
from vectorstore.store.opening import begin_generation
from vectorstore.store.passages import drop_passages, store_passages
from vectorstore.store.records import AddOutcome, AddResult
from vectorstore.store.schema import articles
from vectorstore.store.vectors import has_unit_rows, pack_vectors
from vectorstore.text.canonical import article_id as id_of

_SHAPING = ("language", "title", "published", "boilerplate")
_TRUST = {Provenance.TEXT: 0, Provenance.METADATA: 1, Provenance.GIVEN: 2}


def is_due_for_passages(stored: store.StoredArticle | None, article: Article) -> bool:
    """Whether `article` has to be cut and embedded before it can be added."""
    if stored is None or stored.superseded_by is not None:
        return True
    return needs_new_passages(stored.article, _merge(stored, article))


def _merge(stored: store.StoredArticle, article: Article) -> Article:
    first = stored.first_source
    return merge_articles(stored.article, article, is_first_source=first is None or first.is_where(article))


def merge_articles(known: Article, read: Article, *, is_first_source: bool) -> Article:
    """Return `known`, with what another reading of its text adds.

    A reading of the source that the metadata came from corrects it; any other only fills gaps, so that
    adding the same sources again, in any order, changes nothing. What a reading does not say is never
    erased, and a date yields only to one from as good a place.
    """
    first, second = (read, known) if is_first_source else (known, read)
    return replace(
        known,
        language=first.language if first.language != UNDETERMINED else second.language,
        title=first.title or second.title,
        subtitle=first.subtitle or second.subtitle,
        outlet=first.outlet or second.outlet,
        authors=first.authors or second.authors,
        published=_better_date(first.published, second.published),
        boilerplate=first.boilerplate,
    )


def _better_date(first: Published | None, second: Published | None) -> Published | None:
    if first is None or second is None:
        return first or second
    return second if _TRUST[second.provenance] > _TRUST[first.provenance] else first


def needs_new_passages(known: Article, merged: Article) -> bool:
    """Whether something changed that passages are cut by or embedded with, so that both are due again."""
    return any(getattr(known, name) != getattr(merged, name) for name in _SHAPING)


def add_article(
    connection: Connection,
    article: Article,
    cut: Sequence[Passage],
    matrix: NDArray[np.floating],
    now: datetime,
) -> AddResult:
    """Add an article, or what is new about one whose text is known; errors are those of `Database.add`."""
    stored = store.load_article(connection, article.id)
    if stored is not None and stored.article.text != article.text:
        raise SourceError(
            f"{article.origin} cannot be distinguished from another article: both texts have the id "
            f"{article.id}. Changing one character of it helps."
        )
    is_due = is_due_for_passages(stored, article)
    if is_due and not cut:
        raise ValueError(f"article {article.id} comes without passages")
    superseded = store.clear_location(connection, article)
    merged = article if stored is None else _merge(stored, article)
    is_changed = stored is not None and merged != stored.article
    generation = begin_generation(connection, now) if is_due or is_changed or superseded else None
    before: tuple[str, ...] = ()
    if stored is None and generation is not None:
        store.insert_article(connection, article, generation, now)
    elif is_changed:
        store.update_article(connection, merged)
    known_source = None if stored is None else stored.find_source(article)
    is_news = store.record_source(connection, article, known_source, now)
    added: tuple[str, ...] = ()
    if is_due:
        before = drop_passages(connection, article.id)
        store_passages(connection, article, cut, pack_vectors(matrix))
        added = tuple(passage.id for passage in cut)
        of_article = update(articles).where(articles.c.id == article.id)
        connection.execute(of_article.values(generation=generation, superseded_by=None))
    if superseded is not None:
        previous = update(articles).where(articles.c.id == superseded)
        connection.execute(previous.values(superseded_by=article.id))
        before += drop_passages(connection, superseded)
    outcome = _outcome(stored, superseded, is_news=is_news or is_changed)
    return AddResult(outcome, added, tuple(sorted(set(before) - set(added))))


def _outcome(stored: store.StoredArticle | None, superseded: str | None, *, is_news: bool) -> AddOutcome:
    if superseded is not None:
        return AddOutcome.REPLACED
    if stored is None or stored.superseded_by is not None:
        return AddOutcome.ADDED
    return AddOutcome.MERGED if is_news else AddOutcome.UNCHANGED


def remove_article(connection: Connection, article_id: str, now: datetime) -> tuple[str, ...]:
    """Delete an article, with a current one its earlier editions; return the ids of its passages."""
    successor = connection.scalar(select(articles.c.superseded_by).where(articles.c.id == article_id))
    editions = [article_id]
    if successor is None:
        for edition in editions:  # It grows meanwhile: an earlier edition may have superseded others.
            earlier = select(articles.c.id).where(articles.c.superseded_by == edition).order_by(articles.c.id)
            editions += connection.scalars(earlier)
    else:
        # An earlier edition alone leaves a gap that its predecessors close: its successor supersedes them.
        earlier_ones = update(articles).where(articles.c.superseded_by == article_id)
        connection.execute(earlier_ones.values(superseded_by=successor))
    removed = drop_passages(connection, article_id)
    connection.execute(delete(articles).where(articles.c.id.in_(editions)))
    begin_generation(connection, now)
    return removed


def validate(article: Article, cut: Sequence[Passage], matrix: NDArray[np.floating], dimension: int) -> None:
    """Raise ValueError for what would break the library's promises: a mistake in the program."""
    if article.id != id_of(article.text):
        raise ValueError(f"{article.id} is not the id of that text")
    if problem := find_tiling_problem(article, cut):
        raise ValueError(problem)
    if matrix.shape != (len(cut), dimension):
        raise ValueError(f"vectors are {matrix.shape}, not ({len(cut)}, {dimension})")
    if not has_unit_rows(matrix):
        raise ValueError(f"vectors of article {article.id} are not finite and of unit length")


def find_tiling_problem(article: Article, cut: Sequence[Passage]) -> str | None:
    """Return why `cut` does not tile the article's text, or sentences their passage; None when they do."""
    end = 0
    for ordinal, passage in enumerate(cut):
        if (passage.article_id, passage.ordinal, passage.span.start) != (article.id, ordinal, end):
            return f"passage {passage.id} does not follow on {article.id}:{ordinal - 1}"
        for sentence in passage.sentences:
            if sentence.start != end or sentence.end <= end:
                return f"sentences do not tile passage {passage.id}"
            end = sentence.end
        if end != passage.span.end:
            return f"sentences do not tile passage {passage.id}"
    return None if end == len(article.text) else f"passages of article {article.id} end before its text"
