"""Which files there are to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from vectorstore.model.errors import SourceError

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl")
"""What can be read, by the end of the name in any case."""


def discover(paths: Iterable[Path]) -> Iterator[Path | SourceError]:
    """Yield the files under `paths`, each once, and an error for each path that is not there or not readable.

    Folders are walked to the bottom in order of name: hidden files and folders and files of other
    kinds are skipped, links to folders followed, but no folder entered twice. A file named outright
    must end in one of `SUFFIXES`.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        try:
            status = path.stat()
        except OSError as error:
            yield SourceError(f"{path} cannot be read: {error.strerror}; check the path")
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(path, seen)
        elif path.suffix.lower() not in SUFFIXES:
            yield SourceError(
                f"{path} is of a kind that cannot be read; known are {', '.join(SUFFIXES)}. "
                "Rename it if it is one of these"
            )
        elif _is_new(status, seen):
            yield path


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | SourceError]:
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            if not _is_new(current.stat(), seen):
                continue
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            yield SourceError(f"{current} cannot be read: {error.strerror}; check its permissions")
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = current / entry.name
            try:
                status = entry.stat()
            except OSError as error:
                if path.suffix.lower() in SUFFIXES:
                    yield SourceError(f"{path} cannot be read: {error.strerror}; remove the link or fix it")
                continue
            if stat.S_ISDIR(status.st_mode):
                folders.append(path)
            elif path.suffix.lower() in SUFFIXES and _is_new(status, seen):
                yield path
        waiting += reversed(folders)  # The last is walked next.


def _is_new(status: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    """Whether this file or folder was not met before, under any name."""
    before = len(seen)
    seen.add((status.st_dev, status.st_ino))
    return len(seen) > before
