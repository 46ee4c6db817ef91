"""Streams that lack characters."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.terminal.output import Lookalikes


def open_stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")


def read(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("encoding", "written", "count"),
    [
        ("ascii", b'"caf? - ??" ...', 7),
        ("latin-1", '"café - ??" ...'.encode("latin-1"), 6),
        ("cp1252", "“café – ??” …".encode("cp1252"), 2),
    ],
)
def test_what_an_encoding_lacks_is_replaced_and_counted(encoding: str, written: bytes, count: int) -> None:
    stream = open_stream(encoding)
    lookalikes = Lookalikes(stream)
    stream.write("“café – 東京” …")
    assert read(stream) == written
    assert lookalikes.describe_last(encoding) == (
        f"{count} characters stand here as others: this output's encoding is {encoding}. "
        "PYTHONIOENCODING=utf-8 or a UTF-8 locale shows them as they are."
    )
    assert lookalikes.describe_last(encoding) is None
    stream.write("é東"[1:])
    stream.flush()
    assert lookalikes.describe_last(encoding) == (
        f"1 character stands here as others: this output's encoding is {encoding}."
    )


def test_a_unicode_stream_is_left_alone() -> None:
    stream = open_stream("utf-8")
    lookalikes = Lookalikes(stream)
    stream.write("東京")
    assert read(stream) == "東京".encode()
    assert lookalikes.describe_last("utf-8") is None
    assert stream.errors == "strict"


def test_a_stream_that_cannot_be_told_anything_is_left_alone() -> None:
    stream = io.StringIO()
    Lookalikes(stream)
    stream.write("東京")
    assert stream.getvalue() == "東京"


def test_a_command_is_shown_where_the_locale_has_no_such_characters(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Der Fluß in Düren — er steigt\n\nDas Wasser steht hoch.\n", "utf-8")
    environ = {**os.environ, "PULLQUOTE_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "agent.cli"]
    added = subprocess.run([*command, "add", str(note)], capture_output=True, env=environ, check=False)
    assert added.returncode == 0, added.stderr
    shown = subprocess.run([*command, "articles"], capture_output=True, env=environ, check=False)
    assert shown.returncode == 0, shown.stderr
    assert b"  Der Flu? in D?ren - er steigt" in shown.stdout
    assert b"characters stand here as others: this output's encoding is ascii." in shown.stderr
