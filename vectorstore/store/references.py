"""Which article is meant: by the beginning of an id, or by one that has been superseded."""

from __future__ import annotations

from sqlalchemy import Connection, select

from vectorstore.model.errors import UnknownArticleError
from vectorstore.store.schema import articles

_MOST_NAMED = 10
"""Articles named when the beginning of an id fits several."""


def resolve(connection: Connection, prefix: str) -> str:
    """Complete the beginning of an article's id, superseded ones' too.

    Raises:
        UnknownArticleError: No id, or more than one, begins like that; the message lists them.
    """
    beginning = prefix.strip().lower()
    ids = articles.c.id
    fitting = select(ids, articles.c.title).where(ids.startswith(beginning, autoescape=True))
    found = connection.execute(fitting.order_by(ids).limit(_MOST_NAMED + 1)).all()
    if not beginning or not found:
        raise unknown(prefix)
    if len(found) == 1:
        return str(found[0].id)
    named = [f"  {row.id}  {row.title or '(no title)'}" for row in found[:_MOST_NAMED]]
    more = ["  …"] if len(found) > _MOST_NAMED else []
    raise UnknownArticleError(
        "\n".join([f"Several articles' ids begin with “{prefix}”; add a digit:", *named, *more])
    )


def find_successor(connection: Connection, article_id: str) -> str | None:
    """The edition that stands where a superseded article stood; None for one that stands, or is unknown."""
    successor: str | None = None
    while True:
        superseding = select(articles.c.superseded_by).where(articles.c.id == (successor or article_id))
        found = connection.scalar(superseding)
        if found is None:
            return successor
        successor = str(found)


def unknown(prefix: str) -> UnknownArticleError:
    """No article is meant."""
    return UnknownArticleError(
        f"No article's id begins with “{prefix}”. `pullquote articles` lists the articles with their ids."
    )
