"""Statistics of benchmarks against values worked out by hand."""

from __future__ import annotations

import pytest

from bench.statistics import RiskCoverage, auroc, bootstrap_auroc, cover, mean_with_interval


def test_an_interval_draws_clusters_and_not_values() -> None:
    # One value a cluster repeated a hundred times has the interval of two draws, not of two hundred.
    interval = mean_with_interval([0.0] * 100 + [1.0] * 100, ["a"] * 100 + ["b"] * 100)
    assert interval == (0.5, 0.0, 1.0)
    assert mean_with_interval([1.0, 1.0], ["a", "b"]) == (1.0, 1.0, 1.0)


def test_an_interval_is_repeatable() -> None:
    values, clusters = [0.0, 1.0, 1.0, 0.0, 1.0], [1, 1, 2, 3, 4]
    assert mean_with_interval(values, clusters) == mean_with_interval(values, clusters)


def test_auroc_counts_ties_half() -> None:
    # Of 2 x 3 pairs: .9 beats all three, .5 beats .1, ties with .5, loses to .7.
    assert auroc([0.9, 0.5], [0.1, 0.5, 0.7]) == pytest.approx(4.5 / 6)
    with pytest.raises(ValueError, match="AUROC needs"):
        auroc([0.1], [])


def test_coverage_of_a_threshold() -> None:
    assert cover([0.9, 0.6, 0.2], [0.7, 0.1], 0.6) == RiskCoverage(
        threshold=0.6,
        answered=3 / 5,
        refused_answerable=pytest.approx(1 / 3),
        answered_unanswerable=1 / 2,
        risk=1 / 3,
    )
    assert cover([0.1], [0.1], 0.5).risk == 0.0


def test_bootstrap_of_auroc_is_repeatable() -> None:
    right = [("a", 0.9), ("b", 0.4), ("c", 0.8)]
    wrong = [("a", 0.1), ("b", 0.5), ("c", 0.2)]
    interval = bootstrap_auroc(right, wrong)
    assert interval == bootstrap_auroc(right, wrong)
    assert interval.mean == pytest.approx(8 / 9)
    assert interval.low <= interval.mean <= interval.high <= 1
