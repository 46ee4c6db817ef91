"""Measures of ranking and of refusal: pure functions.

A *ranking* is a sequence of distinct units, best first; *gold* is the set of right ones. Every mean is taken
by the caller, over questions that have an answer. Definitions as in Manning, Raghavan and Schütze,
*Introduction to Information Retrieval* (2008), chapter 8, unless said otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

Unit = TypeVar("Unit", bound=Hashable)

RESAMPLES = 2_000
CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean with its bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


class Coverage(NamedTuple):
    """One line of a risk-coverage table."""

    threshold: float
    answered: float
    """Share of all questions answered, right or wrong."""
    refused_answerable: float
    """Share of answerable questions refused."""
    answered_unanswerable: float
    """Share of unanswerable questions answered."""
    risk: float
    """Unanswerable questions among those answered."""


def hit_at(ranking: Sequence[Unit], gold: Collection[Unit], k: int) -> float:
    """1 when any gold unit is among the first `k`, else 0. With k = 1, precision at 1."""
    return float(any(unit in gold for unit in ranking[:k]))


def recall_at(ranking: Sequence[Unit], gold: Collection[Unit], k: int) -> float:
    """Gold units among the first `k`, over all gold units. Raises ValueError when there is none."""
    return len(set(ranking[:k]) & set(gold)) / _count(gold)


def reciprocal_rank(ranking: Sequence[Unit], gold: Collection[Unit], k: int = 10) -> float:
    """1 over the rank of the first gold unit, 0 when it is not among the first `k`."""
    return next((1 / rank for rank, unit in enumerate(ranking[:k], 1) if unit in gold), 0.0)


def average_precision(ranking: Sequence[Unit], gold: Collection[Unit]) -> float:
    """Sum of the precision at each gold unit's rank, over all gold units; one not ranked counts 0."""
    found, total = 0, 0.0
    for rank, unit in enumerate(ranking, 1):
        if unit in gold:
            found += 1
            total += found / rank
    return total / _count(gold)


def ndcg_at(ranking: Sequence[Unit], gold: Collection[Unit], k: int = 10) -> float:
    """Normalized discounted cumulative gain with gain 1 for gold and discount `log2(rank + 1)`.

    After Järvelin and Kekäläinen, ACM TOIS 20 (2002).
    """
    gain = sum(1 / math.log2(rank + 1) for rank, unit in enumerate(ranking[:k], 1) if unit in gold)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, _count(gold)) + 1))


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """Chance that an answerable question scores above an unanswerable one, ties counting half.

    The Mann-Whitney statistic over the product of both sizes (Hanley and McNeil, Radiology 143, 1982). Raises
    ValueError when either is empty.
    """
    if not len(answerable) or not len(unanswerable):
        raise ValueError("AUROC needs answerable and unanswerable questions")
    below = np.sort(np.asarray(unanswerable, float))
    scores = np.asarray(answerable, float)
    wins = np.searchsorted(below, scores, "left") + np.searchsorted(below, scores, "right")
    return float(wins.sum() / 2 / len(scores) / len(below))


def cover(answerable: Sequence[float], unanswerable: Sequence[float], threshold: float) -> Coverage:
    """What answering from `threshold` up does (El-Yaniv and Wiener, JMLR 11, 2010)."""
    right = sum(score >= threshold for score in answerable)
    wrong = sum(score >= threshold for score in unanswerable)
    return Coverage(
        threshold,
        (right + wrong) / (len(answerable) + len(unanswerable)),
        1 - right / len(answerable),
        wrong / len(unanswerable),
        wrong / (right + wrong) if right + wrong else 0.0,
    )


def bootstrap(values: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> Interval:
    """Mean of `values` with the percentile interval of resampled clusters.

    Questions about one article stand or fall together, so articles are drawn, with replacement, not questions
    (Field and Welsh, JRSS B 69, 2007). Raises ValueError when there is no value.
    """
    if not len(values):
        raise ValueError("no values to take a mean of")
    names = list(dict.fromkeys(clusters))
    row = {name: index for index, name in enumerate(names)}
    sums = np.zeros(len(names))
    sizes = np.zeros(len(names))
    for value, cluster in zip(values, clusters, strict=True):
        sums[row[cluster]] += value
        sizes[row[cluster]] += 1
    drawn = np.random.default_rng(seed).integers(len(names), size=(RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(np.mean(values)), float(low), float(high))


def bootstrap_auroc(
    answerable: Sequence[tuple[Hashable, float]],
    unanswerable: Sequence[tuple[Hashable, float]],
    seed: int = 0,
) -> Interval:
    """AUROC with the percentile interval of resampled clusters, each side's drawn by itself.

    Both sides are pairs of cluster and score. A fifth of `RESAMPLES` are drawn, as each costs a sort.
    """
    sides = [_group(answerable), _group(unanswerable)]
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES // 5):
        right, wrong = (
            np.concatenate([side[row] for row in random.integers(len(side), size=len(side))]).tolist()
            for side in sides
        )
        drawn.append(auroc(right, wrong))
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(auroc([s for _, s in answerable], [s for _, s in unanswerable]), float(low), float(high))


def _group(scored: Sequence[tuple[Hashable, float]]) -> list[np.ndarray]:
    groups: dict[Hashable, list[float]] = {}
    for cluster, score in scored:
        groups.setdefault(cluster, []).append(score)
    return [np.array(group) for group in groups.values()]


def _count(gold: Collection[Unit]) -> int:
    if not gold:
        raise ValueError("a question without gold has no place in a retrieval mean")
    return len(gold)
