"""What Pullquote is compared with: sentences by raw vectors alone, and fused with BM25 without a thought.

Both compare with every sentence exactly, which is better than any index does, and cost one embedded question.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.suites.datasets import SetDocument
from vectorstore import Embedder, split_terms

RRF_K = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
BM25_K1 = 1.2
BM25_B = 0.75
"""Okapi BM25's usual values (Robertson and Zaragoza 2009)."""
FUSED = 1_000
"""Ranks of each list that are fused."""


class SentenceScan:
    """All units of some documents, ranked by comparing with each."""

    def __init__(self, documents: Sequence[SetDocument], embedder: Embedder) -> None:
        """Embed every unit alone."""
        rows = [
            (unit, document.text[start:end])
            for document in documents
            for unit, start, end in zip(document.units, document.starts, document.ends, strict=True)
        ]
        self.units = [unit for unit, _ in rows]
        self._vectors = embedder.embed_passages([text for _, text in rows])
        self._bm25 = _BM25([split_terms(text) for _, text in rows])

    def find_rows(self, is_wanted: Callable[[str], bool]) -> NDArray[np.intp]:
        """Rows of the units that are wanted."""
        return np.array([row for row, unit in enumerate(self.units) if is_wanted(unit)], np.intp)

    def rank_dense(self, vector: NDArray[np.float32], within: NDArray[np.intp]) -> list[str]:
        """Units `within` by cosine to the question's vector, each once."""
        return self._name(within[np.argsort(-(self._vectors[within] @ vector), kind="stable")])

    def rank_hybrid(self, vector: NDArray[np.float32], question: str, within: NDArray[np.intp]) -> list[str]:
        """Units `within` by reciprocal rank fusion of cosine and BM25, each once."""
        lexical = self._bm25.score(split_terms(question))[within]
        fused = np.zeros(len(within))
        for scores in (self._vectors[within] @ vector, lexical):
            order = np.argsort(-scores, kind="stable")[:FUSED]
            order = order[scores[order] > 0]
            fused[order] += 1 / (RRF_K + 1 + np.arange(len(order)))
        return self._name(within[np.argsort(-fused, kind="stable")])

    def _name(self, order: NDArray[np.intp]) -> list[str]:
        return list(dict.fromkeys(self.units[row] for row in order))


class _BM25:
    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._size = len(documents)
        lengths = np.array([len(terms) for terms in documents], float)
        norms = BM25_K1 * (1 - BM25_B + BM25_B * lengths / max(lengths.mean(), 1))
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, terms in enumerate(documents):
            for term, count in Counter(terms).items():
                postings[term].append((row, count))
        self._weights: dict[str, tuple[NDArray[np.intp], NDArray[np.float64]]] = {}
        for term, found in postings.items():
            rows, counts = np.array(found).T
            rarity = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
            self._weights[term] = rows, rarity * counts * (BM25_K1 + 1) / (counts + norms[rows])

    def score(self, terms: Sequence[str]) -> NDArray[np.float64]:
        scores = np.zeros(self._size)
        for term in set(terms) & self._weights.keys():
            rows, weights = self._weights[term]
            scores[rows] += weights
        return scores
