"""Libraries of small articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agent.newsroom import Newsroom
from vectorstore import Library, LibrarySettings
from vectorstore.embedding import Embedder


@pytest.fixture
def open_newsroom(tmp_path: Path, cache: Path, embedder: Embedder) -> Iterator[Callable[[str], Newsroom]]:
    """Opens libraries for writing; they are closed at the end."""
    opened: list[Library] = []

    def open_one(name: str) -> Newsroom:
        folder = tmp_path / name / "news"
        folder.mkdir(parents=True)
        settings = LibrarySettings(path=tmp_path / name / "library", cache=cache)
        opened.append(Library.open(settings, writable=True, embedder=embedder))
        return Newsroom(opened[-1], folder)

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def newsroom(open_newsroom: Callable[[str], Newsroom]) -> Newsroom:
    return open_newsroom("newsroom")
