from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vectorstore.synthetic import EMBEDDER
from vectorstore.index import ChromaIndex, Transform
from vectorstore.index.lock import WriterLock
from vectorstore.store import Database


@dataclass(frozen=True)
class Shift:
    """A transform that shows in the results: each language's vectors are moved by a vector of their own."""

    fingerprint: str = "shift-1"
    by: float = 0.5

    def __call__(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        directions = [np.eye(vectors.shape[1], dtype=np.float32)[len(language)] for language in languages]
        return vectors - self.by * np.array(directions, np.float32).reshape(vectors.shape)


@dataclass
class Opener:
    """Opens one library's database and index, as several processes would, and closes them in the end."""

    folder: Path
    stack: ExitStack
    notices: list[str] = field(default_factory=list)

    @property
    def index_folder(self) -> Path:
        return self.folder / "chroma"

    def database(self, *, writable: bool = True) -> Database:
        path = self.folder / "library.db"
        return self.stack.enter_context(Database.open(path, writable=writable, embedder=EMBEDDER))

    def index(
        self,
        database: Database,
        *,
        exact: int = 0,
        transform: Transform | None = None,
        lock: WriterLock | None = None,
    ) -> ChromaIndex:
        return self.stack.enter_context(
            ChromaIndex(
                self.index_folder,
                database,
                transform or Shift(),
                lock=lock or WriterLock(self.folder),
                exact_scan_limit=exact,
                notice=self.notices.append,
            )
        )


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    with ExitStack() as stack:
        yield Opener(tmp_path / "library", stack)


Nearest = Callable[[Database, NDArray[np.float32], int], list[str]]


@pytest.fixture
def nearest() -> Nearest:
    """The nearest passages by a computation of its own."""

    def compute(database: Database, vector: NDArray[np.float32], n: int) -> list[str]:
        ids: list[str] = []
        similarities: list[float] = []
        for batch in database.vectors.iterate(1000):
            moved = Shift()(batch.vectors, batch.languages).astype(np.float64)
            moved /= np.linalg.norm(moved, axis=1, keepdims=True)
            ids += batch.ids
            similarities += list(moved @ (vector / np.linalg.norm(vector)))
        order = sorted(range(len(ids)), key=lambda index: (-similarities[index], ids[index]))
        return [ids[index] for index in order[:n]]

    return compute
