"""What judges have said, by all that it depends on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from eval.judge.rows import JudgeQuestion, Said
from eval.runs.files import explain_writing, write_whole
from eval.runs.identity import hash_json


class KeptLabels:
    """A folder of labels; one that does not read is as good as none."""

    def __init__(self, cache: Path, model: str, endpoint: str, prompt: str) -> None:
        """Take the folder of what can be made again, and the judge."""
        self._folder = cache / "eval" / "grades"
        self._judge = [model, urlsplit(endpoint).netloc, prompt]

    def find(self, asked: JudgeQuestion, order: int) -> Said | None:
        """What this judge has said to this in this order before."""
        try:
            return Said.model_validate_json(self._path(asked, order).read_text("utf-8"))
        except (OSError, ValidationError, UnicodeDecodeError):
            return None

    def keep(self, asked: JudgeQuestion, order: int, said: Said) -> None:
        """Remember it.

        Raises:
            SetupError: the disk is full.
        """
        path = self._path(asked, order)
        with explain_writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, said.model_dump_json(), is_lasting=False)

    def _path(self, asked: JudgeQuestion, order: int) -> Path:
        key = hash_json([*self._judge, asked.model_dump(mode="json"), order])
        return self._folder / key[:2] / f"{key}.json"
