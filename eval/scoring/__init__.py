"""Scores of a run: repeated at will, without asking anything again."""

from __future__ import annotations

from eval.runs.folder import EvalRun
from eval.runs.rows import ScoreRow
from eval.scoring.cases import score_row
from eval.scoring.catalogue import METRICS, PASSED, Level, Metric, MetricUnit
from eval.scoring.summary import average_repeats, summarize

__all__ = [
    "METRICS",
    "PASSED",
    "Level",
    "Metric",
    "MetricUnit",
    "average_repeats",
    "score_answers",
    "score_row",
    "summarize",
]


def score_answers(run: EvalRun) -> tuple[ScoreRow, ...]:
    """The scores of every answer of a run, but for what a judge adds."""
    planned = {each.case.id: each for each in run.cases}
    latencies = run.manifest.has_latencies
    return tuple(
        score_row(planned[row.case], row, run.articles, has_latencies=latencies) for row in run.answers
    )
