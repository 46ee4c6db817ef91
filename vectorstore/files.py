"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

_PRIVATE = 0o600


def replace_file(
    path: Path, content: str | bytes, *, is_lasting: bool = False, mode: int | None = None
) -> None:
    """Put `content`, text as UTF-8, in place of what is at `path`, which stays as it was where this fails.

    Args:
        path: In a folder that exists.
        content: All of the file.
        is_lasting: Whether it must survive a power cut right after.
        mode: The file's permissions; those the umask gives when None.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    first_mode = 0o666 if mode is None else _PRIVATE
    # Other processes and threads may be writing the same file.
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(beside, "xb", opener=lambda name, flags: os.open(name, flags, first_mode)) as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            if is_lasting:
                os.fsync(stream.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
