"""A run folder: begun, resumed, finished, read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from eval.runs import files
from eval.runs.rows import AnswerRow, ArticleRow, Done, RunManifest, RunSummary, ScoreRow
from eval.suites.cases import PlannedCase
from vectorstore import PullquoteError, SetupError

MANIFEST, CASES, ARTICLES = "run.json", "cases.jsonl", "articles.jsonl"
ANSWERS, DONE = "answers.jsonl", "done.json"
SCORES, SUMMARY = "scores.jsonl", "summary.json"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class EvalRun:
    """A whole run, read."""

    folder: Path
    manifest: RunManifest
    cases: tuple[PlannedCase, ...]
    articles: dict[str, ArticleRow]
    """By id."""
    answers: tuple[AnswerRow, ...]
    done: Done

    @property
    def planned(self) -> dict[str, PlannedCase]:
        return {planned.case.id: planned for planned in self.cases}


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run with its scores."""

    run: EvalRun
    scores: tuple[ScoreRow, ...]
    summary: RunSummary


class OpenRun:
    """A run being made. Every row is on the disk when `add` returns."""

    def __init__(self, folder: Path, manifest: RunManifest) -> None:
        """Use `begin_run` or `find_unfinished`."""
        self.folder = folder
        self.manifest = manifest
        # What a killed run was writing.
        files.cut_torn_line(folder / ANSWERS)
        files.cut_torn_line(folder / ARTICLES)
        self.rows = list(files.read_rows(folder / ANSWERS, AnswerRow))
        self._stored = {article.id for article in files.read_rows(folder / ARTICLES, ArticleRow)}

    def add(self, row: AnswerRow, articles: Sequence[ArticleRow]) -> None:
        """Add an answer, and the articles it cites that are new. Raises SetupError if the disk is full."""
        # Articles first, so that an answer on the disk has all that it cites.
        for article in articles:
            if article.id not in self._stored:
                files.append_line(self.folder / ARTICLES, article.model_dump_json())
                self._stored.add(article.id)
        files.append_line(self.folder / ANSWERS, row.model_dump_json())
        self.rows.append(row)

    def finish(self) -> Done:
        """Seal the run. Raises SetupError if the disk is full."""
        done = Done(
            finished=datetime.now(UTC),
            rows=len(self.rows),
            failures=sum(row.failure is not None for row in self.rows),
            answers=_hash_file(self.folder / ANSWERS),
        )
        files.write_whole(self.folder / DONE, done.model_dump_json(indent=2))
        return done


@contextmanager
def hold_run(run: OpenRun) -> Iterator[None]:
    """Lock other processes out of a run that is being made. Raises SetupError if another one is making it."""
    lock = FileLock(run.folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise SetupError(
            f"Another process is making {run.folder}. Wait for it, or name another folder with --out."
        ) from error
    try:
        # Between the reading of its rows and the lock another process may have added some.
        answers = run.folder / ANSWERS
        written = answers.read_bytes().count(b"\n") if answers.is_file() else 0
        if written != len(run.rows) or (run.folder / DONE).is_file():
            raise SetupError(f"Another process continued {run.folder}. Run the same command again.")
        yield
    finally:
        lock.release()
        (run.folder / LOCK).unlink(missing_ok=True)


def begin_run(out: Path, manifest: RunManifest, cases: Sequence[PlannedCase]) -> OpenRun:
    """Make a run's folder, with all that is known before the first answer. Raises as `write_whole` does."""
    folder = out / manifest.id
    with files.explain_writing(folder):
        folder.mkdir(parents=True)
    files.write_rows(folder / CASES, cases)
    files.write_whole(folder / MANIFEST, manifest.model_dump_json(indent=2))
    return OpenRun(folder, manifest)


def find_runs(out: Path, identity: str) -> tuple[list[Path], list[Path]]:
    """Return the finished and the unfinished runs in `out` with this identity, oldest first."""
    finished: list[Path] = []
    unfinished: list[Path] = []
    for path in sorted(out.glob(f"*/{MANIFEST}")):
        try:
            manifest = read_manifest(path.parent)
        except PullquoteError:
            continue
        if manifest.identity == identity:
            (finished if (path.parent / DONE).is_file() else unfinished).append(path.parent)
    return finished, unfinished


def read_manifest(folder: Path) -> RunManifest:
    """Return what a run was of. Raises PullquoteError if the folder is no run, or a newer version's."""
    path = folder / MANIFEST
    if not path.is_file():
        raise PullquoteError(f"{folder} is no run: it has no {MANIFEST}. `pullquote eval run` makes one.")
    return files.read_row(path, RunManifest)


def read_run(folder: Path) -> EvalRun:
    """Return a finished run. Raises PullquoteError if it is unfinished, changed since, too new, or no run."""
    manifest = read_manifest(folder)
    if not (folder / DONE).is_file():
        raise PullquoteError(
            f"{folder} is unfinished; run the same `pullquote eval run` again, and it continues from there."
        )
    done = files.read_row(folder / DONE, Done)
    if _hash_file(folder / ANSWERS) != done.answers:
        raise PullquoteError(
            f"{folder / ANSWERS} has changed since the run was finished; runs are immutable. Run it again."
        )
    return EvalRun(
        folder,
        manifest,
        tuple(files.read_rows(folder / CASES, PlannedCase)),
        {article.id: article for article in files.read_rows(folder / ARTICLES, ArticleRow)},
        tuple(files.read_rows(folder / ANSWERS, AnswerRow)),
        done,
    )


def read_scored(folder: Path) -> ScoredRun:
    """Return a finished run with its scores. Raises PullquoteError as `read_run`, and if it is not scored."""
    run = read_run(folder)
    if not (folder / SUMMARY).is_file() or not (folder / SCORES).is_file():
        raise PullquoteError(f"{folder} is not scored yet. Next: pullquote eval score {folder}")
    return ScoredRun(
        run, tuple(files.read_rows(folder / SCORES, ScoreRow)), files.read_row(folder / SUMMARY, RunSummary)
    )


def write_scores(folder: Path, scores: Sequence[ScoreRow], summary: RunSummary) -> None:
    """Put scores beside the answers, in place of earlier ones. Raises SetupError if the disk is full."""
    files.write_rows(folder / SCORES, scores)
    files.write_whole(folder / SUMMARY, summary.model_dump_json(indent=2))


def _hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()
