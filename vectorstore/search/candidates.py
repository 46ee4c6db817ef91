"""The first stage: which passages are worth reading again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vectorstore.embedding import VectorEmbedder
from vectorstore.embedding.base import FloatArray, unit
from vectorstore.model.article import Article, Passage
from vectorstore.search.scoring import PASSAGE_DISCOUNT
from vectorstore.search.transform import Centering

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


class Uncentred:
    """The index's transform for vectors whose languages have no known means: none but unit length."""

    fingerprint = "uncentred"

    def __call__(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Give (n, d) vectors at unit length, whatever their languages."""
        return unit(vectors)


@dataclass(frozen=True, slots=True)
class FirstStage:
    """Finds passages by the vectors of `embedder`, another than the bundled model.

    Only the first stage is its own. Reading passages again, the chance of an answer and names across
    languages stay with the bundled model, for whose token states the tables were made (docs/decisions/0007).
    """

    embedder: VectorEmbedder
    centering: Centering | None
    """Has the means of its languages; None when it is not the bundled model in another form."""

    @property
    def discount(self) -> float:
        """What a passage in the question's own language has to be better by; 0 where it was not measured."""
        return PASSAGE_DISCOUNT if self.centering else 0.0

    def place(self, question: str, language: str) -> FloatArray:
        """Return the question's vector, centred as the passages' are: (d,), unit length."""
        vector = self.embedder.embed_query(question)
        return unit(vector) if self.centering is None else self.centering.center_query(vector, language)


def choose(
    nearest: Sequence[NearestPassage], scores: Sequence[float], lexical: Sequence[NearestPassage], depth: int
) -> list[NearestPassage]:
    """Return the `depth` passages to read: the best of `nearest` by `scores`, and a few by words alone.

    The latter are the first of `lexical`: a quarter of `depth` at most, and `LEXICAL_READS`.
    """
    order = np.argsort(-np.asarray(scores, np.float32), kind="stable")
    chosen = [nearest[row] for row in order[:depth]]
    ids = {found.passage_id for found in chosen}
    extra = [hit for hit in lexical if hit.passage_id not in ids][: min(LEXICAL_READS, depth // 4)]
    return [*chosen[: max(0, depth - len(extra))], *extra]
