"""Statistics that only benchmarks publish: means with intervals, AUROC, and tables of risk and coverage."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from eval.metrics.intervals import CONFIDENCE, RESAMPLES, bootstrap_mean


class MeanInterval(NamedTuple):
    """A mean with its bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


class RiskCoverage(NamedTuple):
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


def mean_with_interval(values: Sequence[float], clusters: Sequence[Hashable]) -> MeanInterval:
    """Mean with the percentile interval of resampled clusters; of one cluster the mean alone.

    Raises:
        ValueError: there is no value.
    """
    mean, low, high, _ = bootstrap_mean(values, clusters)
    return MeanInterval(mean, mean if low is None else low, mean if high is None else high)


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


def bootstrap_auroc(
    answerable: Sequence[tuple[Hashable, float]],
    unanswerable: Sequence[tuple[Hashable, float]],
    seed: int = 0,
) -> MeanInterval:
    """AUROC with the percentile interval of resampled clusters, each side's drawn by itself.

    Both sides are pairs of cluster and score. A fifth of `RESAMPLES` are drawn, as each costs a sort.
    """
    sides = [_group(answerable), _group(unanswerable)]
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES // 5):
        right, wrong = (_draw(side, random) for side in sides)
        drawn.append(auroc(right, wrong))
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    whole = auroc([score for _, score in answerable], [score for _, score in unanswerable])
    return MeanInterval(whole, float(low), float(high))


def cover(answerable: Sequence[float], unanswerable: Sequence[float], threshold: float) -> RiskCoverage:
    """What answering from `threshold` up does (El-Yaniv and Wiener, JMLR 11, 2010)."""
    right = sum(score >= threshold for score in answerable)
    wrong = sum(score >= threshold for score in unanswerable)
    return RiskCoverage(
        threshold,
        (right + wrong) / (len(answerable) + len(unanswerable)),
        1 - right / len(answerable),
        wrong / len(unanswerable),
        wrong / (right + wrong) if right + wrong else 0.0,
    )


def _draw(groups: Sequence[np.ndarray], random: np.random.Generator) -> list[float]:
    rows = random.integers(len(groups), size=len(groups))
    return list(np.concatenate([groups[row] for row in rows]))


def _group(scored: Sequence[tuple[Hashable, float]]) -> list[np.ndarray]:
    groups: dict[Hashable, list[float]] = {}
    for cluster, score in scored:
        groups.setdefault(cluster, []).append(score)
    return list(map(np.array, groups.values()))
