"""Measures against values worked out by hand, and against ir-measures."""

from __future__ import annotations

import math
from collections.abc import Callable

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, nDCG

from eval.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank

RANKING = ["a", "b", "c", "d", "e"]


def test_ranking_measures_of_two_gold_units_at_ranks_two_and_five() -> None:
    gold = {"b", "e"}
    assert [hit_at(RANKING, gold, k) for k in (1, 2, 5)] == [0.0, 1.0, 1.0]
    assert [recall_at(RANKING, gold, k) for k in (1, 2, 5)] == [0.0, 0.5, 1.0]
    assert reciprocal_rank(RANKING, gold) == 0.5
    assert average_precision(RANKING, gold) == pytest.approx((1 / 2 + 2 / 5) / 2)
    ideal = 1 / math.log2(2) + 1 / math.log2(3)
    assert ndcg_at(RANKING, gold) == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / ideal)


def test_gold_that_is_not_ranked_counts_nothing() -> None:
    gold = {"a", "z"}
    assert average_precision(RANKING, gold) == 0.5
    assert recall_at(RANKING, gold, 10) == 0.5
    assert reciprocal_rank(["x"] * 10 + ["z"], gold) == 0.0
    assert ndcg_at([], gold) == 0.0


def test_a_question_without_gold_is_refused() -> None:
    for measure in (average_precision, ndcg_at):
        with pytest.raises(ValueError, match="without gold"):
            measure(RANKING, set())


Measure = Callable[[list[str], set[str]], float]
REFERENCES: list[tuple[object, Measure]] = [
    (ir_measures.Success @ 1, lambda ranking, gold: hit_at(ranking, gold, 1)),
    (ir_measures.Success @ 5, lambda ranking, gold: hit_at(ranking, gold, 5)),
    (R @ 5, lambda ranking, gold: recall_at(ranking, gold, 5)),
    (R @ 20, lambda ranking, gold: recall_at(ranking, gold, 20)),
    (RR @ 10, reciprocal_rank),
    (AP, average_precision),
    (nDCG @ 10, ndcg_at),
]
UNITS = [f"u{number}" for number in range(30)]


@given(
    ranking=st.lists(st.sampled_from(UNITS), min_size=1, max_size=25, unique=True),
    gold=st.sets(st.sampled_from(UNITS), min_size=1, max_size=8),
)
def test_every_measure_agrees_with_ir_measures(ranking: list[str], gold: set[str]) -> None:
    judged = [ir_measures.Qrel("q", unit, 1) for unit in gold]
    scored = [ir_measures.ScoredDoc("q", unit, float(-rank)) for rank, unit in enumerate(ranking)]
    found = ir_measures.calc_aggregate([measure for measure, _ in REFERENCES], judged, scored)
    ours = {measure: ours(ranking, gold) for measure, ours in REFERENCES}
    assert ours == {measure: pytest.approx(value) for measure, value in found.items()}
