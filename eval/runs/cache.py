"""Answers cached by what they depend on, so that what was asked once is not paid for twice."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from eval.runs.files import explain_writing, write_whole
from eval.runs.identity import hash_json
from eval.runs.rows import AnswerRow, SystemIdentity
from eval.suites.cases import PlannedCase


class AnswerCache:
    """A folder of answers; a row that does not read is as good as none."""

    def __init__(self, folder: Path, system: SystemIdentity, libraries: dict[str, str]) -> None:
        """Take the system that answers, and the hashes of the libraries it is asked of."""
        self._folder = folder
        self._system = hash_json(system.model_dump(mode="json"))
        self._libraries = libraries

    def find(self, planned: PlannedCase, repeat: int) -> AnswerRow | None:
        """The answer this system has given to this question before, in this repeat."""
        path = self._path(planned, repeat)
        try:
            row = AnswerRow.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValidationError, UnicodeDecodeError):
            return None
        return row.model_copy(update={"case": planned.case.id, "repeat": repeat, "reused": True})

    def keep(self, planned: PlannedCase, row: AnswerRow) -> None:
        """Remember an answer; failures are not remembered.

        Raises:
            SetupError: the disk is full.
        """
        if row.failure is not None:
            return
        path = self._path(planned, row.repeat)
        with explain_writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, row.model_dump_json(), is_lasting=False)

    def _path(self, planned: PlannedCase, repeat: int) -> Path:
        case = planned.case
        key = hash_json(
            [
                case.question,
                case.claim.model_dump(mode="json", exclude={"holds"}) if case.claim else None,
                case.answer_language,
                case.filters.model_dump(mode="json"),
                self._libraries[planned.library],
                self._system,
                repeat,
            ]
        )
        return self._folder / key[:2] / f"{key}.json"
