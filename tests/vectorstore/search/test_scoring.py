"""Ranking and calibration on numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vectorstore.search.scoring import (
    ALONE_OTHER,
    ALONE_SAME,
    OTHER_MATCH,
    SAME_MATCH,
    AnswerCalibration,
    blend,
    discount,
    expect_match,
    extend_ranking,
)

SAME = np.array([True, False])


def row(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_reading_alone_counts_more_across_languages() -> None:
    found = blend(row(1, 1), row(0, 0), SAME)
    np.testing.assert_allclose(found, [1 - ALONE_SAME, 1 - ALONE_OTHER])
    assert ALONE_SAME < ALONE_OTHER


def test_the_question_s_own_language_pays_a_discount() -> None:
    np.testing.assert_allclose(discount(row(0.5, 0.5), SAME, 0.1), [0.4, 0.5])


def test_what_was_not_read_alone_follows_in_its_own_order() -> None:
    following = extend_ranking(row(0.6, 0.5), row(0.7, 0.2, 0.55))
    assert following.max() < 0.5
    assert np.argsort(-following).tolist() == [0, 2, 1]
    assert extend_ranking(row(), row(0.3)).tolist() == row(0.3).tolist()
    assert extend_ranking(row(0.6), row()).tolist() == []


def test_what_to_expect_of_a_right_sentence() -> None:
    expected = expect_match(SAME, 0.6, row(0.9, 0.5))
    np.testing.assert_allclose(
        expected, [SAME_MATCH, OTHER_MATCH[0] + OTHER_MATCH[1] * 1.1 + OTHER_MATCH[2] * 0.5], rtol=1e-6
    )


def test_the_chance_is_logistic() -> None:
    calibration = AnswerCalibration(row(-1, 4, 2, -3, 0.5), row(0.5, 0, 0.1))
    background = calibration.predict_background(row(0.6, 0.8))
    assert background == pytest.approx(0.4)
    chance = calibration.estimate(row(0.7), row(0.5), background, row(0.2))
    np.testing.assert_allclose(chance, [1 / (1 + np.exp(-(-1 + 2.8 + 1 - 1.2 + 0.1)))], rtol=1e-6)


def test_the_shipped_calibration_rises_with_the_match_and_falls_with_the_background() -> None:
    calibration = AnswerCalibration.shipped()
    assert calibration.coefficients.shape == (5,)
    assert calibration.background.shape == (385,)
    _, token, vector, background, expected = calibration.coefficients.tolist()
    assert token > 0
    assert vector > 0
    assert background < 0
    assert expected < 0
