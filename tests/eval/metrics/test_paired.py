"""Tests of a difference, against values worked out by hand and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Estimate, holm, least_chance, mcnemar_exact, paired_bootstrap, sign_flip


def test_mcnemar_is_a_binomial_tail() -> None:
    # P(X >= 4), X ~ Binomial(5, 1/2) = (5 + 1) / 32.
    assert mcnemar_exact(4, 1) == 6 / 32
    assert mcnemar_exact(0, 0) == 1.0
    assert mcnemar_exact(10, 0) == 2**-10
    assert mcnemar_exact(3_000, 2_000) < 1e-40


def test_signs_of_single_cases_are_mcnemars() -> None:
    differences = [-1.0] * 4 + [1.0] + [0.0] * 20
    assert sign_flip(differences, list(range(25))) == mcnemar_exact(4, 1)


def test_clusters_flip_whole() -> None:
    # Two articles, all of whose cases were lost: of four assignments of signs one is as low.
    assert sign_flip([-1.0] * 10, ["a"] * 5 + ["b"] * 5) == 1 / 4
    assert sign_flip([-0.5, -0.25], ["a", "b"]) == 1 / 4
    assert sign_flip([0.0, 0.0], ["a", "b"]) == 1.0


def test_many_clusters_are_drawn_and_agree_with_the_exact_test() -> None:
    differences = [-1.0] * 14 + [1.0] * 6
    drawn = sign_flip([0.5 * each for each in differences], list(range(20)))
    assert drawn == pytest.approx(mcnemar_exact(14, 6), abs=0.01)


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=9))
def test_a_chance_lies_between_the_least_and_one(differences: list[float]) -> None:
    chance = sign_flip(differences, list(range(len(differences))))
    assert least_chance(len(differences)) <= chance <= 1


def test_holm_multiplies_by_what_is_left_and_never_falls() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": 0.03, "c": 0.06, "b": 0.06}
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_paired_differences_of_whole_articles() -> None:
    assert paired_bootstrap([-1.0] * 3 + [0.0] * 3, ["a"] * 3 + ["b"] * 3) == Estimate(-0.5, -1.0, 0.0)
    assert paired_bootstrap([0.0, 0.0], ["a", "b"]) == Estimate(0.0, None, None, "no case differs")
    assert paired_bootstrap([0.25], ["a"]) == Estimate(0.25, None, None, "n = 1")
    for test in (paired_bootstrap, sign_flip):
        with pytest.raises(ValueError, match="no pairs"):
            test([], [])
