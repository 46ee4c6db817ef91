"""Measures of a ranking: pure functions.

A *ranking* is a sequence of distinct units, best first; *gold* is the set of right ones. Every mean is taken
by the caller, over questions that have an answer. Definitions as in Manning, Raghavan and Schütze,
*Introduction to Information Retrieval* (2008), chapter 8, unless said otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

Unit = TypeVar("Unit", bound=Hashable)


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
    """Normalized discounted gain, discount `log2(rank + 1)` (Järvelin and Kekäläinen, ACM TOIS 20, 2002)."""
    gain = sum(1 / math.log2(rank + 1) for rank, unit in enumerate(ranking[:k], 1) if unit in gold)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, _count(gold)) + 1))


def _count(gold: Collection[Unit]) -> int:
    if not gold:
        raise ValueError("a question without gold has no place in a retrieval mean")
    return len(gold)
