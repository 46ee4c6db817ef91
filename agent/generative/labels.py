"""Short names for sentences, so that a model can point at one without copying it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vectorstore import Article, Passage, Role, Span, trim

_ARTICLE = re.compile(r"a?([1-9][0-9]{0,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence under the name the model knows it by: `a3.2` is the second sentence of the third article."""

    label: str
    article_id: str
    span: Span
    """Trimmed; never empty."""
    role: Role | None


class Labels:
    """The labels of one run: articles are numbered as they turn up, sentences as they stand in the article.

    A label keeps its meaning for the whole run. `resolve` knows only what `show` was last told: a label
    that the model was not shown means nothing, however well it is guessed.
    """

    def __init__(
        self, load: Callable[[str], Article], load_passages: Callable[[str], Sequence[Passage]]
    ) -> None:
        """Take what gives an article, and the passages of one, by id."""
        self._load = load
        self._load_passages = load_passages
        self._articles: dict[str, tuple[Labelled, ...]] = {}
        self._by_span: dict[tuple[str, Span], Labelled] = {}
        self._shown: dict[str, Labelled] = {}

    def of_article(self, article_id: str) -> tuple[Labelled, ...]:
        """All sentences of an article, in its order; none when it was superseded meanwhile.

        Raises:
            UnknownArticleError: the article is gone.
        """
        if article_id not in self._articles:
            article = self._load(article_id)
            number = len(self._articles) + 1
            spans = [
                trimmed
                for passage in self._load_passages(article_id)
                for sentence in passage.sentences
                if (trimmed := trim(article.text, sentence)).start < trimmed.end
            ]
            labelled = tuple(
                Labelled(f"a{number}.{row}", article_id, span, article.role_at(span))
                for row, span in enumerate(spans, start=1)
            )
            self._articles[article_id] = labelled
            self._by_span.update({(article_id, entry.span): entry for entry in labelled})
        return self._articles[article_id]

    def at(self, article_id: str, span: Span) -> Labelled | None:
        """The labelled sentence that stands exactly at `span`."""
        self.of_article(article_id)
        return self._by_span.get((article_id, span))

    def find_article(self, name: str) -> str | None:
        """The id behind `a3` (or `3`), None for an article that never turned up."""
        match = _ARTICLE.fullmatch(name.strip())
        known = list(self._articles)
        if match is None or int(match[1]) > len(known):
            return None
        return known[int(match[1]) - 1]

    def name_of(self, article_id: str) -> str:
        """`a3` for an article; it gets a number when it has none."""
        self.of_article(article_id)
        return f"a{list(self._articles).index(article_id) + 1}"

    def show(self, sentences: Iterable[Labelled]) -> None:
        """From now on the model has seen exactly these."""
        self._shown = {sentence.label: sentence for sentence in sentences}

    @property
    def shown(self) -> tuple[str, ...]:
        """The labels the model has seen, in the order they were shown."""
        return tuple(self._shown)

    def resolve(self, label: str) -> Labelled | None:
        """What a label means, None when the model was not shown it."""
        return self._shown.get(label.strip().strip("[]").lower())
