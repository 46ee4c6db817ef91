"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, text: str, *, is_lasting: bool = False) -> None:
    """Put `text`, as UTF-8, in the place of what is at `path`; that stays as it was where this fails.

    With `is_lasting`, a power cut right after does not lose it.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            if is_lasting:
                os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
