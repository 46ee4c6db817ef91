"""Measures of confidence against values worked out by hand."""

from __future__ import annotations

import pytest

from eval.metrics import aurc, calibration_error, risk_coverage


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
