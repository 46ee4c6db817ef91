"""ALCE's citation metrics by hand, with grades that are missing."""

from __future__ import annotations

import pytest

from eval.metrics.agreement import Grade, grade_citations, share_supported


def grades(whole: Grade, alone: list[Grade], without: list[Grade]) -> list[Grade]:
    return grade_citations(whole, len(alone), alone.__getitem__, without.__getitem__)


def test_recall_leaves_out_what_is_unscored() -> None:
    assert share_supported([True, False, None, True]) == pytest.approx(2 / 3)
    assert share_supported([None]) is None
    assert share_supported([]) is None


def test_one_citation_is_as_good_as_its_statement() -> None:
    def never(row: int) -> Grade:
        raise AssertionError(f"citation {row} was asked about")

    for whole in (True, False, None):
        assert grade_citations(whole, 1, never, never) == [whole]
    assert grade_citations(False, 3, never, never) == [False] * 3
    assert grade_citations(None, 2, never, never) == [None, None]


def test_a_citation_is_precise_when_it_is_enough_or_needed() -> None:
    enough_and_idle = grades(True, [True, False], [False, True])
    assert enough_and_idle == [True, False]
    both_needed = grades(True, [False, False], [False, False])
    assert both_needed == [True, True]
    assert share_supported(enough_and_idle + both_needed) == 0.75


def test_a_missing_grade_counts_only_where_it_decides() -> None:
    assert grades(True, [None, True], [False, None]) == [True, True]
    assert grades(True, [None, False], [True, None]) == [None, None]
    assert share_supported([None, True, None]) == 1
