"""Exact nearest neighbours, by comparing with everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
        ids = [passage_id for part in parts for passage_id in part.ids]
        empty = np.empty((0, dimension), np.float32)
        return cls(ids, np.concatenate([empty, *(part.vectors for part in parts)]))

    def restrict(self, ids: Set[str]) -> Scan:
        """Return the passages that are among `ids`."""
        kept = [index for index, passage_id in enumerate(self.ids) if passage_id in ids]
        return Scan([self.ids[index] for index in kept], self.vectors[kept])

    def query(self, vector: NDArray[np.float32], n: int) -> Ranked:
        """Find the `n` nearest."""
        similarities = self.vectors @ unit(vector)
        if n < len(similarities):
            best = np.argpartition(-similarities, n - 1)[:n]
        else:
            best = np.arange(len(similarities))
        return rank(((self.ids[index], float(similarities[index])) for index in best), n)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors, or one, at unit length; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, np.where(lengths == 0, 1, lengths), dtype=np.float32)


def rank(scored: Iterable[tuple[str, float]], n: int) -> Ranked:
    """Return the `n` best, by similarity."""
    return sorted(scored, key=lambda item: (-item[1], item[0]))[:n]


def merge(first: Sequence[tuple[str, float]], second: Sequence[tuple[str, float]], n: int) -> Ranked:
    """Return the `n` best of both; what `second` says of a passage holds."""
    return rank((dict(first) | dict(second)).items(), n)
