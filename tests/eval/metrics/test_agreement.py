"""Agreement with people, against examples worked by hand."""

from __future__ import annotations

import pytest

from eval.metrics.agreement import (
    Pair,
    accuracy,
    agreement_on,
    balanced_accuracy,
    chance_agreement,
    cohen_kappa,
)


def make(both: int, people_only: int, judge_only: int, neither: int) -> list[Pair]:
    return (
        [(True, True)] * both
        + [(True, False)] * people_only
        + [(False, True)] * judge_only
        + [(False, False)] * neither
    )


def test_a_textbook_example() -> None:
    # 50 grants, two readers: 20 yes and yes, 5 yes and no, 10 no and yes, 15 no and no.
    pairs = make(20, 5, 10, 15)
    assert accuracy(pairs) == 0.7
    assert chance_agreement(pairs) == pytest.approx(0.5 * 0.6 + 0.5 * 0.4)
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert (agreement_on(pairs, True), agreement_on(pairs, False)) == (0.8, 0.6)
    assert balanced_accuracy(pairs) == pytest.approx(0.7)


def test_saying_yes_to_everything_is_no_agreement() -> None:
    pairs = make(90, 0, 10, 0)
    assert (accuracy(pairs), balanced_accuracy(pairs), cohen_kappa(pairs)) == (0.9, 0.5, 0.0)


def test_always_the_same_and_always_the_other() -> None:
    assert cohen_kappa(make(3, 0, 0, 7)) == 1
    assert cohen_kappa(make(0, 5, 5, 0)) == -1


def test_where_people_say_one_thing_nothing_can_be_told() -> None:
    for pairs in (make(5, 0, 0, 0), make(0, 0, 3, 4), []):
        assert (cohen_kappa(pairs), balanced_accuracy(pairs)) == (None, None)
    assert (accuracy([]), chance_agreement([]), agreement_on([], True)) == (None, None, None)
