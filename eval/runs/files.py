"""Writing so that a file is there whole or not at all, and a full disk is a sentence and no traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vectorstore import SetupError, replace_file

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_whole(path: Path, text: str, *, is_lasting: bool = True) -> None:
    """Replace the file in one step; unless `is_lasting`, a power cut may lose it.

    Raises:
        SetupError: the disk is full, or the folder cannot be written to.
    """
    with explain_writing(path):
        replace_file(path, text, is_lasting=is_lasting)


def append_line(path: Path, line: str) -> None:
    """Add a line and see it onto the disk; what a killed writer left of one is cut off by `mend`.

    Raises:
        SetupError: as `write_whole`.
    """
    with explain_writing(path), path.open("ab") as stream:
        before = stream.tell()
        try:
            stream.write(line.encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        except OSError:
            with suppress(OSError):
                os.truncate(path, before)
            raise


def mend(path: Path) -> None:
    """Cut off a last line that was not written to its end."""
    if not path.exists():
        return
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        with explain_writing(path):
            os.truncate(path, data.rfind(b"\n") + 1)


@contextmanager
def explain_writing(path: Path) -> Iterator[None]:
    """Say what became of a write that the system refused."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise SetupError(
                f"There is no room left on the disk for {path}. What was written before is intact; free some "
                "space and run the same command again."
            ) from error
        raise SetupError(
            f"{path} cannot be written ({error.strerror or error}); name another folder with --out."
        ) from error
