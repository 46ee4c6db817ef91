"""Kills at random moments, and folders somebody spoiled; in processes of their own, where a crash is seen."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from tests.peers.forked import Forked
from tests.vectorstore.index import apart

ROUNDS = [pytest.param(4, id="short"), pytest.param(20, id="long", marks=pytest.mark.torture)]


def wait_for(process: Forked, word: str) -> str:
    line = process.stdout.readline().decode()
    assert line.startswith(word), process.stderr.read().decode()
    return line


def stop_at_work(process: Forked, marker: Path) -> None:
    """Halt a writer in the middle of a change to Chroma's files."""
    status = Path(f"/proc/{process.pid}/stat")
    while True:
        process.send_signal(signal.SIGSTOP)
        while status.read_text().rpartition(")")[2].split()[0] != "T":
            time.sleep(0.001)
        if marker.exists():
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.001)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_nothing_acknowledged_is_lost_to_kills(tmp_path: Path, rounds: int) -> None:
    library, acknowledgements = tmp_path / "library", tmp_path / "acknowledged"
    acknowledgements.touch()
    rng = random.Random(2024)
    reader: Forked | None = None
    sizes = []
    for round_ in range(rounds):
        writer = Forked(apart.write, library, round_ * 100_000, acknowledgements)
        sizes.append(int(wait_for(writer, "checked").split()[1]))
        if reader is None:
            reader = Forked(apart.read, library)
            wait_for(reader, "asked")
        for _ in range(rng.randrange(1, 20)):
            wait_for(writer, "added")
        is_asked_to_end = round_ % 4 == 3
        if not is_asked_to_end:
            stop_at_work(writer, library / "chroma" / "dirty.json")
        writer.send_signal(signal.SIGTERM if is_asked_to_end else signal.SIGKILL)
        _, errors = writer.communicate()
        assert writer.returncode == (143 if is_asked_to_end else -9), errors
        wait_for(reader, "asked")
        assert reader.poll() is None, reader.communicate()
    assert reader is not None
    reader.send_signal(signal.SIGKILL)
    _, errors = reader.communicate()
    assert reader.returncode == -9, errors
    last = Forked(apart.write, library, rounds * 100_000, acknowledgements)
    sizes.append(int(wait_for(last, "checked").split()[1]))
    last.kill()
    last.communicate()
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 8 * rounds


@pytest.mark.parametrize(
    "ways", [pytest.param(2, id="short"), pytest.param(6, id="long", marks=pytest.mark.torture)]
)
def test_whatever_is_done_to_its_files_everything_is_found(tmp_path: Path, ways: int) -> None:
    """Every file, and every way of damage; in the long form, every file in every way."""
    process = Forked(apart.damage, tmp_path / "library", ways)
    output, errors = process.communicate()
    lines = output.splitlines()
    assert process.returncode == 0, (lines[-1:], errors[-3000:])
    files = int(lines[0].split()[0])
    assert files >= 8
    assert len(lines) == files * ways + 2
    assert lines[-1] == "all found"
