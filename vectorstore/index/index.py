"""The vector index: Chroma for what it holds, exact comparison for what it lacks.

Chroma, embedded, belongs to one process: a second writer loses vectors, even a reader rewrites files that
were never saved, and a kill inside a save leaves a folder that crashes the process that opens it. Therefore:

- the database is the truth, and Chroma is written after it, by the holder of the writer lock;
- Chroma is opened only when marker and manifest allow and no process is at its files (`manifest`, `store`);
- otherwise it is rebuilt from the database, by a process that can take the writer lock;
- a library of a few passages is compared exactly as long as nothing has to be written: importing and opening
  Chroma takes longer;
- a process that has it open uses it for what it held then. Passages that came since are compared exactly,
  removed ones are left out; without Chroma, "since then" is all of them: slower, equally complete.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import filterfalse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import unit
from vectorstore.index.lock import WriterLock
from vectorstore.index.scan import Ranked, Scan, merge
from vectorstore.index.store import ChromaStore, Transform
from vectorstore.model.errors import EmbedderReplacedError, LibraryLockedError, SetupError
from vectorstore.store import Database, Revision, VectorBatch

_BATCH = 5_000  # Passages compared exactly, read from the database at a time.
_MOST_RESULTS = 10_000  # Chroma returned no more when asked for 10,100.

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How the index compares with the library database."""

    indexed: int
    """Passages that Chroma answers for."""
    behind: int
    """Passages that Chroma lacks, so that they are compared exactly."""
    trouble: str | None
    """Why Chroma is not used; None when it is."""


