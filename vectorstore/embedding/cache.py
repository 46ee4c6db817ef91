"""Keeps what is built once from the weight file: one zip file a build, whose own checksums are its guard."""

from __future__ import annotations

import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from vectorstore.errors import SetupError

_logger = logging.getLogger(__name__)


def load_or_build(path: Path, build: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
    """Read the parts kept at `path`; build and keep them when they are missing or damaged.

    Two processes may build at once: each replaces the file in one step, and a build gives the same
    parts every time. Raises SetupError when the file can be neither read nor written.
    """
    try:
        kept = _read(path)
        if kept is None:
            parts = dict(build())
            _write(path, parts)
            return parts
    except OSError as error:
        raise SetupError(
            f"The embedder's cache {path} cannot be used ({error}); "
            "make its folder writable or set another cache folder"
        ) from error
    return kept


def _read(path: Path) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except FileNotFoundError:
        return None
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        _logger.warning("the cached embedder %s is damaged (%s) and is built again", path, error)
        return None


def _write(path: Path, parts: Mapping[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                for part, content in parts.items():
                    archive.writestr(zipfile.ZipInfo(part), content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
