"""Files of runs: written whole or not at all, read with errors that a user understands."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from eval.runs.rows import FORMAT
from eval.suites.cases import ClosedModel
from eval.suites.reading import describe_first
from vectorstore import PullquoteError, SetupError, replace_file

_AnyRow = TypeVar("_AnyRow", bound=ClosedModel)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_whole(path: Path, text: str, *, is_lasting: bool = True) -> None:
    """Replace the file in one step, making its folder; unless `is_lasting`, a power cut may lose it.

    Raises SetupError if the disk is full, or the folder cannot be written to.
    """
    with explain_writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text, is_lasting=is_lasting)


def write_rows(path: Path, rows: Iterable[ClosedModel]) -> None:
    """Write rows as JSON Lines in one step. Raises SetupError as `write_whole` does."""
    write_whole(path, "".join(f"{row.model_dump_json()}\n" for row in rows))


def append_line(path: Path, line: str) -> None:
    """Add a line and see it onto the disk; `cut_torn_line` cuts off a torn one. Raises as `write_whole`."""
    with explain_writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as stream:
            before = stream.tell()
            try:
                stream.write(line.encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            except OSError:
                # Part of a line would be read as a damaged row, or the next one be put behind it.
                with suppress(OSError):
                    os.truncate(path, before)
                raise


def cut_torn_line(path: Path) -> None:
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


def read_row(path: Path, kind: type[_AnyRow], again: str = "Run it again.") -> _AnyRow:
    """Return the one row of a JSON file. Raises PullquoteError, with `again`, if it is damaged or too new."""
    text = _read(path)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PullquoteError(f"{path} is damaged: it is not JSON. {again}") from error
    written = found.get("format") if isinstance(found, dict) else None
    # Before the fields are looked at: those of a newer version are not these.
    if isinstance(written, int) and written > FORMAT:
        raise PullquoteError(
            f"{path} is of format {written}, written by a newer version of Pullquote; this one reads "
            f"{FORMAT}. Install a newer one."
        )
    return _parse(str(path), text, kind, again)


def read_rows(path: Path, kind: type[_AnyRow]) -> Iterator[_AnyRow]:
    """Yield the rows of a file of JSON Lines; none without a file. Raises PullquoteError if it is damaged."""
    if not path.exists():
        return
    for number, line in enumerate(_read(path).split("\n"), 1):
        if line.strip():
            yield _parse(f"{path} line {number}", line, kind, "Run it again.")


def _parse(where: str, text: str, kind: type[_AnyRow], again: str) -> _AnyRow:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        problem = describe_first(error)
        raise PullquoteError(f"{where} is not as Pullquote wrote it: {problem}. {again}") from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read ({error}); check its permissions.") from error