class ChromaIndex(AbstractContextManager["ChromaIndex"]):
    """Nearest passages of one library. Threads may share an instance; see the module for processes."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        transform: Transform,
        *,
        lock: WriterLock,
        exact_scan_limit: int,
        notice: Callable[[str], None] = _logger.warning,
    ) -> None:
        """Open the index, making it again from the database when it is missing or not to be trusted.

        Args:
            folder: The index's own; everything in it can be made again.
            database: The library's.
            transform: Applied to every vector on its way in. Questions are transformed by the caller.
            lock: The library's writer lock, taken while the index is made again.
            exact_scan_limit: Up to this many candidates, or passages of the library, `query` compares
                exactly; Chroma is then opened only to be written.
            notice: Called, once each, with what makes searching slow for now.
        """
        self._store = ChromaStore(folder, database, transform)
        self._database = database
        self._transform = transform
        self._lock = lock
        self._exact_scan_limit = exact_scan_limit
        self._notice = notice
        self._guard = threading.RLock()
        self._can_repair = True
        self._examined: Revision | None = None
        self._announced: str | None = None
        self._recent: tuple[Revision, Revision | None, Scan] | None = None
        with self._guard:
            self._refresh()

    def close(self) -> None:
        with self._guard:
            self._store.unload()

    def __exit__(self, *raised: object) -> None:
        self.close()

    def status(self) -> IndexStatus:
        """Return how the index compares with the library database at this moment."""
        with self._guard:
            revision = self._load()
            behind = len(self._since_loaded(revision).ids)
            trouble = None if self._store.loaded else self._store.trouble or "it is being written"
            return IndexStatus(self._database.passages.count() - behind, behind, trouble)

    def query(
        self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the `n` passages nearest to a transformed question vector (d,), with cosine, best first.

        `ids` are candidates, as `PassageStore.ids` gives them; None for all passages. What is found is in the
        database at this moment, and of that, at most what HNSW's approximation costs is missing.
        """
        if n < 1 or (ids is not None and not ids):
            return []
        if ids is not None and len(ids) <= self._exact_scan_limit:
            return self._prepare(self._database.vectors.load(ids)).query(vector, n)
        with self._guard:
            revision = self._refresh()
            found = self._query_chroma(vector, n, ids, revision)
            recent = self._since_loaded(revision)
        if found is None and ids is not None:
            return self._prepare(self._database.vectors.load(ids)).query(vector, n)
        return merge(found or [], (recent if ids is None else recent.restrict(set(ids))).query(vector, n), n)

    def apply(self, added_ids: Sequence[str] | None, removed_ids: Sequence[str]) -> None:
        """Bring Chroma in step with what the database has gained and lost since the last `apply` or `sync`.

        `added_ids` are passages that are new or have new vectors; None asks the database for them. Raises
        LibraryLockedError if another process is writing to the library. Raises SetupError if Chroma's files
        cannot be written; the articles are safe in the database.
        """
        with self._guard, self._lock:
            revision = self._load()
            if not self._store.is_behind(revision):
                return
            try:
                self._store.update(revision, added_ids, removed_ids)
                self._can_repair = True
            except LibraryLockedError as error:
                self._notice(str(error))

    def sync(self) -> None:
        """Bring Chroma in step with the database, whatever was missed. Errors as of `apply`."""
        self.apply(None, ())

    def rebuild(self) -> None:
        """Make Chroma again from the database, however it looks. Errors as of `apply`."""
        with self._guard, self._lock:
            self._store.rebuild()
            self._can_repair = True

    def _refresh(self) -> Revision:
        """As `_load`, but Chroma stays closed as long as a small library is only read."""
        revision = self._database.revision
        if (
            self._store.loaded is not None
            or not 0 < self._database.passages.count() <= self._exact_scan_limit
        ):
            return self._load()
        if self._examined != revision:
            if not self._store.load(opens=False):
                return revision  # Another process is writing or opening it; look again at the next query.
            if self._store.trouble is not None and self._can_repair:
                self._repair(self._store.trouble)
            self._examined = revision
        return revision

    def _load(self) -> Revision:
        """Load what is on disk if it is news, make it again if need be; the database's revision."""
        revision = self._database.revision
        if self._store.is_behind(revision):
            if not self._store.load():
                self._announce("another process is writing it")
            if self._store.trouble is not None and self._can_repair:
                self._repair(self._store.trouble)
        if self._store.loaded is not None:
            self._announced = None
        return revision

    def _repair(self, trouble: str) -> None:
        try:
            with self._lock:
                if passages := self._database.passages.count():
                    self._notice(
                        f"Making the vector index again from the library database ({trouble}): "
                        f"{passages} passages."
                    )
                self._store.rebuild()
        except LibraryLockedError:
            self._announce(f"{trouble}, and another process is writing to the library")
        except EmbedderReplacedError:
            raise
        except SetupError as error:
            _logger.info("The vector index could not be made again: %s", error)
            self._can_repair = False
            self._announce(self._store.trouble or trouble)

    def _announce(self, reason: str) -> None:
        if self._announced != reason and self._store.loaded is None:
            self._announced = reason
            self._notice(f"Searching without the vector index ({reason}): slower, and just as complete.")

    def _since_loaded(self, revision: Revision) -> Scan:
        """Return the passages that Chroma, as it is loaded, does not have."""
        loaded = None if self._store.loaded is None else self._store.loaded.revision
        if loaded == revision:
            return Scan.join([], self._database.embedder.dimension)
        if self._recent is None or self._recent[:2] != (revision, loaded):
            if loaded is None:
                batches = self._database.vectors.iterate(_BATCH)
                scan = Scan.join(list(map(self._prepare, batches)), self._database.embedder.dimension)
            else:
                ids = self._database.passages.ids(since=loaded.generation)
                scan = self._prepare(self._database.vectors.load(ids))
            self._recent = revision, loaded, scan
        return self._recent[2]

    def _prepare(self, batch: VectorBatch) -> Scan:
        return Scan(batch.ids, unit(self._transform(batch.vectors, batch.languages)))

    def _query_chroma(
        self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None, revision: Revision
    ) -> Ranked | None:
        """Find the nearest of what Chroma has and `_since_loaded` has not; None when Chroma fails."""
        try:
            if not self._store.is_behind(revision):
                return self._ask_chroma(vector, n, ids)
            newer = set(self._since_loaded(revision).ids)
            older = None if ids is None else list(filterfalse(newer.__contains__, ids))
            return self._ask_behind(vector, n, older, newer)
        except SetupError:
            raise
        except Exception as error:  # Chroma's are of many kinds.
            if ids is None or not self._store.is_behind(revision):
                self._store.reject(f"Chroma failed: {error}")
            return None

    def _ask_behind(
        self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None, newer: set[str]
    ) -> Ranked:
        """Ask for more until enough is left without what was removed or changed since Chroma was loaded."""
        asked = n
        while True:
            found = self._ask_chroma(vector, asked, ids)
            stored = self._database.passages.load([passage_id for passage_id, _ in found])
            unchanged = {passage.id for passage in stored} - newer
            valid = [hit for hit in found if hit[0] in unchanged]
            if len(valid) >= n or len(found) < asked:
                return valid
            asked *= 2

    def _ask_chroma(self, vector: NDArray[np.float32], n: int, ids: Sequence[str] | None) -> Ranked:
        if self._store.chroma is None or self._store.loaded is None or (ids is not None and not ids):
            return []
        most = min(self._store.loaded.passages, _MOST_RESULTS)
        return self._store.chroma.query(vector, min(n, most), ids)
