"""Scores of a run: repeated at will, without asking anything again."""

from pathlib import Path

from eval.runs.folder import ScoredRun, read_run, write_scores
from eval.scoring.cases import score_row
from eval.scoring.catalogue import METRICS, PASSED, Level, Metric, Unit
from eval.scoring.summary import average_repeats, summarize

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


def score_run(folder: Path) -> ScoredRun:
    """Score a finished run, in place of earlier scores.

    Raises:
        PullquoteError: it is unfinished, changed since, of a newer version, or no run.
    """
    run = read_run(folder)
    planned = {each.case.id: each for each in run.cases}
    latencies = run.manifest.has_latencies
    scores = tuple(
        score_row(planned[row.case], row, run.articles, has_latencies=latencies) for row in run.answers
    )
    summary = summarize(run, scores)
    write_scores(folder, scores, summary)
    return ScoredRun(run, scores, summary)
