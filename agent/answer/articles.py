"""Which articles a summary is of, where that is not searched for."""

from __future__ import annotations

from collections.abc import Sequence

from vectorstore import Article, Filters, Library, PullquoteError, plural

MOST_ARTICLES = 30
"""Articles summarized together: each one adds its sentences to be compared or read."""


def find_named(library: Library, references: Sequence[str]) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Return each article that is named once, in its newest edition, with notes about that."""
    found: dict[str, Article] = {}
    notes = []
    for reference in references:
        article = library.articles.get(reference)
        successor = library.articles.find_successor(article.id)
        if successor is not None:
            notes.append(
                f"Article {article.id} has a newer edition, {successor}, which is summarized instead."
            )
            article = library.articles.get(successor)
        if article.id in found:
            notes.append(f"Article {article.id} is named more than once and counts once.")
        found[article.id] = article
    if not found:
        raise PullquoteError("No article is named. `pullquote articles` lists what there is.")
    if len(found) > MOST_ARTICLES:
        raise PullquoteError(
            f"{len(found)} articles are named; at most {MOST_ARTICLES} are summarized together. Name fewer, "
            'or summarize what they say about something: pullquote summarize --query "…"'
        )
    return tuple(found.values()), tuple(dict.fromkeys(notes))


def find_newest(library: Library, filters: Filters) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Return the newest `MOST_ARTICLES` that pass the filters, with a note where there are more."""
    headers = library.articles.headers(filters)
    notes: tuple[str, ...] = ()
    if len(headers) > MOST_ARTICLES:
        notes = (
            f"Only the newest {MOST_ARTICLES} of {plural(len(headers), 'article')} are summarized; "
            "a shorter period, or --outlet, makes them fewer.",
        )
    articles = tuple(library.articles.get(header.id) for header in headers[:MOST_ARTICLES])
    return articles, notes
