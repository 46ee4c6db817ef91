"""Articles and the places they were read at, between objects and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from vectorstore.model.article import Article, Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.model.errors import UnknownArticleError
from vectorstore.model.filters import Filters
from vectorstore.store.records import ArticleHeader
from vectorstore.store.schema import articles, authors, passages, sources, texts
from vectorstore.store.sqlite import Store
from vectorstore.text.canonical import fold_name

_MOST_KEYS = 10_000
"""Keys of one query; SQLite takes 32,766 at the most."""
_MOST_NAMED = 10  # Articles named when the beginning of an id fits several.


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """One place a text was read at."""

    number: int
    origin: str
    location: str | None
    url: str | None
    is_standing: bool
    """Whether it is still this text that was last read there."""

    def is_where(self, article: Article) -> bool:
        """Whether `article` was read at this place; without a location, places go by their origin."""
        if self.location is None and article.location is None:
            return self.origin == article.origin
        return self.location == article.location


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with what only the database knows of it."""

    article: Article
    sources: tuple[ArticleSource, ...]
    """In the order they were added."""
    superseded_by: str | None

    @property
    def first_source(self) -> ArticleSource | None:
        """The first that is current: the metadata is taken from it."""
        return next((source for source in self.sources if source.is_standing), None)

    def find_source(self, article: Article) -> ArticleSource | None:
        """Return the place `article` was read at, if it is one of this article's."""
        return next((source for source in self.sources if source.is_where(article)), None)


