"""Which articles are independent: a text that several print is one source, and so is an outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, combinations
from urllib.parse import urlsplit

from agent.checks.stance.clauses import SENTENCE
from agent.extractive.near_duplicates import find_shingles, is_revised
from vectorstore import Article, fold_name

_LENGTH = 12
"""Letters of a shingle: two or three words, or a clause where no spaces are written."""
COPIED = 0.5
"""Share of the shorter text's shingles in the other from which one is a copy of the other.

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
    """Those among them that print one text, two or more together; one that differs in a figure is no copy."""

    def of(self, article_id: str) -> int:
        """Return the number of an article's source. Raise KeyError where it is not among them."""
        for number, group in enumerate(self.groups):
            if any(article.id == article_id for article in group):
                return number
        raise KeyError(article_id)

    def without_copies(self) -> tuple[Article, ...]:
        """Return the articles with one for each text: of copies the earliest of those nearly whole."""
        dropped: set[str] = set()
        for copies in self.copies:
            dropped.update(article.id for article in copies)
            dropped.remove(_find_original(copies).id)
        return tuple(article for article in chain(*self.groups) if article.id not in dropped)


def find_sources(articles: Sequence[Article]) -> Sources:
    """Group articles that are not independent: the same outlet or site, editions of one, or nearly one text.

    Texts are compared by Broder's containment of shingles, captions and related coverage left out. An update
    of a report is of its source, but no copy: what it says anew has to be read.
    """
    bodies = list(map(_body, articles))
    shingles = [find_shingles(body, _LENGTH) for body in bodies]
    copied, same_source = [], []
    for one, two in combinations(range(len(articles)), 2):
        if _share(shingles[one], shingles[two]) >= COPIED:
            same_source.append((one, two))
            if not _is_revised(bodies[one], bodies[two], articles[one].language):
                copied.append((one, two))
        if _is_same_publisher(articles[one], articles[two]):
            same_source.append((one, two))
    groups = _join(articles, same_source)
    copies = tuple(group for group in _join(articles, copied) if len(group) > 1)
    return Sources(groups, copies)


def _find_original(copies: Sequence[Article]) -> Article:
    longest = max(len(copy.text) for copy in copies)
    whole = [copy for copy in copies if len(copy.text) >= _WHOLE * longest]
    return min(whole, key=lambda copy: copy.published.at if copy.published else _NEVER)


def describe_copies(sources: Sources) -> tuple[str, ...]:
    """Return a sentence for each text that several articles print."""
    notes = []
    for copies in sources.copies:
        *names, last = map(_name, copies)
        notes.append(f"{', '.join(names)} and {last} print one text and count as one source.")
    return tuple(notes)


def _is_revised(one: str, two: str, language: str) -> bool:
    """Whether a sentence of one text is in the other with another number, name or negation."""
    ours, theirs = ({match.group().strip() for match in SENTENCE.finditer(body)} for body in (one, two))
    # Most sentences of copies are equal, and those that are need no comparison.
    return any(is_revised(sentence, theirs - ours, language) for sentence in ours - theirs)


def _name(article: Article) -> str:
    return article.outlet or (f"“{article.title}”" if article.title else article.id)


def _share(one: frozenset[str], two: frozenset[str]) -> float:
    """Return how much of the smaller set is in the other; nothing is shared with an empty one."""
    shorter = min(len(one), len(two))
    return len(one & two) / shorter if shorter else 0.0


def _body(article: Article) -> str:
    """Return the running text, without what is marked as captions, titles or related coverage."""
    parts, start = [], 0
    for mark in sorted(article.boilerplate, key=lambda mark: mark.span):
        parts.append(article.text[start : mark.span.start])
        start = max(start, mark.span.end)
    parts.append(article.text[start:])
    return "\n".join(filter(None, parts))


def _is_same_publisher(one: Article, two: Article) -> bool:
    names = zip(_publisher_names(one), _publisher_names(two), strict=True)
    return any(here and here == there for here, there in names)


def _publisher_names(article: Article) -> tuple[str | None, ...]:
    return fold_name(article.outlet or ""), _site(article.url), article.location


def _site(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _join(articles: Sequence[Article], pairs: Sequence[tuple[int, int]]) -> tuple[tuple[Article, ...], ...]:
    """Return the articles in groups, so that the two of every pair of rows are together."""
    group_of = list(range(len(articles)))
    # The lower number wins, so that groups are in the order of their first article.
    for one, two in pairs:
        low, high = sorted((group_of[one], group_of[two]))
        group_of = [low if group == high else group for group in group_of]
    groups: dict[int, list[Article]] = {}
    for article, group in zip(articles, group_of, strict=True):
        groups.setdefault(group, []).append(article)
    return tuple(map(tuple, groups.values()))
