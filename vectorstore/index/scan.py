"""Exact nearest neighbours, by comparing with everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import unit

Ranked = list[tuple[str, float]]
"""Passage ids with cosine similarity, best first, equal ones by id."""


class Scan(NamedTuple):
    """Vectors ready to be compared."""

    ids: list[str]
    vectors: NDArray[np.float32]
    """(n, d), unit length."""

    @classmethod
    def join(cls, parts: Sequence[Scan], dimension: int) -> Scan:
        """Put the parts behind each other."""
        ids: list[str] = []
        vectors = [np.empty((0, dimension), np.float32)]
        for part in parts:
            ids += part.ids
            vectors.append(part.vectors)
        return cls(ids, np.concatenate(vectors))

    def restrict(self, ids: Set[str]) -> Scan:
        is_wanted = [passage_id in ids for passage_id in self.ids]
        return Scan(list(compress(self.ids, is_wanted)), self.vectors[np.array(is_wanted, bool)])

    def query(self, vector: NDArray[np.float32], n: int) -> Ranked:
        similarities = self.vectors @ unit(vector)
        best = np.arange(len(similarities))
        if n < len(similarities):
            best = np.argpartition(-similarities, n - 1)[:n]
        return rank(((self.ids[index], float(similarities[index])) for index in best), n)


def rank(scored: Iterable[tuple[str, float]], n: int) -> Ranked:
    """Return the `n` best, by similarity."""
    return sorted(scored, key=lambda item: (-item[1], item[0]))[:n]


def merge(first: Sequence[tuple[str, float]], second: Sequence[tuple[str, float]], n: int) -> Ranked:
    """Return the `n` best of both; what `second` says of a passage holds."""
    return rank((dict(first) | dict(second)).items(), n)
