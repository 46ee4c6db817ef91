"""Scores of a run: repeated at will, without asking anything again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from eval.runs.folder import ScoredRun, read_run, write_scores
from eval.scoring.cases import score_row
from eval.scoring.catalogue import METRICS, PASSED, Level, Metric, Unit
from eval.scoring.summary import average_repeats, summarize

if TYPE_CHECKING:
    from eval.judge import EvalJudge

__all__ = [
    "METRICS",
    "PASSED",
    "Level",
    "Metric",
    "Unit",
    "average_repeats",
    "score_row",
    "score_run",
    "summarize",
]


def score_run(
    folder: Path,
    judge: EvalJudge | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> ScoredRun:
    """Score a finished run, in place of earlier scores.

    Args:
        folder: of the run.
        judge: is asked whether statements are supported; without one, what a judge said before counts.
        tell: is told how many answers of how many are graded.

    Raises:
        PullquoteError: it is unfinished, changed since, of a newer version, or no run.
        SetupError: the judge cannot be reached; what it graded is kept, and so are earlier scores.
    """
    from eval.judge import judge_run

    run = read_run(folder)
    planned = {each.case.id: each for each in run.cases}
    latencies = run.manifest.has_latencies
    scores = tuple(
        score_row(planned[row.case], row, run.articles, has_latencies=latencies) for row in run.answers
    )
    judged = judge_run(run, judge, tell)
    if judged is not None:
        scores = tuple(map(judged.add_to, scores))
    summary = summarize(run, scores)
    if judged is not None:
        summary = summary.model_copy(update={"judge": judged.judge})
    write_scores(folder, scores, summary)
    return ScoredRun(run, scores, summary)
