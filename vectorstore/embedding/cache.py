"""The cache of what is built from the weight file: a file for each part, digest before content."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from vectorstore.files import replace_file
from vectorstore.model.errors import SetupError

_logger = logging.getLogger(__name__)

_DIGEST_BYTES = 32


def load_or_build(path: Path, build: Callable[[], bytes]) -> bytes:
    """Read the part cached at `path`; build and cache it when it is missing or damaged.

    Two processes may build at once: each replaces the file in one step, and a build gives the same
    bytes every time. Raises SetupError when the file can be neither read nor written.
    """
    try:
        content = _read(path)
        if content is None:
            content = build()
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, _hash(content) + content, is_lasting=True)
    except OSError as error:
        raise SetupError(
            f"The embedder's cache {path} cannot be used ({error}); "
            "make its folder writable or set another cache folder"
        ) from error
    return content


def _read(path: Path) -> bytes | None:
    try:
        cached = memoryview(path.read_bytes())
    except FileNotFoundError:
        return None
    digest, content = cached[:_DIGEST_BYTES], cached[_DIGEST_BYTES:]
    if digest == _hash(content):
        return bytes(content)
    _logger.warning("%s is damaged and is built again", path)
    return None


def _hash(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
