"""Intervals: what they draw, and where there is none."""

from __future__ import annotations

import pytest

from eval.metrics import Estimate, estimate_mean, estimate_statistic


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no values"):
        estimate_mean([], [])


def test_one_case_and_one_article_have_no_interval() -> None:
    assert estimate_mean([0.5], ["a"]) == Estimate(0.5, None, None, "n = 1")
    assert estimate_mean([0.0, 1.0], ["a", "a"]) == Estimate(
        0.5, None, None, "one article only, so no interval"
    )
    assert estimate_statistic([3.0], ["a"], sum) == Estimate(3.0, None, None, "n = 1")


def test_values_that_are_all_alike_have_an_exact_bound() -> None:
    # Clopper and Pearson for 3 of 3: .025 ** (1 / 3) = .2924.
    right = estimate_mean([1.0] * 3, ["a", "b", "c"])
    assert right == Estimate(1.0, pytest.approx(0.2924, abs=1e-4), 1.0, "all alike; exact bound")
    wrong = estimate_mean([0.0] * 4, ["a", "b", "c", "c"])
    assert wrong == Estimate(0.0, 0.0, pytest.approx(0.7076, abs=1e-4), "all alike; exact bound")


def test_a_statistic_is_taken_of_whole_clusters() -> None:
    found = estimate_statistic([0.0] * 50 + [1.0] * 50, ["a"] * 50 + ["b"] * 50, lambda x: sum(x) / len(x))
    assert found == Estimate(0.5, 0.0, 1.0)


def test_a_statistic_without_spread_has_no_interval() -> None:
    found = estimate_statistic([1.0, 1.0], ["a", "b"], max)
    assert found == Estimate(1.0, None, None, "all resamples alike, so no interval")
    assert estimate_statistic([1.0, 2.0], ["a", "b"], lambda _: None) is None
