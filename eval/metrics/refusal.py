"""Measures of confidence: what is risked by answering, and how far a confidence is a chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BINS = 10
"""Of the calibration error, as in Guo et al. 2017 with their fifteen for far more cases."""


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
    """Return the curve itself: coverage and risk at each distinct confidence, most confident first."""
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
