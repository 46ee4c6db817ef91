"""Chroma, as far as it is used: one collection of vectors by passage id, in one folder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings
from numpy.typing import NDArray

_COLLECTION = "passages"
_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": 100,
    "max_neighbors": 16,
    "sync_threshold": 1,
}
"""
ef_search: recall@10 .96 at 10,000 vectors (facts of the first trials); a query takes 2 ms.
sync_threshold: 1, so that whatever a call adds is in the index files when the call returns. With Chroma's
    1,000 the rest stays in a log that each process replays at its first query (2,500 a second), and a mere
    reader of a collection that was never saved rewrites the index files. It costs about a fifth of the
    adding rate: 10,000 random vectors of 384, median of five alternating runs on a busy machine, 951
    against 1,201 a second in batches of 128, 1,221 against 1,464 in batches of 1,000.
"""
_AT_A_TIME = 5_000  # Passages added or deleted by one call; Chroma takes 5,461.

_clients = threading.Lock()
"""Chroma holds its clients in a table that threads opening and closing at once would mix up."""


class ChromaFolder:
    """An open Chroma folder. Queries may come from several threads, changes from one."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the folder's collection, or make both."""
        # Own vectors always: without `embedding_function=None` Chroma would reach for a model of its own.
        # Whatever Chroma raises is raised; it may also crash the process, so look at the manifest first.
        with _clients:
            opened = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
        self._client = cast(Client, opened)  # `ClientAPI`, as it is declared, leaves out `close`.
        try:
            if create:
                self._collection = self._client.create_collection(
                    _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
                )
            else:
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the folder; not while another thread is querying."""
        with _clients:
            self._client.close()

    def count(self) -> int:
        return self._collection.count()

    def all_ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add passages, replacing the vectors of those that are there."""
        for start in range(0, len(ids), _AT_A_TIME):
            part = slice(start, start + _AT_A_TIME)
            self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Take passages out; those that are not there do no harm."""
        for start in range(0, len(ids), _AT_A_TIME):
            self._collection.delete(ids=list(ids[start : start + _AT_A_TIME]))

    def query(
        self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Find the `n` nearest passages, of `ids` if given, with their cosine similarity, best first.

        `ids` have to be there: Chroma fails on others.
        """
        among = None if ids is None else list(ids)
        found = self._collection.query(vector[np.newaxis], n_results=n, ids=among, include=["distances"])
        (distances,) = found["distances"] or [[]]
        similarities = (1.0 - distance for distance in distances)
        return list(zip(found["ids"][0], similarities, strict=True))
