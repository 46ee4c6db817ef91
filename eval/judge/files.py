"""What is stored of judges: grades beside a run's answers, calibrations in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from eval.judge.rows import FORMAT, Calibration, Grades
from eval.runs.files import explain_writing, write_whole
from eval.runs.identity import hash_json
from eval.runs.rows import UsedJudge
from vectorstore import PullquoteError, SetupError

GRADES = "grades.json"
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")

_AnyKept = TypeVar("_AnyKept", bound=BaseModel)


def write_grades(folder: Path, grades: Grades) -> None:
    """Put grades beside a run's answers, in place of earlier ones.

    Raises:
        SetupError: the disk is full.
    """
    write_whole(folder / GRADES, grades.model_dump_json())


def read_grades(folder: Path) -> Grades | None:
    """The grades of a run; None where no model judged it.

    Raises:
        PullquoteError: they are damaged, or a newer version's.
    """
    path = folder / GRADES
    if not path.is_file():
        return None
    return _read(path, Grades, f"Grade it again: pullquote eval score {folder} --judge MODEL")


def keep_calibration(folder: Path, calibration: Calibration) -> Path:
    """Store a calibration in place of an earlier one of the same judge on the same layout.

    Raises:
        SetupError: the folder cannot be written to.
    """
    judge = calibration.judge
    pin = hash_json([judge.name, judge.prompt])[:12]
    name = f"{_SAFE.sub('-', judge.name)[:60]}-{pin}-{calibration.layout}.json"
    path = folder / name
    with explain_writing(path):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, calibration.model_dump_json(indent=2))
    return path


def find_calibrations(folder: Path, judge: UsedJudge) -> list[Calibration]:
    """What is known of a judge, a layout each.

    Raises:
        PullquoteError: a file is damaged, or a newer version's.
    """
    found = [
        _read(path, Calibration, "Make it again: pullquote eval judge calibrate")
        for path in sorted(folder.glob("*.json"))
    ]
    return [each for each in found if each.judge.is_same(judge)]


def _read(path: Path, kind: type[_AnyKept], again: str) -> _AnyKept:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read ({error}); check its permissions.") from error
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PullquoteError(
            f"{path} is damaged, or of another version of Pullquote than this, which reads {FORMAT}: "
            f"{place + ': ' if place else ''}{first['msg']}. {again}"
        ) from error
