"""Cases in a JSON Lines file, drafts among them: added, and changed one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.runs.files import append_line, cut_torn_line, write_whole
from eval.suites.cases import Case
from eval.suites.reading import read_cases


def dump_case(case: Case) -> str:
    """One line: what is not said is left out."""
    return case.model_dump_json(exclude_defaults=True)


class CaseFile:
    """A file of cases. Every change is on the disk when its method returns."""

    def __init__(self, path: Path) -> None:
        """Read it; without a file no cases. Raises SourceError if a line is no case, or if ids repeat."""
        self.path = path
        if path.is_file():
            cut_torn_line(path)
        self._cases = dict(read_cases(path)) if path.is_file() else {}

    @property
    def ids(self) -> set[str]:
        return {case.id for case in self._cases.values()}

    @property
    def drafts(self) -> Sequence[Case]:
        """Cases that no person has confirmed."""
        return [case for case in self._cases.values() if case.draft]

    def add(self, case: Case) -> None:
        """Put a case at the end. Raises SetupError if the disk is full or the folder not writable."""
        # Read again from the file, so that numbers of lines are right for `_rewrite`.
        append_line(self.path, dump_case(case))
        self._cases = dict(read_cases(self.path))

    def replace(self, case: Case) -> None:
        """Put a case in place of the one with its id. Raises SetupError as `add` does."""
        self._rewrite(case.id, dump_case(case))

    def drop(self, identifier: str) -> None:
        """Take a case out. Raises SetupError as `add` does."""
        self._rewrite(identifier, "")

    def _rewrite(self, identifier: str, line: str) -> None:
        (number,) = (number for number, case in self._cases.items() if case.id == identifier)
        lines = self.path.read_text("utf-8-sig").split("\n")
        lines[number - 1 : number] = [line] if line else []
        write_whole(self.path, "\n".join(lines))
        self._cases = dict(read_cases(self.path))
