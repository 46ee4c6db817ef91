"""Whether two runs of the same cases differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import product

import numpy as np

from eval.metrics.intervals import Estimate, add_up, bootstrap_mean

FLIPS = 9_999
"""Random assignments of signs: with the observed one 10,000."""
ENUMERATED = 14
"""Up to this many clusters that differ, all assignments are looked at: 16,384."""


def paired_bootstrap(differences: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> Estimate:
    """Mean of the paired differences with the percentile interval of resampled clusters.

    After Efron and Tibshirani 1993, chapter 8; Berg-Kirkpatrick et al., EMNLP 2012. Raises ValueError when
    there is none.
    """
    if not len(differences):
        raise ValueError("no pairs to compare")
    if not any(differences):
        return Estimate(0.0, None, None, "no case differs")
    return bootstrap_mean(differences, clusters, seed)


def mcnemar_exact(lost: int, gained: int) -> float:
    """Chance of at least `lost` losses among `lost + gained` changes, were both as likely: one-sided.

    `P(X ≥ lost), X ~ Binomial(lost + gained, ½)` (McNemar, Psychometrika 12, 1947, exact). 1 when nothing
    changed.
    """
    changed = lost + gained
    return sum(math.comb(changed, k) for k in range(lost, changed + 1)) / (1 << changed)


def sign_flip(differences: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> float:
    """Chance of a mean as low as this one, were the sign of each cluster's sum a coin's: one-sided.

    Fisher's randomization test for pairs (*Design of Experiments*, 1935, §21), clusters flipped whole. With
    one case to a cluster and differences of -1, 0 and 1 it is `mcnemar_exact`, which is used then; exact
    up to `ENUMERATED` clusters, drawn by `seed` beyond. Raises ValueError when there is no pair.
    """
    if not len(differences):
        raise ValueError("no pairs to compare")
    sums, sizes = add_up(differences, clusters)
    if sizes.max() == 1 and set(np.abs(sums).tolist()) <= {0.0, 1.0}:
        return mcnemar_exact(int((sums < 0).sum()), int((sums > 0).sum()))
    changed = sums[sums != 0]
    if not len(changed):
        return 1.0
    # Rounding must not make an assignment with the same sum look less extreme.
    observed = changed.sum() + 1e-12 * np.abs(changed).sum()
    if len(changed) <= ENUMERATED:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(changed))))
        return float(np.mean(signs @ np.abs(changed) <= observed))
    random = np.random.default_rng(seed)
    signs = random.integers(0, 2, size=(FLIPS, len(changed))) * 2.0 - 1
    # The observed assignment is one of them, so that the chance is never 0.
    return float((1 + np.sum(signs @ changed <= observed)) / (1 + FLIPS))


def least_chance(differing: int) -> float:
    """Return the smallest chance `sign_flip` can give with this many clusters: `2^-n`."""
    return 0.5**differing


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """Chances corrected for having looked at several metrics (Holm, Scand. J. Statist. 6, 1979).

    The i-th smallest of m is multiplied by m - i + 1, none is below one before it, none above 1.
    """
    corrected: dict[str, float] = {}
    highest = 0.0
    for row, (name, chance) in enumerate(sorted(chances.items(), key=lambda item: (item[1], item[0]))):
        highest = max(highest, min(1.0, (len(chances) - row) * chance))
        corrected[name] = highest
    return corrected
