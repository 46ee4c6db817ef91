"""What is known, without opening it, of the Chroma folder on disk: whether it may be opened at all.

A damaged HNSW file makes Chroma crash the process, or silently find the wrong vectors: with the pickle of
ids deleted, every one of 30 probes came back wrong, with half of data_level0.bin 14 of 30, without an error.
So a folder is opened only when a manifest, written after the last change was on disk, describes exactly the
files that are there, and no marker says that a change was under way. A copied library whose files have new
times is rebuilt: that is cheap and cannot be wrong.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ValidationError

from vectorstore.files import replace_file
from vectorstore.index.lock import describe_process
from vectorstore.store import Revision

_SQLITE = "chroma.sqlite3"
"""Left out of the comparison: opening a folder writes to it, within a transaction."""


class FileStamp(BaseModel, extra="forbid", frozen=True):
    """A file as it was when no process was writing."""

    name: str
    size: int
    modified_ns: int


class IndexManifest(BaseModel, extra="forbid", frozen=True):
    """What a Chroma folder holds."""

    folder: str
    """Name of Chroma's folder, beside the manifest; a rebuilt index gets a new one."""
    chroma: str
    """Version of chromadb that wrote it."""
    transform: str
    """Fingerprint of what the vectors went through on their way in."""
    revision: Revision
    """The state of the library database whose passages are in it."""
    passages: int
    files: tuple[FileStamp, ...]


class IndexFiles:
    """The index's folder: manifest, marker, lock and Chroma's own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = folder / "files.lock"
        """Locked by the process that changes Chroma's files, or loads them."""
        self._manifest = folder / "manifest.json"
        self._marker = folder / "dirty.json"

    def read_manifest(self) -> IndexManifest | None:
        """Return the manifest; None when there is none, or something else."""
        try:
            return IndexManifest.model_validate_json(self._manifest.read_bytes())
        except (OSError, ValidationError):
            return None

    def write_manifest(self, manifest: IndexManifest) -> None:
        """Put a manifest in place, whole or not at all, after what it describes is on disk."""
        replace_file(self._manifest, manifest.model_dump_json(), is_lasting=True)
        sync_folder(self.folder)

    def remove_manifest(self) -> None:
        """Declare that no Chroma folder may be opened."""
        self._manifest.unlink(missing_ok=True)
        sync_folder(self.folder)

    def set_marker(self) -> None:
        """Note, lastingly, that Chroma's files are about to change."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._marker, describe_process(), is_lasting=True)
        sync_folder(self.folder)

    def clear_marker(self) -> None:
        """Note that the change is through."""
        self._marker.unlink(missing_ok=True)
        sync_folder(self.folder)

    def has_marker(self) -> bool:
        """Whether a change is under way, or was when its process died."""
        return self._marker.exists()

    def stamp_files(self, name: str) -> tuple[FileStamp, ...]:
        """Describe the files of Chroma's folder `name` as they are."""
        chroma = self.folder / name
        found = []
        for path in sorted(chroma.rglob("*")):
            if path.is_file() and path.name != _SQLITE and not path.name.startswith(f"{_SQLITE}-"):
                name, status = path.relative_to(chroma).as_posix(), path.stat()
                found.append(FileStamp(name=name, size=status.st_size, modified_ns=status.st_mtime_ns))
        return tuple(found)

    def sync_files(self, name: str) -> None:
        """Wait until the files of Chroma's folder `name` are on disk."""
        for path in (self.folder / name).rglob("*"):
            if path.is_file():
                _sync(path, os.O_RDWR)
            else:
                sync_folder(path)
        sync_folder(self.folder / name)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on disk, where the system can say so."""
    if os.name == "posix":
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
