"""`add` stopped in the middle: `kill -9` twenty times over one library, Ctrl-C, SIGTERM."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.settings.loading import load_settings
from vectorstore import Library

KILLS = 20
ARTICLES = 600
STOPPED = 1_000
SUBJECTS = ("minister", "mayor", "harbour", "railway", "hospital", "council", "court", "bridge", "school")
ACTS = ("opened", "closed", "postponed", "inspected", "criticised", "defended", "sold", "restored")


def write_articles(folder: Path, count: int = ARTICLES) -> None:
    folder.mkdir()
    for number in range(count):
        subject, act = SUBJECTS[number % len(SUBJECTS)], ACTS[number % len(ACTS)]
        said = f"The {subject} {act} the site on day {number}, officials said in report {number}."
        text = f"Report number {number}\n\n{said}\n"
        (folder / f"{number:04}.txt").write_text(text, "utf-8")


def acknowledged(stderr: bytes) -> set[str]:
    lines = stderr.decode("utf-8", "replace").split("\n")[:-1]
    return {words[1] for line in lines if (words := line.split()) and words[0] in ("added", "unchanged")}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_leaves_a_library_that_opens_and_the_next_run_goes_on(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    write_articles(tmp_path / "in", STOPPED)
    command = [sys.executable, "-m", "agent.cli", "add", str(tmp_path / "in")]
    root = Path(__file__).parents[3]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=root, env=dict(os.environ))
    assert process.stderr is not None
    first = process.stderr.readline()
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait() == code, rest.decode()
    assert b"Traceback" not in rest
    if number == signal.SIGINT:
        said = "Stopped. What is listed above is in the library; the same command goes on from there."
        assert rest.decode().splitlines()[-1] == said
    known = acknowledged(first + rest)
    assert 0 < len(known) < STOPPED
    with Library.open(load_settings().for_library()) as library:
        assert known <= {header.id for header in library.articles.headers()}
        assert [finding for finding in library.doctor() if not finding.is_well] == []
    again = subprocess.run(command, capture_output=True, cwd=root, check=True)
    assert b"unchanged" in again.stderr.splitlines()[-1]
    with Library.open(load_settings().for_library()) as library:
        assert len(library.articles.headers()) == STOPPED


def test_a_kill_loses_nothing_acknowledged_and_the_next_run_goes_on(tmp_path: Path, home: Path) -> None:
    chance = random.Random(20241203)
    write_articles(tmp_path / "in")
    command = [sys.executable, "-m", "agent.cli", "add", str(tmp_path / "in")]
    root = Path(__file__).parents[3]
    known: set[str] = set()
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=root, env=dict(os.environ))
        assert process.stderr is not None
        first = process.stderr.readline()  # imports and loading are over once something is acknowledged
        time.sleep(chance.uniform(0, 0.6))
        process.send_signal(signal.SIGKILL)
        rest = process.stderr.read()
        killed += process.wait() == -signal.SIGKILL
        known |= acknowledged(first + rest)
        with Library.open(load_settings().for_library()) as library:
            headers = library.articles.headers()
            assert known <= {header.id for header in headers}
            assert len({header.title for header in headers}) == len(headers)
            assert all(header.passages for header in headers)
            # Stored and not yet indexed is sound: searched exactly now, indexed by the next run.
            assert {finding.what for finding in library.doctor() if not finding.is_well} <= {"index"}
    assert killed > KILLS // 2
    final = subprocess.run(command, capture_output=True, cwd=root, check=True)
    assert final.stdout == b""
    with Library.open(load_settings().for_library()) as library:
        assert len(library.articles.headers()) == ARTICLES
        assert known <= {header.id for header in library.articles.headers()}
        assert [finding for finding in library.doctor() if not finding.is_well] == []
        best = library.search("Which report is number 417?").evidence[0]
        assert "417" in library.articles.get(best.article_id).text
