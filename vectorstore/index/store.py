"""Chroma's folder of one library: when it may be opened, how it is changed, how it is made again."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from vectorstore.index.lock import deferred_interrupts
from vectorstore.index.manifest import IndexFiles, IndexManifest
from vectorstore.model.errors import LibraryLockedError, PullquoteError, SetupError
from vectorstore.store import Database, Revision, VectorBatch

if TYPE_CHECKING:
    from vectorstore.index.chroma import ChromaFolder

VERSION = version("chromadb")
"""What an index folder is written by; read without importing it, which takes longer than a small search."""
_BATCH = 5_000  # Passages taken from the database at a time: 8 MB of vectors.
_LOADING_SECONDS = 60
"""How long a writer waits for readers that are loading the files, which takes them a tenth of a second."""

_logger = logging.getLogger(__name__)


class Transform(Protocol):
    """What vectors go through on their way into the index, such as centring by language."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the result would; the index is then made again."""

    def __call__(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        """Transform (n, d) vectors of passages in n languages to (n, d)."""


class ChromaStore:
    """What this process has open of Chroma, and what is on disk. For one thread at a time.

    Changes are for the holder of the library's writer lock. They happen while readers cannot load it,
    between setting the marker and writing the manifest.
    """

    def __init__(self, folder: Path, database: Database, transform: Transform) -> None:
        self.folder = folder
        self._database = database
        self._transform = transform
        self._files = IndexFiles(folder)
        self._loading = FileLock(self._files.lock, timeout=0, thread_local=False, fallback_to_soft=False)
        self._rejected: IndexManifest | None = None
        self.chroma: ChromaFolder | None = None
        """Open; None as long as there is nothing in it, or nothing is loaded."""
        self.loaded: IndexManifest | None = None
        """What `chroma` holds."""
        self.trouble: str | None = None
        """Why nothing is loaded, when it takes a new folder to change that."""

    @property
    def _fingerprint(self) -> str:
        return f"{self._database.embedder.fingerprint} {self._transform.fingerprint}"

    def is_behind(self, revision: Revision) -> bool:
        """Whether what is loaded is not what the database has at `revision`."""
        return self.loaded is None or self.loaded.revision != revision

    def load(self, *, opens: bool = True) -> bool:
        """Open the folder that is on disk, if it is another than the one loaded and may be opened.

        Without `opens`, only look whether it may be. Return False when another process is at its files.
        """
        manifest = self._files.read_manifest()
        if self.loaded is not None and (manifest is None or manifest == self.loaded):
            return True
        try:
            with self._loading:
                manifest = self._files.read_manifest()  # Again: a writer may have just finished.
                if manifest is None or manifest != self._rejected:
                    self.unload()
                    self.trouble = self._find_trouble(manifest)
                    if opens and manifest is not None and self.trouble is None:
                        self._open(manifest)
        except Timeout:
            return False
        except OSError as error:
            self.unload()
            self.trouble = f"{self.folder} cannot be written: {error.strerror}"
        return True

    def _open(self, manifest: IndexManifest) -> None:
        from vectorstore.index.chroma import ChromaFolder

        self.loaded = manifest
        if not manifest.passages:
            return
        try:
            self.chroma = ChromaFolder(self.folder / manifest.folder)
            # The first query loads the vectors, which has to happen while no process writes.
            probe = np.ones(self._database.embedder.dimension, np.float32)
            if self.chroma.count() != manifest.passages or not self.chroma.query(probe, 1):
                raise ValueError("passages are missing")
        except Exception as error:  # Whatever Chroma makes of damaged files.
            self.reject(f"Chroma cannot open it: {error}")

    def _find_trouble(self, manifest: IndexManifest | None) -> str | None:
        """Why the folder on disk may not be opened."""
        if self._files.has_marker():
            return "a change to it was not completed"
        if manifest is None:
            return "it is missing"
        if manifest.chroma != VERSION:
            return f"it was written by chromadb {manifest.chroma}"
        if manifest.transform != self._fingerprint:
            return "its vectors were prepared in another way"
        if not self._database.has_revision(manifest.revision):
            return "it belongs to another state of the library"
        if manifest.files != self._files.stamp_files(manifest.folder):
            return "its files are not as they were written"
        return None

    def reject(self, trouble: str) -> None:
        """Close what is loaded, and do not open it again."""
        self._rejected = self.loaded
        self.unload()
        self.trouble = trouble

    def unload(self) -> None:
        if self.chroma is not None:
            self.chroma.close()
        self.chroma = None
        self.loaded = None

    def update(self, revision: Revision, added_ids: Sequence[str] | None, removed_ids: Sequence[str]) -> None:
        """Bring Chroma to `revision`, in place where that is possible.

        `added_ids` are passages with new vectors; None asks the database for them. `removed_ids` are those
        that went, as far as known: what is missed is found by comparing all ids. Raises LibraryLockedError if
        other processes are loading the files for too long, and SetupError if they cannot be written.
        """
        with self._changing():
            if self.chroma is None or self.loaded is None:
                self._rebuild()
                return
            if added_ids is None:
                added_ids = self._database.passages.ids(since=self.loaded.revision.generation)
            try:
                # A kill between marker and manifest would cost making all of it again.
                with deferred_interrupts():
                    self._update(self.chroma, added_ids, removed_ids)
                    self._seal(self.chroma, self.loaded.folder, revision)
            except Exception as error:  # Chroma's are of many kinds, and a new folder cures most.
                _logger.info("Chroma could not be updated in place: %s", error)
                self._rebuild()

    def rebuild(self) -> None:
        """Make a new folder from the database. Errors as of `update`."""
        with self._changing():
            self._rebuild()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Lock readers out while Chroma changes, and explain a failure to write."""
        try:
            with self._loading.acquire(timeout=_LOADING_SECONDS):
                yield
        except PullquoteError:
            raise
        except Timeout as error:
            raise LibraryLockedError(
                f"Other processes have been loading the vector index in {self.folder} for {_LOADING_SECONDS} "
                "seconds. Run `pullquote doctor --repair` once they are done."
            ) from error
        except Exception as error:
            self.reject(f"it could not be written: {error}")
            raise SetupError(
                f"The vector index in {self.folder} could not be written ({error}). The articles are safe in "
                "the library database, and searching continues without the index, more slowly. Look for free "
                "space with `df -h`, then run `pullquote doctor --repair`."
            ) from error
        except BaseException:  # Ctrl-C: what is half written is not to be asked again.
            self.unload()
            raise

    def _update(self, chroma: ChromaFolder, added_ids: Sequence[str], removed_ids: Sequence[str]) -> None:
        self._files.set_marker()
        chroma.delete(sorted(set(removed_ids).difference(self._put(chroma, added_ids))))
        if chroma.count() != self._database.passages.count():
            there, wanted = chroma.all_ids(), set(self._database.passages.ids())
            chroma.delete(sorted(there - wanted))
            self._put(chroma, sorted(wanted - there))

    def _put(self, chroma: ChromaFolder, ids: Sequence[str]) -> set[str]:
        """Put those passages that the database has into Chroma, and return their ids."""
        put: set[str] = set()
        for start in range(0, len(ids), _BATCH):
            batch = self._database.vectors.load(ids[start : start + _BATCH])
            chroma.put(batch.ids, self._prepare(batch))
            put.update(batch.ids)
        return put

    def _rebuild(self) -> None:
        from vectorstore.index.chroma import ChromaFolder

        revision = self._database.revision  # Raises when there is another embedder, before anything is lost.
        self.unload()
        self._files.set_marker()
        self._files.remove_manifest()
        self._remove_folders()
        name = f"chroma-{secrets.token_hex(4)}"
        if self._database.passages.count():
            self.chroma = ChromaFolder(self.folder / name, create=True)
            for batch in self._database.vectors.iterate(_BATCH):
                self.chroma.put(batch.ids, self._prepare(batch))
        self._seal(self.chroma, name, revision)

    def build_beside(self, batches: Iterable[VectorBatch]) -> tuple[str, ChromaFolder | None]:
        """Make a folder of `batches` beside the one in use, for `adopt` once the database has them too.

        What an earlier attempt left is removed. Raises SetupError when it cannot be written.
        """
        from vectorstore.index.chroma import ChromaFolder

        name = f"chroma-{secrets.token_hex(4)}"
        manifest = self._files.read_manifest()
        self._remove_folders(but=manifest.folder if manifest else None)
        chroma: ChromaFolder | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for batch in batches:
                chroma = chroma or ChromaFolder(self.folder / name, create=True)
                chroma.put(batch.ids, self._prepare(batch))
        except PullquoteError:
            raise
        except Exception as error:  # Chroma's are of many kinds.
            if chroma is not None:
                chroma.close()
            raise SetupError(
                f"The second vector index in {self.folder} could not be written ({error}). What is embedded "
                "stays stored, and the first index is used meanwhile. Look for free space with `df -h`, then "
                "run the same command again."
            ) from error
        return name, chroma

    def adopt(self, name: str, chroma: ChromaFolder | None) -> None:
        """Put a folder of `build_beside` in the place of the one on disk. Errors as of `update`."""
        with self._changing():
            self.chroma = chroma
            self._seal(chroma, name, self._database.revision)
            self._remove_folders(but=name)

    def _remove_folders(self, but: str | None = None) -> None:
        for old in self.folder.glob("chroma-*"):
            if old.name != but:
                shutil.rmtree(old, ignore_errors=True)

    def _prepare(self, batch: VectorBatch) -> NDArray[np.float32]:
        return self._transform(batch.vectors, batch.languages)

    def _seal(self, chroma: ChromaFolder | None, name: str, revision: Revision) -> None:
        """Let the folder be opened from now on: it is on disk, and holds what the database holds."""
        passages = 0 if chroma is None else chroma.count()
        if passages != self._database.passages.count():
            raise ValueError(f"Chroma has {passages} of {self._database.passages.count()} passages")
        if chroma is not None:
            self._files.sync_files(name)
        writer = {"chroma": VERSION, "transform": self._fingerprint}
        files = self._files.stamp_files(name)
        manifest = IndexManifest(folder=name, revision=revision, passages=passages, files=files, **writer)
        # In this order: a kill between them leaves the marker, which costs a rebuild and nothing else.
        self._files.write_manifest(manifest)
        self._files.clear_marker()
        self.loaded, self.trouble, self._rejected = manifest, None, None
