"""The first stage: which passages are worth reading again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vectorstore.model.article import Article, Passage

LEXICAL_READS = 2
"""Passages read because the question's words are in them. On XQuAD-R the eight nearest hold the answer in
99.7 % of English cases, so more would only cost; these are for names the embedder does not know."""


class NearestPassage(NamedTuple):
    """A passage the first stage found."""

    passage_id: str
    nearness: float
    """Cosine to the question; that of the farthest one found where only words speak for it."""

    @property
    def article_id(self) -> str:
        """The article it is of."""
        return self.passage_id.rpartition(":")[0]


class CandidatePassage(NamedTuple):
    """A passage that is read, with the article it is of."""

    article: Article
    passage: Passage
    nearness: float

    @property
    def text(self) -> str:
        """The slice."""
        return self.article.slice(self.passage.span)


def choose(
    nearest: Sequence[NearestPassage], scores: Sequence[float], lexical: Sequence[NearestPassage], depth: int
) -> list[NearestPassage]:
    """Return the `depth` passages to read: the best by `scores`, but the last few that words alone speak for.

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