class ArticleStore(Store):
    """The articles of one library, superseded ones too."""

    def get(self, reference: str) -> Article:
        """Load the article of an id, or of an unambiguous beginning of one. Raises UnknownArticleError."""
        with self._file.read() as connection:
            stored = load_article(connection, reference)
            if stored is None:
                article_id = _complete(connection, reference)
                stored = load_articles(connection, [article_id])[article_id]
            return stored.article

    def load(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Load several articles by their full ids; unknown ids are left out."""
        with self._file.read() as connection:
            stored = load_articles(connection, list(article_ids))
        return {article_id: found.article for article_id, found in stored.items()}

    def resolve(self, reference: str) -> str:
        """Complete the beginning of an article's id; UnknownArticleError lists them when several fit."""
        with self._file.read() as connection:
            return _complete(connection, reference)

    def find_successor(self, article_id: str) -> str | None:
        """Return the newest edition of a superseded article; None for one that is current, or unknown."""
        successor: str | None = None
        with self._file.read() as connection:
            newer = select(articles.c.superseded_by)
            while found := connection.scalar(newer.where(articles.c.id == (successor or article_id))):
                successor = str(found)
        return successor

    def headers(
        self, filters: Filters | None = None, *, include_superseded: bool = False
    ) -> list[ArticleHeader]:
        """List articles without their texts, newest first, undated ones last."""
        conditions = meets(filters or Filters())
        if not include_superseded:
            conditions.append(articles.c.superseded_by.is_(None))
        of_article = select(passages.c.article_id, func.count().label("passages"))
        counted = of_article.group_by(passages.c.article_id).subquery()
        found = (
            select(articles, func.coalesce(counted.c.passages, 0).label("passages"))
            .outerjoin(counted, counted.c.article_id == articles.c.id)
            .where(*conditions)
            .order_by(articles.c.published_at.desc().nulls_last(), articles.c.added.desc(), articles.c.id)
        )
        with self._file.read() as connection:
            places = _load_sources(connection, conditions)
            names = _load_authors(connection, conditions)
            rows = connection.execute(found)
            headers = []
            for row in rows:
                details = _details(row, _shown_source(places[row.id]), names[row.id])
                known = {"passages": row.passages, "added": row.added, "superseded_by": row.superseded_by}
                headers.append(ArticleHeader(**known, **details))
            return headers

    def has_any(self, filters: Filters) -> bool:
        """Whether a current article passes the filters."""
        found = select(articles.c.id).where(*meets(filters), articles.c.superseded_by.is_(None)).limit(1)
        return any(self._file.rows(found))

    def count_undated(self, filters: Filters) -> int:
        """Count the current articles that pass the filters but for having no date."""
        conditions = meets(replace(filters, since=None, until=None))
        undated = (*conditions, articles.c.superseded_by.is_(None), articles.c.published_at.is_(None))
        (row,) = self._file.rows(select(func.count()).select_from(articles).where(*undated))
        return int(row[0])

    def find_outlets(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the outlets with articles among the names that `fold_name` gave, as they are written."""
        return self._find_names(articles.c.outlet_key, articles.c.outlet, keys)

    def find_authors(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the authors of articles among the names that `fold_name` gave, as they are written."""
        return self._find_names(authors.c.name_key, authors.c.name, keys)

    def _find_names(self, key: Column[Any], name: Column[Any], keys: Iterable[str]) -> dict[str, str]:
        wanted, found = list(set(keys)), {}
        for start in range(0, len(wanted), _MOST_KEYS):
            some = key.in_(wanted[start : start + _MOST_KEYS])
            for row in self._file.rows(select(key, func.min(name)).where(some).group_by(key)):
                found[row[0]] = row[1]
        return found

    def languages(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Look up the languages (BCP 47) of up to a few thousand articles; unknown ids are left out."""
        found = select(articles.c.id, articles.c.language).where(articles.c.id.in_(article_ids))
        return {row.id: row.language for row in self._file.rows(found)}


def unknown_article(reference: str) -> UnknownArticleError:
    """Return the error of a reference that fits no article."""
    return UnknownArticleError(
        f"No article's id begins with “{reference}”. `pullquote articles` lists the articles with their ids."
    )


def _complete(connection: Connection, reference: str) -> str:
    beginning = reference.strip().lower()
    ids = articles.c.id
    fitting = select(ids, articles.c.title).where(ids.startswith(beginning, autoescape=True))
    found = connection.execute(fitting.order_by(ids).limit(_MOST_NAMED + 1)).all()
    if not beginning or not found:
        raise unknown_article(reference)
    if len(found) == 1:
        return str(found[0].id)
    lines = [f"Several articles' ids begin with “{reference}”; add a digit:"]
    lines += (f"  {row.id}  {row.title or '(no title)'}" for row in found[:_MOST_NAMED])
    lines += ["  …"] if len(found) > _MOST_NAMED else []
    raise UnknownArticleError("\n".join(lines))


def load_article(connection: Connection, article_id: str) -> StoredArticle | None:
    """Load one article; None when there is none of that id."""
    return load_articles(connection, [article_id]).get(article_id)


def load_articles(connection: Connection, article_ids: Sequence[str]) -> dict[str, StoredArticle]:
    """Load articles by id, in no order; ids that are not there are left out."""
    wanted = [articles.c.id.in_(article_ids)]
    places = _load_sources(connection, wanted)
    names = _load_authors(connection, wanted)
    found = select(articles, texts.c.text).join(texts).where(*wanted)
    return {row.id: _stored(row, places[row.id], names[row.id]) for row in connection.execute(found)}


def _stored(row: Row[Any], places: list[ArticleSource], names: tuple[str, ...]) -> StoredArticle:
    shown = _shown_source(places)
    boilerplate = tuple(Boilerplate(Span(start, end), Role(role)) for start, end, role in row.marks)
    details = _details(row, shown, names)
    article = Article(text=row.text, location=shown.location, boilerplate=boilerplate, **details)
    return StoredArticle(article, tuple(places), row.superseded_by)


def _details(row: Row[Any], shown: ArticleSource, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what an article and its header have in common."""
    same = {name: getattr(row, name) for name in ("id", "language", "title", "subtitle", "outlet")}
    published = _read_published(row)
    return same | {"authors": names, "published": published, "origin": shown.origin, "url": shown.url}


def insert_article(connection: Connection, article: Article, generation: int, now: datetime) -> None:
    """Store an article and its text; its source and passages are stored apart."""
    row = {"id": article.id, "added": now, "generation": generation, **_metadata(article)}
    connection.execute(insert(articles).values(row))
    connection.execute(insert(texts).values(article_id=article.id, text=article.text))
    _store_authors(connection, article)


def update_article(connection: Connection, article: Article) -> None:
    """Store what is known about an article, its text apart."""
    connection.execute(update(articles).where(articles.c.id == article.id).values(**_metadata(article)))
    connection.execute(delete(authors).where(authors.c.article_id == article.id))
    _store_authors(connection, article)


def _store_authors(connection: Connection, article: Article) -> None:
    for ordinal, name in enumerate(article.authors):
        row = {"article_id": article.id, "ordinal": ordinal, "name": name, "name_key": fold_name(name)}
        connection.execute(insert(authors).values(row))


def _metadata(article: Article) -> dict[str, Any]:
    published = article.published
    same = {name: getattr(article, name) for name in ("language", "title", "subtitle", "outlet")}
    return same | {
        "outlet_key": None if article.outlet is None else fold_name(article.outlet),
        "published_at": None if published is None else published.at,
        "published_precision": None if published is None else published.precision.value,
        "published_provenance": None if published is None else published.provenance.value,
        "marks": [[part.span.start, part.span.end, part.role.value] for part in article.boilerplate],
    }


def _read_published(row: Row[Any]) -> Published | None:
    if row.published_at is None:
        return None
    precision, provenance = Precision(row.published_precision), Provenance(row.published_provenance)
    return Published(row.published_at, precision, provenance)


def record_source(
    connection: Connection, article: Article, known: ArticleSource | None, now: datetime
) -> bool:
    """Note that `article` is current where it was read, and return whether that is new."""
    if known is None:
        place = {"origin": article.origin, "location": article.location, "url": article.url}
        new = insert(sources).values(article_id=article.id, added=now, is_standing=True, **place)
        connection.execute(new)
        return True
    url = article.url or known.url
    if known.is_standing and url == known.url:
        return False
    stands = update(sources).where(sources.c.number == known.number)
    connection.execute(stands.values(url=url, is_standing=True))
    return True


def clear_location(connection: Connection, article: Article) -> str | None:
    """Note that no other text than `article` is current at its location.

    Return the id of an article that is no longer current anywhere by that.
    """
    if article.location is None:
        return None
    here, own = sources.c.location == article.location, sources.c.article_id == article.id
    elsewhere = sources.c.is_standing, here, ~own
    previous = connection.scalar(select(sources.c.article_id).where(*elsewhere))
    if previous is None:
        return None
    connection.execute(update(sources).where(*elsewhere).values(is_standing=False))
    remaining = select(func.count()).where(sources.c.article_id == previous, sources.c.is_standing)
    return None if connection.scalar(remaining) else str(previous)


def _shown_source(of_article: Sequence[ArticleSource]) -> ArticleSource:
    """Return the one people are shown: the first current one, with a URL from another if it has none."""
    ordered = sorted(of_article, key=lambda source: (not source.is_standing, source.number))
    url = next((source.url for source in ordered if source.url), None)
    return replace(ordered[0], url=url)


def _load_sources(
    connection: Connection, conditions: Iterable[ColumnElement[bool]]
) -> dict[str, list[ArticleSource]]:
    found: dict[str, list[ArticleSource]] = defaultdict(list)
    of_them = select(sources).join(articles).where(*conditions).order_by(sources.c.number)
    for row in connection.execute(of_them):
        source = ArticleSource(row.number, row.origin, row.location, row.url, row.is_standing)
        found[row.article_id].append(source)
    return found


def _load_authors(
    connection: Connection, conditions: Iterable[ColumnElement[bool]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    of_them = select(authors).join(articles).where(*conditions)
    for row in connection.execute(of_them.order_by(authors.c.article_id, authors.c.ordinal)):
        found[row.article_id] += (row.name,)
    return found


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
    varieties = (language.startswith(f"{tag}-", autoescape=True) for tag in ranges)
    return or_(language.in_(ranges), *varieties)


def _is_inside(place: str) -> ColumnElement[bool]:
    """Whether a text was read from `place`, or from below it."""
    below = place.rstrip("/")
    found: list[ColumnElement[bool]] = []
    for column in (sources.c.origin, sources.c.location, sources.c.url):
        found.append(column == place)
        # `#`: a record of a file that holds several articles.
        found += (column.startswith(below + end, autoescape=True) for end in ("/", "#"))
    return or_(*found)
