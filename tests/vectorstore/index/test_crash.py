"""Kills at random moments, and folders somebody spoiled; in processes of their own, where a crash is seen."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KILLS = 20


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "tests.vectorstore.index.apart", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout and process.stderr
    line = process.stdout.readline()
    assert line.startswith(word), process.stderr.read()
    return line


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_to_kills(tmp_path: Path) -> None:
    library, acknowledgements = tmp_path / "library", tmp_path / "acknowledged"
    acknowledgements.touch()
    rng = random.Random(2024)
    reader: subprocess.Popen[str] | None = None
    sizes = []
    left_in_a_change = 0
    for round_ in range(KILLS):
        writer = start("write", library, round_ * 100_000, acknowledgements)
        sizes.append(int(wait_for(writer, "checked").split()[1]))
        if reader is None:
            reader = start("read", library)
            wait_for(reader, "asked")
        time.sleep(rng.uniform(0.02, 0.5))
        writer.send_signal(signal.SIGTERM if round_ % 5 == 4 else signal.SIGKILL)
        _, errors = writer.communicate()
        assert writer.returncode == (143 if round_ % 5 == 4 else -9), errors
        left_in_a_change += (library / "chroma" / "dirty.json").exists()
        assert reader.poll() is None, reader.communicate()
    assert reader is not None
    reader.send_signal(signal.SIGKILL)
    asked, errors = reader.communicate()
    assert reader.returncode == -9, errors
    assert asked.count("asked") > KILLS
    last = start("write", library, KILLS * 100_000, acknowledgements)
    sizes.append(int(wait_for(last, "checked").split()[1]))
    last.kill()
    last.communicate()
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 8 * KILLS
    assert left_in_a_change > 0, "no kill hit Chroma at work"


@pytest.mark.timeout(600)
def test_whatever_is_done_to_its_files_everything_is_found(tmp_path: Path) -> None:
    process = start("damage", tmp_path / "library")
    output, errors = process.communicate()
    lines = output.splitlines()
    assert process.returncode == 0, (lines[-1:], errors[-3000:])
    files = int(lines[0].split()[0])
    assert files >= 8
    assert len(lines) == files * 6 + 2
    assert lines[-1] == "all found"
