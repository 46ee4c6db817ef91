"""What models said, cached by what it depends on, so that nothing is paid for twice."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from eval.runs.files import write_whole
from eval.runs.rows import AnswerRow, SystemIdentity
from eval.suites.cases import ClosedModel, PlannedCase
from eval.suites.hashing import hash_json

_Row = TypeVar("_Row", bound=ClosedModel)


class RowCache(Generic[_Row]):
    """A folder of rows by the hash of a key; a row that does not read is as good as none."""

    def __init__(self, folder: Path, kind: type[_Row]) -> None:
        self._folder = folder
        self._kind = kind

    def find(self, key: object) -> _Row | None:
        """Return what was stored under a key, any value of JSON."""
        try:
            return self._kind.model_validate_json(self._path(key).read_text("utf-8"))
        except (OSError, ValidationError, UnicodeDecodeError):
            return None

    def store(self, key: object, row: _Row) -> None:
        """Store a row. Raises SetupError if the disk is full."""
        # A row that a power cut loses is asked for again, so that none waits for the disk.
        write_whole(self._path(key), row.model_dump_json(), is_lasting=False)

    def _path(self, key: object) -> Path:
        digest = hash_json(key)
        return self._folder / digest[:2] / f"{digest}.json"


class AnswerCache:
    """Answers of one system to the cases of suites."""

    def __init__(self, folder: Path, system: SystemIdentity, libraries: dict[str, str]) -> None:
        """Take the system that answers, and the hashes of the libraries it is asked of."""
        self._rows = RowCache(folder, AnswerRow)
        self._system = hash_json(system.model_dump(mode="json"))
        self._libraries = libraries

    def find(self, planned: PlannedCase, repeat: int) -> AnswerRow | None:
        """Return the answer this system has given to this question before, in this repeat."""
        row = self._rows.find(self._key(planned, repeat))
        if row is None:
            return None
        return row.model_copy(update={"case": planned.case.id, "repeat": repeat, "reused": True})

    def store(self, planned: PlannedCase, row: AnswerRow) -> None:
        """Store an answer; failures are not stored. Raises SetupError if the disk is full."""
        if row.failure is None:
            self._rows.store(self._key(planned, row.repeat), row)

    def _key(self, planned: PlannedCase, repeat: int) -> list[object]:
        case = planned.case
        return [
            case.question,
            case.claim.model_dump(mode="json", exclude={"holds"}) if case.claim else None,
            case.answer_language,
            case.filters.model_dump(mode="json"),
            self._libraries[planned.library],
            self._system,
            repeat,
        ]
