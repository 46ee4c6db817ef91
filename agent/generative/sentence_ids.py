"""Short names for sentences, so that a model can point at one without copying it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from vectorstore import Article, Passage, Role, Span, UnknownArticleError, trim

_ARTICLE = re.compile(r"a?([1-9][0-9]{0,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdentifiedSentence:
    """A sentence under the id the model knows it by: `a3.2` is the second sentence of the third article."""

    id: str
    article_id: str
    span: Span
    """Trimmed; never empty."""
    role: Role | None


def group_by_article(sentences: Iterable[IdentifiedSentence]) -> dict[str, list[IdentifiedSentence]]:
    """Return sentences by the ids of their articles, both in the order in which they come."""
    grouped: dict[str, list[IdentifiedSentence]] = {}
    for sentence in sentences:
        grouped.setdefault(sentence.article_id, []).append(sentence)
    return grouped


class SentenceIds:
    """The sentence ids of one run: articles are numbered as they turn up, sentences by their order in one.

    An id has the same meaning for the whole run. `resolve` knows only what `show` was last called with: an
    id that the model was not shown means nothing, however well it is guessed.
    """

    def __init__(
        self, load: Callable[[str], Article], load_passages: Callable[[str], Sequence[Passage]]
    ) -> None:
        self._load = load
        self._load_passages = load_passages
        self._articles: dict[str, tuple[IdentifiedSentence, ...]] = {}
        self._by_span: dict[tuple[str, Span], IdentifiedSentence] = {}
        self._shown: dict[str, IdentifiedSentence] = {}

    def of_article(self, article_id: str) -> tuple[IdentifiedSentence, ...]:
        """Return all sentences of an article, in its order; raise UnknownArticleError for a removed one."""
        if article_id not in self._articles:
            article = self._load(article_id)
            number = len(self._articles) + 1
            identified: list[IdentifiedSentence] = []
            for passage in self._load_passages(article_id):
                for sentence in passage.sentences:
                    span = trim(article.text, sentence)
                    if span.start < span.end:
                        id = f"a{number}.{len(identified) + 1}"
                        entry = IdentifiedSentence(id, article_id, span, article.role_at(span))
                        identified.append(entry)
                        self._by_span[article_id, span] = entry
            self._articles[article_id] = tuple(identified)
        return self._articles[article_id]

    def at(self, article_id: str, span: Span) -> IdentifiedSentence | None:
        """Return the sentence that is exactly at `span`; None where there is none, or no article any more."""
        with suppress(UnknownArticleError):
            self.of_article(article_id)
        return self._by_span.get((article_id, span))

    def find_article(self, name: str) -> str | None:
        """Return the article's id behind `a3` (or `3`), None for an article that never turned up."""
        match = _ARTICLE.fullmatch(name.strip())
        known = list(self._articles)
        if match is None or int(match[1]) > len(known):
            return None
        return known[int(match[1]) - 1]

    def name_of(self, article_id: str) -> str:
        """`a3` for an article; it gets a number when it has none."""
        self.of_article(article_id)
        return f"a{list(self._articles).index(article_id) + 1}"

    def show(self, sentences: Iterable[IdentifiedSentence]) -> None:
        """From now on the model has seen exactly these."""
        self._shown = {sentence.id: sentence for sentence in sentences}

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids the model has seen, in the order they were shown."""
        return tuple(self._shown)

    def resolve(self, id: str) -> IdentifiedSentence | None:
        """Return what an id means, None when the model was not shown it."""
        return self._shown.get(id.strip().strip("[]").lower())
