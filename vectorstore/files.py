"""Files: written whole or not at all; tables that come with the program."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def replace_file(
    path: Path, content: str | bytes, *, is_lasting: bool = False, mode: int | None = None
) -> None:
    """Put `content`, text as UTF-8, in place of what is at `path`, which stays as it was where this fails.

    With `is_lasting`, it survives a power cut right after. `mode` is the file's permissions; those the umask
    gives when None. Raises OSError when the folder is missing or cannot be written to, or the disk is full.
    """
    # Private from the start: a key in it must not be readable until `chmod`.
    first_mode = 0o666 if mode is None else 0o600
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


@cache
def read_table(package: str, name: str) -> Mapping[str, Any]:
    """Return a TOML file that lies in a package; its comments say what it holds."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
