"""Measures of time, and of how far languages are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of all are not above, between two by linear interpolation.

    Hyndman and Fan, Am. Statistician 50 (1996), type 7. Raises ValueError when there is none.
    """
    if not values:
        raise ValueError("no values to take a percentile of")
    return float(np.quantile(np.asarray(values, float), share))


class Spoken(NamedTuple):
    """What a metric gave for one case."""

    group: str
    """Cases of one group are the same question over the same articles."""
    is_same: bool
    """Whether the question is in the articles' language."""
    value: float


def language_gap(spoken: Iterable[Spoken]) -> float | None:
    """Return what asking in another language costs: mean over groups of (same language - mean of the others).

    Groups that have not both are passed over; None when none has.
    """
    groups: dict[str, tuple[list[float], list[float]]] = {}
    for each in spoken:
        groups.setdefault(each.group, ([], []))[0 if each.is_same else 1].append(each.value)
    gaps = [np.mean(same) - np.mean(other) for same, other in groups.values() if same and other]
    return float(np.mean(gaps)) if gaps else None
