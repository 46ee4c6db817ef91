"""Which articles are independent: a text that several print is one source, and so is an outlet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from urllib.parse import urlsplit

from agent.extractive.near_duplicates import find_shingles
from vectorstore import Article, Span

_LENGTH = 12
"""Letters of a shingle: two or three words, or a clause where no spaces are written."""
COPIED = 0.5
"""Share of the shorter text's shingles that stand in the other from which one is a copy of the other.

Of 17,700 pairs of different documents of the development news (ten languages) the closest share .18, of 66
pairs of SummEdits' articles .06. The seed against itself shares .89 with one word in thirty changed, .71 with
one in eight, .94 with another lead and half cut off. Two reports that repeat the same two quotes share .19.
A translation shares nothing and counts as a source of its own.
"""

_WHOLE = 0.8
"""Share of the longest copy's length from which another has all but an opening or an end of it."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sources:
    """Articles by source. Two articles are of one source when a chain of copies or outlets joins them."""

    groups: tuple[tuple[Article, ...], ...]
    """Each source's articles in the order given; sources by their first article."""
    copies: tuple[tuple[Article, ...], ...]
    """Those among them that print one text, two or more together."""

    def of(self, article_id: str) -> int:
        """The number of an article's source.

        Raises:
            KeyError: the article is not among them.
        """
        for number, group in enumerate(self.groups):
            if any(article.id == article_id for article in group):
                return number
        raise KeyError(article_id)

    def without_copies(self) -> tuple[Article, ...]:
        """The articles with one for each text: of copies the earliest of those that are nearly whole."""
        dropped = {
            article.id
            for copies in self.copies
            for article in copies
            if article is not _find_original(copies)
        }
        return tuple(article for group in self.groups for article in group if article.id not in dropped)


def find_sources(articles: Sequence[Article]) -> Sources:
    """Group articles that are not independent: the same outlet or site, editions of one, or nearly one text.

    Texts are compared by Broder's containment of shingles, captions and related coverage left out.
    """
    shingles = [find_shingles(_body(article), _LENGTH) for article in articles]
    pairs = list(combinations(range(len(articles)), 2))
    copied = [(one, two) for one, two in pairs if _share(shingles[one], shingles[two]) >= COPIED]
    same = [(one, two) for one, two in pairs if _is_same_publisher(articles[one], articles[two])]
    groups = _join(len(articles), copied + same)
    copies = [group for group in _join(len(articles), copied) if len(group) > 1]
    return Sources(
        tuple(tuple(articles[row] for row in group) for group in groups),
        tuple(tuple(articles[row] for row in group) for group in copies),
    )


def _find_original(copies: Sequence[Article]) -> Article:
    longest = max(len(copy.text) for copy in copies)
    whole = [copy for copy in copies if len(copy.text) >= _WHOLE * longest]
    return min(whole, key=lambda copy: copy.published.at if copy.published else _NEVER)


def describe_copies(sources: Sources) -> tuple[str, ...]:
    """A sentence for each text that several articles print."""
    return tuple(
        f"{', '.join(names[:-1])} and {names[-1]} print one text and count as one source."
        for names in ([_name(article) for article in copies] for copies in sources.copies)
    )


def _name(article: Article) -> str:
    return article.outlet or (f"“{article.title}”" if article.title else article.id)


def _share(one: frozenset[str], two: frozenset[str]) -> float:
    """Containment of the smaller in the other; nothing is shared with an empty one."""
    shorter = min(len(one), len(two))
    return len(one & two) / shorter if shorter else 0.0


def _body(article: Article) -> str:
    return "\n".join(article.text[span.start : span.end] for span in _unmarked(article))


def _unmarked(article: Article) -> Iterator[Span]:
    start = 0
    for mark in sorted(article.marks, key=lambda mark: mark.span):
        if start < mark.span.start:
            yield Span(start, mark.span.start)
        start = max(start, mark.span.end)
    if start < len(article.text):
        yield Span(start, len(article.text))


def _is_same_publisher(one: Article, two: Article) -> bool:
    names = [(_fold(article.outlet), _site(article.url), article.location) for article in (one, two)]
    return any(here is not None and here == there for here, there in zip(*names, strict=True))


def _fold(name: str | None) -> str | None:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()) or None if name else None


def _site(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _join(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Rows `0` to `count - 1` in groups, so that the two of every pair are together."""
    first = list(range(count))
    for one, two in pairs:
        low, high = sorted((first[one], first[two]))
        first = [low if row == high else row for row in first]
    groups: dict[int, list[int]] = {}
    for row, group in enumerate(first):
        groups.setdefault(group, []).append(row)
    return list(groups.values())
