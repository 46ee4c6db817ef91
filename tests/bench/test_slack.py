"""The load of `bench.slack`, smaller."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.slack import measure


@pytest.mark.parametrize(("kind", "mentions"), [("rough", 24), ("kill", 24)])
def test_every_question_is_answered_once_or_apologised_for(kind: str, mentions: int, tmp_path: Path) -> None:
    told: list[str] = []
    (result,) = measure(kind, mentions, 8, tmp_path, told.append)
    assert (result.several, result.lost) == (0, 0)
    assert len(told) == 2
    if kind == "rough":
        assert (result.answered_once, result.apologised) == (mentions, 0)
    else:
        assert result.apologised <= 4  # Those that were being answered when it was killed.
        assert result.answered_once + result.apologised >= mentions
