"""Measures of refusing against values worked out by hand."""

from __future__ import annotations

import pytest

from eval.metrics import (
    Decision,
    RiskCoverage,
    aurc,
    auroc,
    bootstrap_auroc,
    calibration_error,
    cover,
    false_refusals,
    refusal_precision,
    refusal_recall,
    risk_coverage,
)


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


def test_refusal_counts() -> None:
    # Refused: two without an answer, one with. Of three without an answer one is answered.
    decisions = [
        Decision(is_answerable=False, is_refused=True),
        Decision(is_answerable=False, is_refused=True),
        Decision(is_answerable=False, is_refused=False),
        Decision(is_answerable=True, is_refused=True),
        Decision(is_answerable=True, is_refused=False),
    ]
    assert refusal_precision(decisions) == pytest.approx(2 / 3)
    assert refusal_recall(decisions) == pytest.approx(2 / 3)
    assert false_refusals(decisions) == 1 / 2


def test_shares_of_nothing_are_none() -> None:
    answered = [Decision(is_answerable=True, is_refused=False)]
    assert [refusal_precision(answered), refusal_recall(answered), false_refusals(answered)] == [
        None,
        None,
        0,
    ]
    assert false_refusals([Decision(is_answerable=False, is_refused=True)]) is None


def test_aurc_is_the_mean_of_the_running_losses() -> None:
    # By confidence: right, wrong, right. Running risks: 0, 1/2, 1/3.
    scored = [(0.9, 0.0), (0.2, 0.0), (0.6, 1.0)]
    assert aurc(scored) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert risk_coverage(scored) == [(1 / 3, 0.0), (2 / 3, 0.5), (1.0, pytest.approx(1 / 3))]


def test_aurc_of_ties_does_not_depend_on_their_order() -> None:
    # Two ties, one wrong: each of their places has the risk 1/2.
    assert aurc([(0.5, 0.0), (0.5, 1.0)]) == aurc([(0.5, 1.0), (0.5, 0.0)]) == 0.5
    assert risk_coverage([(0.5, 0.0), (0.5, 1.0)]) == [(1.0, 0.5)]


def test_calibration_error_weighs_the_bins_by_their_size() -> None:
    # Bin (.8, .9]: two of confidence .9 and one right, gap .4; bin (.1, .2]: one of .2 and right, gap .8.
    scored = [(0.9, 1.0), (0.9, 0.0), (0.2, 1.0)]
    assert calibration_error(scored) == pytest.approx((2 * 0.4 + 1 * 0.8) / 3)
    assert calibration_error([(0.0, 0.0), (1.0, 1.0)]) == 0.0


@pytest.mark.parametrize("measure", [aurc, calibration_error])
def test_nothing_has_no_curve_and_no_calibration(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match=r"no (answers|confidences) to"):
        measure([])
