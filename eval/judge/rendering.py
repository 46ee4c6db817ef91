"""A calibration as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.judge.gating import doubt_calibration
from eval.judge.rows import Calibration
from eval.runs.rows import MetricSummary
from vectorstore import plural

_SUMMEDITS = "labels of SummEdits, ten domains"
_OTHER_MODEL = "another model, Claude Opus 4.7, on answers"
_LABAN, _HAIKU = "Laban et al., EMNLP 2023, arXiv:2305.14540", "haiku.rag, docs/benchmarks.md"
_PUBLISHED = (
    ("people, estimated", _SUMMEDITS, "balanced accuracy", "0.909", _LABAN),
    ("GPT-4, one prompt", _SUMMEDITS, "balanced accuracy", "0.824", _LABAN),
    ("qwen3.6", _OTHER_MODEL, "Cohen's kappa", "0.66 or more", _HAIKU),
    ("gpt-oss", _OTHER_MODEL, "Cohen's kappa", "0.39 to 0.55", _HAIKU),
)
"""Not our measurements. Those against another model say nothing of people."""
_TITLES = {
    "accuracy": "labels on which people and judge agree",
    "balanced_accuracy": "the same, both labels weighed equally; 0.5 for always saying one thing",
    "kappa": "Cohen's kappa: agreement beyond chance",
    "found_supported": "of what people call supported, called so",
    "found_unsupported": "of what people call unsupported, called so",
    "unscored": "labels the judge could not grade, or graded otherwise in the other order",
}


def render_calibration(calibration: Calibration, agreement: float) -> str:
    """Return how far a judge agrees with people, and whether it may gate."""
    asked = plural(calibration.labels, "label")
    drawn = f", a draw (seed {calibration.seed})" if calibration.limit is not None else ""
    left_out = f"; {calibration.left_out:,} of the set left out" if calibration.left_out else ""
    lines = [
        f"{calibration.judge} on {calibration.layout}: {asked} in {plural(calibration.clusters, 'group')}"
        f"{drawn}{left_out}",
        "",
        *_table(["measure", "n", "value", "95 %", "what"], list(map(_describe, calibration.metrics))),
        "",
    ]
    doubt = doubt_calibration(calibration, agreement)
    if doubt:
        lines.append(f"It may not gate: {doubt}.")
    else:
        lines.append(f"It may gate: the low end of kappa's interval is {agreement:g} or more.")
    return "\n".join([*lines, ""])


def render_published() -> str:
    """Return what others publish on judges, to hold a calibration against."""
    head = ["judge", "against", "measure", "value", "source"]
    return "\n".join(["Published, for comparison:", "", *_table(head, _PUBLISHED)])


def _describe(metric: MetricSummary) -> list[str]:
    value = "–" if metric.estimate is None else f"{metric.estimate:.3f}"
    interval = metric.note or "–"
    if metric.low is not None and metric.high is not None:
        interval = f"{metric.low:.3f} to {metric.high:.3f}"
    return [metric.name, str(metric.cases), value, interval, _TITLES[metric.name]]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
