from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vectorstore.model.filters import Filters


def test_emptiness() -> None:
    assert Filters().is_empty
    assert not Filters(outlets=("NRC",)).is_empty
    assert not Filters(since=datetime(2024, 1, 1, tzinfo=UTC)).is_empty


def test_a_moment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Filters(until=datetime(2024, 1, 1))  # noqa: DTZ001
