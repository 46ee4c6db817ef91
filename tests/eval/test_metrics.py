"""Measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from eval.metrics import (
    Coverage,
    auroc,
    average_precision,
    bootstrap,
    bootstrap_auroc,
    cover,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)

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


def test_auroc_counts_ties_half() -> None:
    # Of 2 x 3 pairs: .9 beats all three, .5 beats .1, ties with .5, loses to .7.
    assert auroc([0.9, 0.5], [0.1, 0.5, 0.7]) == pytest.approx(4.5 / 6)
    with pytest.raises(ValueError, match="AUROC needs"):
        auroc([0.1], [])


def test_coverage_of_a_threshold() -> None:
    assert cover([0.9, 0.6, 0.2], [0.7, 0.1], 0.6) == Coverage(
        threshold=0.6,
        answered=3 / 5,
        refused_answerable=pytest.approx(1 / 3),
        answered_unanswerable=1 / 2,
        risk=1 / 3,
    )
    assert cover([0.1], [0.1], 0.5).risk == 0.0


def test_bootstrap_draws_clusters_and_not_values() -> None:
    # One value a cluster repeated a hundred times has the interval of two draws, not of two hundred.
    interval = bootstrap([0.0] * 100 + [1.0] * 100, ["a"] * 100 + ["b"] * 100)
    assert interval == (0.5, 0.0, 1.0)
    assert bootstrap([1.0, 1.0], ["a", "b"]) == (1.0, 1.0, 1.0)


def test_bootstrap_is_repeatable() -> None:
    values, clusters = [0.0, 1.0, 1.0, 0.0, 1.0], [1, 1, 2, 3, 4]
    assert bootstrap(values, clusters) == bootstrap(values, clusters)
    right = [("a", 0.9), ("b", 0.4), ("c", 0.8)]
    wrong = [("a", 0.1), ("b", 0.5), ("c", 0.2)]
    interval = bootstrap_auroc(right, wrong)
    assert interval == bootstrap_auroc(right, wrong)
    assert interval.mean == pytest.approx(8 / 9)
    assert interval.low <= interval.mean <= interval.high <= 1
