"""Times, and the gap between languages."""

from __future__ import annotations

import pytest

from eval.metrics import Spoken, language_gap, percentile


def test_percentiles_lie_between_values() -> None:
    assert percentile([10.0, 20.0, 30.0, 40.0], 0.5) == 25.0
    assert percentile([10.0, 20.0, 30.0, 40.0, 50.0], 0.95) == pytest.approx(48.0)
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_the_gap_is_taken_inside_each_group() -> None:
    # q1: 1 - (0 + 1/2) / 2 = 3/4; q2: 1/2 - 1/2 = 0; q3 has no other language.
    spoken = [
        Spoken("q1", True, 1.0),
        Spoken("q1", False, 0.0),
        Spoken("q1", False, 0.5),
        Spoken("q2", True, 0.5),
        Spoken("q2", False, 0.5),
        Spoken("q3", True, 1.0),
    ]
    assert language_gap(spoken) == pytest.approx(3 / 8)
    assert language_gap([Spoken("q3", True, 1.0)]) is None
