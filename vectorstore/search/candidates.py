"""The first stage: which passages are worth reading again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.model.article import Article, Passage
from vectorstore.model.filters import Filters

LEXICAL_READS = 2
"""Passages read because the question's words are in them. On XQuAD-R the eight nearest hold the answer in
99.7 % of English cases, so more would only cost; these are for names the embedder does not know."""


class PassageIndex(Protocol):
    """What a search asks of the vector index."""

    def query(
        self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Find up to `n` nearest passages: ids with cosine similarity, best first."""
        ...


class LexicalHit(Protocol):
    """A passage that shares terms with a question."""

    @property
    def passage_id(self) -> str:
        """The passage."""
        ...


class PassageStore(Protocol):
    """What a search asks of the library database."""

    @property
    def generation(self) -> int:
        """Grows whenever what can be found changes."""
        ...

    def candidate_ids(self, filters: Filters) -> list[str] | None:
        """List the ids of passages that `filters` leaves; None for all."""
        ...

    def languages(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Look up articles' languages (BCP 47), leaving out those that are gone."""
        ...

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Load passages in the order given, leaving out those that are gone."""
        ...

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Load articles, leaving out those that are gone."""
        ...

    def lexical_search(
        self,
        terms: Sequence[str],
        *,
        limit: int,
        languages: tuple[str, ...] = (),
        filters: Filters | None = None,
    ) -> Sequence[LexicalHit]:
        """Find passages by terms, best first."""
        ...


class Nearest(NamedTuple):
    """A passage the first stage found."""

    passage_id: str
    nearness: float
    """Cosine to the question; that of the farthest one found where only words speak for it."""

    @property
    def article_id(self) -> str:
        """The article it is of."""
        return self.passage_id.rpartition(":")[0]


class Candidate(NamedTuple):
    """A passage that is read, with the article it is of."""

    article: Article
    passage: Passage
    nearness: float

    @property
    def text(self) -> str:
        """The slice."""
        return self.article.slice(self.passage.span)


def choose(
    nearest: Sequence[Nearest], scores: Sequence[float], lexical: Sequence[Nearest], depth: int
) -> list[Nearest]:
    """The `depth` passages to read: the best by `scores`, but the last few that words alone speak for.

    Args:
        nearest: What the index found.
        scores: One for each of them; higher is better.
        lexical: What the words found, best first.
        depth: Most passages chosen; of them a quarter at most, and `LEXICAL_READS`, by words alone.
    """
    order = np.argsort(-np.asarray(scores, np.float32), kind="stable")
    chosen = [nearest[row] for row in order[:depth]]
    ids = {found.passage_id for found in chosen}
    extra = [hit for hit in lexical if hit.passage_id not in ids][: min(LEXICAL_READS, depth // 4)]
    return [*chosen[: max(0, depth - len(extra))], *extra]
