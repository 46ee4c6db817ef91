"""Articles ranked by what a search found in them."""

from __future__ import annotations

from collections.abc import Sequence

from vectorstore.model.evidence import Evidence

PASSAGE_WEIGHT = 1.0
"""Of the passage's cosine against its best sentence's score: a headline sums up more than a sentence says."""


def rank_articles(evidence: Sequence[Evidence]) -> list[str]:
    """Return the ids of the articles evidence is from, best first.

    An article ranks where its best sentence does, by `score + PASSAGE_WEIGHT * passage_score`.
    """
    best: dict[str, float] = {}
    for entry in evidence:
        score = entry.score + PASSAGE_WEIGHT * entry.passage_score
        best[entry.article_id] = max(score, best.get(entry.article_id, score))
    return sorted(best, key=lambda article_id: (-best[article_id], article_id))
