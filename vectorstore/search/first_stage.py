"""Another embedder's part in a search: where the question lies among its vectors, and how far to trust it.

Only the first stage is its own. Reading passages again, the chance of an answer and names across languages
stay with the bundled model, for whose token states the tables were made (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.embedding import VectorEmbedder
from vectorstore.search.scoring import PASSAGE_DISCOUNT
from vectorstore.search.transform import Centering, FloatArray, unit


class Uncentred:
    """The index's transform for vectors whose languages have no known means: none but unit length."""

    fingerprint = "uncentred"

    def __call__(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Give (n, d) vectors at unit length, whatever their languages."""
        return unit(vectors)


@dataclass(frozen=True, slots=True)
class FirstStage:
    """Finds passages by the vectors of `embedder`."""

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
