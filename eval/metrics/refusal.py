"""Measures of refusing: pure functions over questions that have an answer and questions that have none."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from eval.metrics.intervals import CONFIDENCE, RESAMPLES, MeanInterval

BINS = 10
"""Of the calibration error, as in Guo et al. 2017 with their fifteen for far more cases."""


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


class Decision(NamedTuple):
    """What was done with one question."""

    is_answerable: bool
    is_refused: bool


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


def refusal_precision(decisions: Sequence[Decision]) -> float | None:
    """Unanswerable questions among those refused: TP / (TP + FP); None when none was refused.

    Refusing is the positive class, as in Yin et al., *Do large language models know what they don't know?*
    (Findings of ACL 2023).
    """
    refused = [decision for decision in decisions if decision.is_refused]
    return sum(not decision.is_answerable for decision in refused) / len(refused) if refused else None


def refusal_recall(decisions: Sequence[Decision]) -> float | None:
    """Refused questions among the unanswerable: TP / (TP + FN); None when all have an answer."""
    unanswerable = [decision for decision in decisions if not decision.is_answerable]
    return sum(decision.is_refused for decision in unanswerable) / len(unanswerable) if unanswerable else None


def false_refusals(decisions: Sequence[Decision]) -> float | None:
    """Refused questions among the answerable: FP / (FP + TN); None when none has an answer."""
    answerable = [decision for decision in decisions if decision.is_answerable]
    return sum(decision.is_refused for decision in answerable) / len(answerable) if answerable else None


def aurc(scored: Sequence[tuple[float, float]]) -> float:
    """Area under the risk-coverage curve: mean over n of the mean loss of the n most confident.

    `(1/N) Σ_n (1/n) Σ_{i≤n} loss_i`, by falling confidence (Geifman, Uziel and El-Yaniv, ICLR 2019). Among
    equal confidences each place takes their mean loss, so that the order of the input does not matter.

    Args:
        scored: pairs of confidence and loss; the loss is 0 for right, 1 for wrong.

    Raises:
        ValueError: there is none.
    """
    if not scored:
        raise ValueError("no answers to take a curve of")
    pairs = np.asarray(scored, float)
    confidences, places = np.unique(-pairs[:, 0], return_inverse=True)
    sizes = np.bincount(places, minlength=len(confidences))
    means = np.bincount(places, weights=pairs[:, 1], minlength=len(confidences)) / sizes
    losses = np.repeat(means, sizes)
    return float(np.mean(np.cumsum(losses) / np.arange(1, len(losses) + 1)))


def risk_coverage(scored: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The curve itself: coverage and risk at each distinct confidence, most confident first."""
    ordered = sorted(scored, key=lambda pair: -pair[0])
    curve: list[tuple[float, float]] = []
    wrong = 0.0
    for number, (confidence, loss) in enumerate(ordered, 1):
        wrong += loss
        if number == len(ordered) or ordered[number][0] != confidence:
            curve.append((number / len(ordered), wrong / number))
    return curve


def calibration_error(scored: Sequence[tuple[float, float]], bins: int = BINS) -> float:
    """Expected calibration error: `Σ_b (n_b / N) |mean confidence_b - share right_b|`, bins of equal width.

    After Naeini, Cooper and Hauskrecht, AAAI 2015. A bin holds its upper bound; the first holds 0 too.

    Args:
        scored: pairs of confidence, 0 to 1, and whether it was right, 1 or 0.
        bins: how many.

    Raises:
        ValueError: there is none.
    """
    if not scored:
        raise ValueError("no confidences to compare")
    pairs = np.asarray(scored, float)
    rows = np.clip(np.ceil(pairs[:, 0] * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(rows, weights=pairs[:, 0] - pairs[:, 1], minlength=bins)
    return float(np.abs(gaps).sum() / len(pairs))


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
        right, wrong = (
            np.concatenate([side[row] for row in random.integers(len(side), size=len(side))]).tolist()
            for side in sides
        )
        drawn.append(auroc(right, wrong))
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return MeanInterval(
        auroc([s for _, s in answerable], [s for _, s in unanswerable]), float(low), float(high)
    )


def _group(scored: Sequence[tuple[Hashable, float]]) -> list[np.ndarray]:
    groups: dict[Hashable, list[float]] = {}
    for cluster, score in scored:
        groups.setdefault(cluster, []).append(score)
    return [np.array(group) for group in groups.values()]
