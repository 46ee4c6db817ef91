"""How sure a number is: bootstrap intervals over clusters of cases."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

RESAMPLES = 2_000
CONFIDENCE = 0.95

_Item = TypeVar("_Item")


class MeanInterval(NamedTuple):
    """A mean with its bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


class Estimate(NamedTuple):
    """A statistic, with its interval where there can be one."""

    value: float
    low: float | None
    high: float | None
    note: str = ""
    """Why there is no interval, or how it was had."""


def bootstrap(values: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> MeanInterval:
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
    return MeanInterval(float(np.mean(values)), float(low), float(high))


def estimate_mean(values: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> Estimate:
    """Mean with an interval that does not pretend: none from one cluster, exact bounds where all agree.

    Where every value is 0, or every one 1, resampling would say that there is no doubt; the bound is then
    Clopper and Pearson's (Biometrika 26, 1934) over the clusters, `(α/2)^(1/n)`.

    Raises:
        ValueError: there is no value.
    """
    count = len(set(clusters))
    mean = float(np.mean(values)) if len(values) else bootstrap(values, clusters).mean
    if count == 1:
        return Estimate(mean, None, None, "one article only, so no interval" if len(values) > 1 else "n = 1")
    if mean in (0.0, 1.0) and set(values) == {mean}:
        bound = ((1 - CONFIDENCE) / 2) ** (1 / count)
        low, high = (bound, 1.0) if mean else (0.0, 1 - bound)
        return Estimate(mean, low, high, "all alike; exact bound")
    found = bootstrap(values, clusters, seed)
    return Estimate(found.mean, found.low, found.high)


def estimate_statistic(
    items: Sequence[_Item],
    clusters: Sequence[Hashable],
    statistic: Callable[[Sequence[_Item]], float | None],
    seed: int = 0,
    resamples: int = RESAMPLES // 4,
) -> Estimate | None:
    """Any statistic of all items with the percentile interval of resampled clusters.

    Resamples of which the statistic cannot be taken are passed over. None when it cannot be taken at all. A
    quarter of `RESAMPLES` are drawn, as each calls `statistic`.
    """
    value = statistic(items)
    if value is None:
        return None
    groups: dict[Hashable, list[_Item]] = {}
    for item, cluster in zip(items, clusters, strict=True):
        groups.setdefault(cluster, []).append(item)
    if len(groups) == 1:
        return Estimate(value, None, None, "one article only, so no interval" if len(items) > 1 else "n = 1")
    named = list(groups.values())
    random = np.random.default_rng(seed)
    drawn = [
        found
        for _ in range(resamples)
        if (
            found := statistic(
                [item for row in random.integers(len(named), size=len(named)) for item in named[row]]
            )
        )
        is not None
    ]
    if not drawn or max(drawn) == min(drawn):
        return Estimate(value, None, None, "all resamples alike, so no interval")
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value, float(low), float(high))
