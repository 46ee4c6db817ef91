"""What is stored of judges: grades beside a run's answers, calibrations in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path

from eval.judge.rows import Calibration, Grades
from eval.runs.files import read_row, write_whole
from eval.runs.rows import UsedJudge
from eval.suites.hashing import hash_json

GRADES = "grades.json"
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


def write_grades(folder: Path, grades: Grades) -> None:
    """Put grades beside a run's answers, in place of earlier ones. Raises SetupError if the disk is full."""
    write_whole(folder / GRADES, grades.model_dump_json())


def read_grades(folder: Path) -> Grades | None:
    """Return a run's grades; None where no model judged it. Raises PullquoteError as `read_row` does."""
    path = folder / GRADES
    if not path.is_file():
        return None
    return read_row(path, Grades, f"Grade it again: pullquote eval score {folder} --judge MODEL")


def write_calibration(folder: Path, calibration: Calibration) -> Path:
    """Store a calibration over an earlier one of its judge and layout. Raises SetupError as `write_whole`."""
    judge = calibration.judge
    pin = hash_json([judge.name, judge.prompt])[:12]
    path = folder / f"{_SAFE.sub('-', judge.name)[:60]}-{pin}-{calibration.layout}.json"
    write_whole(path, calibration.model_dump_json(indent=2))
    return path


def find_calibrations(folder: Path, judge: UsedJudge) -> list[Calibration]:
    """Return what is known of a judge, a layout each. Raises PullquoteError as `read_row` does."""
    found = []
    for path in sorted(folder.glob("*.json")):
        calibration = read_row(path, Calibration, "Make it again: pullquote eval judge calibrate")
        if calibration.judge.is_same(judge):
            found.append(calibration)
    return found
