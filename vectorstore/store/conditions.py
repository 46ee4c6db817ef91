"""`Filters` as SQL."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, or_, select

from vectorstore.model.filters import Filters
from vectorstore.store.schema import articles, authors, sources
from vectorstore.text.folding import fold_name


def meets(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on `articles` that say what `filters` says."""
    conditions: list[ColumnElement[bool]] = []
    if filters.since is not None:
        conditions.append(articles.c.published_at >= filters.since)
    if filters.until is not None:
        conditions.append(articles.c.published_at < filters.until)
    if filters.outlets:
        conditions.append(articles.c.outlet_key.in_(map(fold_name, filters.outlets)))
    if filters.authors:
        of_them = select(authors.c.article_id).where(authors.c.name_key.in_(map(fold_name, filters.authors)))
        conditions.append(articles.c.id.in_(of_them))
    if filters.languages:
        conditions.append(is_in_language(filters.languages))
    if filters.articles:
        conditions.append(articles.c.id.in_(filters.articles))
    if filters.collections:
        inside = or_(*map(_is_inside, filters.collections))
        of_them = select(sources.c.article_id).where(sources.c.is_standing, inside)
        conditions.append(articles.c.id.in_(of_them))
    return conditions


def is_in_language(tags: Iterable[str]) -> ColumnElement[bool]:
    """Whether an article's language is one of `tags` or a variety of it (RFC 4647, basic filtering)."""
    language = func.lower(articles.c.language)
    ranges = [tag.lower() for tag in tags]
    return or_(
        language.in_(ranges), *(language.startswith(f"{range_}-", autoescape=True) for range_ in ranges)
    )


def _is_inside(place: str) -> ColumnElement[bool]:
    """Whether a text was read from `place`, or from below it."""
    return or_(
        *(
            (column == place) | column.startswith(f"{place.rstrip('/')}{end}", autoescape=True)
            for column in (sources.c.origin, sources.c.location, sources.c.url)
            for end in ("/", "#")
        )
    )
