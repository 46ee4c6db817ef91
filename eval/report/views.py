"""What a page shows of each case: its answers in every run, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from eval.comparison.pairs import Comparison
from eval.judge.files import read_grades
from eval.judge.rows import Grade
from eval.runs.folder import ScoredRun
from eval.runs.rows import AnswerRow, ArticleRow, ScoreRow
from eval.scoring.catalogue import PASSED
from eval.scoring.summary import average_repeats
from eval.suites.cases import PlannedCase

LABELS = "ABCDEF"
"""What the runs of a page are called; a page has room for so many."""


class CaseResult(StrEnum):
    """How a case came out of a run."""

    FAILED = "failed"
    UNSTEADY = "unsteady"
    """Passed in some of its repeats only."""
    UNSCORED = "unscored"
    PASSED = "passed"


class Change(StrEnum):
    """What became of a case since the first run."""

    LOST = "lost"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to a case, with its scores."""

    label: str
    """Of the run, and of the repeat where there are several."""
    row: AnswerRow
    score: ScoreRow
    articles: dict[str, ArticleRow]
    """Of the run, by id."""
    grades: dict[int, Grade] = field(default_factory=dict)
    """What a judge said of whole statements, by their places from 0."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in all runs."""

    number: int
    """From 1, in the order of the page."""
    planned: PlannedCase
    results: tuple[CaseResult | None, ...]
    """By run; None where it was not asked."""
    attempts: tuple[Attempt, ...]
    changes: frozenset[Change]


def gather_cases(runs: Sequence[ScoredRun], comparisons: Sequence[Comparison]) -> list[CaseView]:
    """Every case of any run: what was lost first, then what failed, then the rest."""
    planned = {each.case.id: each for run in reversed(runs) for each in run.run.cases}
    results = [_find_results(run) for run in runs]
    attempts = _gather_attempts(runs)
    changes = _find_changes(comparisons)
    views = []
    for case, each in planned.items():
        of_runs = tuple(of_run.get(case) for of_run in results)
        views.append(
            CaseView(0, each, of_runs, tuple(attempts.get(case, ())), frozenset(changes.get(case, ())))
        )
    views.sort(key=_urgency)
    return [replace(view, number=number) for number, view in enumerate(views, 1)]


def _urgency(view: CaseView) -> tuple[bool, int]:
    order = list(CaseResult)
    worst = min((order.index(result) for result in view.results if result is not None), default=len(order))
    return Change.LOST not in view.changes, worst


def _find_results(run: ScoredRun) -> dict[str, CaseResult]:
    shares = average_repeats(run.scores, PASSED)
    return {each.case.id: _name_result(shares.get(each.case.id)) for each in run.run.cases}


def _name_result(share: float | None) -> CaseResult:
    """What a case is that passed in this share of its repeats."""
    if share is None:
        return CaseResult.UNSCORED
    if share in (0, 1):
        return CaseResult.PASSED if share else CaseResult.FAILED
    return CaseResult.UNSTEADY


def _gather_attempts(runs: Sequence[ScoredRun]) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for label, run in zip(LABELS, runs, strict=False):
        repeats = run.run.manifest.repeats
        scores = {(score.case, score.repeat): score for score in run.scores}
        grades = _read_grades(run)
        for row in sorted(run.run.answers, key=lambda row: row.repeat):
            score = scores.get((row.case, row.repeat), ScoreRow(case=row.case, repeat=row.repeat))
            name = f"{label}, repeat {row.repeat + 1}" if repeats > 1 else label
            graded = grades.get((row.case, row.repeat), {})
            found.setdefault(row.case, []).append(Attempt(name, row, score, run.run.articles, graded))
    return found


def _read_grades(run: ScoredRun) -> dict[tuple[str, int], dict[int, Grade]]:
    """Of each statement the grade with all of its citations; its parts are the judge's own business."""
    kept = read_grades(run.run.folder) if run.summary.judge is not None else None
    found: dict[tuple[str, int], dict[int, Grade]] = {}
    for row in sorted(kept.rows if kept else (), key=lambda row: len(row.citations)):
        found.setdefault((row.case, row.repeat), {})[row.statement] = row.grade
    return found


def _find_changes(comparisons: Sequence[Comparison]) -> dict[str, set[Change]]:
    changes: dict[str, set[Change]] = {}
    for comparison in comparisons:
        for flip in comparison.flips:
            change = Change.LOST if flip.is_loss else Change.GAINED
            changes.setdefault(flip.case.case.id, set()).add(change)
    return changes
