from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.vectorstore.synthetic import EMBEDDER
from vectorstore.store import Database


class Clock:
    """A clock that moves a minute each time it is looked at."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / "library.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """An empty library, open for writing; opening looks at the clock once."""
    with Database.open(path, writable=True, embedder=EMBEDDER, now=Clock()) as opened:
        yield opened
