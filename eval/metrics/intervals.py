"""How sure a number is: bootstrap intervals over clusters of cases.

Questions about one article pass or fail together, so articles are drawn, with replacement, not questions
(Field and Welsh, JRSS B 69, 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
CONFIDENCE = 0.95

_Item = TypeVar("_Item")


class Estimate(NamedTuple):
    """A statistic, with its interval where there can be one."""

    value: float
    low: float | None
    high: float | None
    note: str = ""
    """Why there is no interval, or how it was had."""


def bootstrap(
    clusters: int,
    measure: Callable[[NDArray[np.intp]], Iterable[float]],
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> tuple[float, float] | None:
    """Return the percentile interval of what `measure` gives of resampled clusters.

    Its argument has a row for each resample, of the numbers of the clusters that are drawn. None where all
    that it gives is the same.
    """
    rows = np.random.default_rng(seed).integers(clusters, size=(resamples, clusters))
    drawn = np.fromiter(measure(rows), float)
    if not len(drawn) or drawn.max() == drawn.min():
        return None
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def add_up(
    values: Sequence[float], clusters: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and size of each cluster."""
    rows = {cluster: row for row, cluster in enumerate(dict.fromkeys(clusters))}
    sums, sizes = np.zeros(len(rows)), np.zeros(len(rows))
    for value, cluster in zip(values, clusters, strict=True):
        sums[rows[cluster]] += value
        sizes[rows[cluster]] += 1
    return sums, sizes


def bootstrap_mean(values: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> Estimate:
    """Mean with the interval of resampled clusters; none from one cluster. ValueError without a value."""
    if not len(values):
        raise ValueError("no values to take a mean of")
    sums, sizes = add_up(values, clusters)
    mean = float(np.mean(values))
    if len(sums) == 1:
        return Estimate(mean, None, None, _explain_single(len(values)))
    found = bootstrap(len(sums), lambda rows: sums[rows].sum(axis=1) / sizes[rows].sum(axis=1), seed)
    return Estimate(mean, *(found or (mean, mean)))


def estimate_mean(values: Sequence[float], clusters: Sequence[Hashable], seed: int = 0) -> Estimate:
    """Mean with an interval that does not pretend: none from one cluster, exact bounds where all agree.

    Where every value is 0, or every one 1, resampling would say that there is no doubt; the bound is then
    Clopper and Pearson's (Biometrika 26, 1934) over the clusters, `(α/2)^(1/n)`. Raises ValueError if there
    is no value.
    """
    found = bootstrap_mean(values, clusters, seed)
    # Resamples that are all alike would say that there is no doubt.
    if found.low is None or found.value not in (0.0, 1.0) or set(values) != {found.value}:
        return found
    bound = ((1 - CONFIDENCE) / 2) ** (1 / len(set(clusters)))
    low, high = (bound, 1.0) if found.value else (0.0, 1 - bound)
    return Estimate(found.value, low, high, "all alike; exact bound")


def estimate_statistic(
    items: Sequence[_Item],
    clusters: Sequence[Hashable],
    statistic: Callable[[Sequence[_Item]], float | None],
    seed: int = 0,
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
        return Estimate(value, None, None, _explain_single(len(items)))
    named = list(groups.values())

    def measure(resamples: NDArray[np.intp]) -> Iterable[float]:
        for rows in resamples:
            drawn: list[_Item] = []
            for row in rows:
                drawn += named[row]
            found = statistic(drawn)
            if found is not None:
                yield found

    found = bootstrap(len(named), measure, seed, RESAMPLES // 4)
    if found is None:
        return Estimate(value, None, None, "all resamples alike, so no interval")
    return Estimate(value, *found)


def _explain_single(items: int) -> str:
    return "one article only, so no interval" if items > 1 else "n = 1"
