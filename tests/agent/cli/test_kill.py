"""`add` stopped in the middle: `kill -9` several times over one library, Ctrl-C, SIGTERM."""

from __future__ import annotations

import random
import signal
from functools import partial
from itertools import takewhile
from pathlib import Path

import pytest

from agent.cli import main
from agent.settings.loading import load_settings
from tests.peers.forked import Forked
from vectorstore import Library
from vectorstore.library import adding

STOPPED = 120
GROUP = 8
UNREAD = 4_096
"""Bytes a process may print before somebody reads them, so that it cannot finish before it is stopped."""
SUBJECTS = ("minister", "mayor", "harbour", "railway", "hospital", "council", "court", "bridge", "school")
ACTS = ("opened", "closed", "postponed", "inspected", "criticised", "defended", "sold", "restored")


def write_articles(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        subject, act = SUBJECTS[number % len(SUBJECTS)], ACTS[number % len(ACTS)]
        said = f"The {subject} {act} the site on day {number}, officials said in report {number}."
        text = f"Report number {number}\n\n{said}\n"
        (folder / f"{number:04}.txt").write_text(text, "utf-8")


def add(folder: Path) -> int:
    """Store a few articles at a time, so that a small library takes it several steps."""
    adding.GROUP = GROUP
    return main(["add", str(folder)])


def start_adding(folder: Path) -> Forked:
    return Forked(add, folder, pipesize=UNREAD)


def read_line(process: Forked) -> bytes:
    return process.stderr.readline()


def stop(process: Forked, number: signal.Signals) -> bytes:
    """End a process; what it had printed and still prints."""
    process.send_signal(number)
    rest = process.stderr.read()
    process.wait()
    return rest


def is_unchanged(line: bytes) -> bool:
    return line.startswith(b"unchanged")


def acknowledged(stderr: bytes) -> set[str]:
    lines = stderr.decode("utf-8", "replace").split("\n")[:-1]
    return {words[1] for line in lines if (words := line.split()) and words[0] in ("added", "unchanged")}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_leaves_a_library_that_opens_and_the_next_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals, code: int
) -> None:
    write_articles(tmp_path / "in", STOPPED)
    process = start_adding(tmp_path / "in")
    first = read_line(process)
    rest = stop(process, number)
    assert process.returncode == code, rest.decode()
    assert b"Traceback" not in rest
    if number == signal.SIGINT:
        said = "Stopped. What is listed above is in the library; the same command continues from there."
        assert rest.decode().splitlines()[-1] == said
    known = acknowledged(first + rest)
    assert 0 < len(known) < STOPPED
    with Library.open(load_settings().for_library()) as library:
        assert known <= {header.id for header in library.articles.headers()}
        assert [finding for finding in library.doctor() if not finding.is_well] == []
    assert main(["add", str(tmp_path / "in")]) == 0
    assert "unchanged" in capsys.readouterr().err.splitlines()[-1]
    with Library.open(load_settings().for_library()) as library:
        assert len(library.articles.headers()) == STOPPED


@pytest.mark.parametrize(
    ("kills", "articles"),
    [pytest.param(3, 200, id="short"), pytest.param(20, 1_200, id="long", marks=pytest.mark.torture)],
)
def test_a_kill_loses_nothing_acknowledged_and_the_next_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kills: int, articles: int
) -> None:
    chance = random.Random(20241203)
    write_articles(tmp_path / "in", articles)
    known: set[str] = set()
    for _ in range(kills):
        process = start_adding(tmp_path / "in")
        lines = list(takewhile(is_unchanged, iter(partial(read_line, process), b"")))
        lines += (read_line(process) for _ in range(chance.randrange(GROUP)))
        rest = stop(process, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        known |= acknowledged(b"".join(lines) + rest)
        with Library.open(load_settings().for_library()) as library:
            headers = library.articles.headers()
            assert known <= {header.id for header in headers}
            assert len({header.title for header in headers}) == len(headers)
            assert all(header.passages for header in headers)
            # Stored and not yet indexed is sound: searched exactly now, indexed by the next run.
            assert {finding.what for finding in library.doctor() if not finding.is_well} <= {"index"}
    capsys.readouterr()
    assert main(["add", str(tmp_path / "in")]) == 0
    assert capsys.readouterr().out == ""
    with Library.open(load_settings().for_library()) as library:
        assert len(library.articles.headers()) == articles
        assert known <= {header.id for header in library.articles.headers()}
        assert [finding for finding in library.doctor() if not finding.is_well] == []
        best = library.search(f"Which report is number {articles - 33}?").evidence[0]
        assert str(articles - 33) in library.articles.get(best.article_id).text
