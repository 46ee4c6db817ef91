"""A calibration as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.judge.gating import doubt_calibration
from eval.judge.published import PUBLISHED
from eval.judge.rows import Calibration
from vectorstore import plural

_TITLES = {
    "accuracy": "labels on which people and judge agree",
    "balanced_accuracy": "the same, both labels weighed equally; 0.5 for always saying one thing",
    "kappa": "Cohen's kappa: agreement beyond chance",
    "found_supported": "of what people call supported, called so",
    "found_unsupported": "of what people call unsupported, called so",
    "unscored": "labels the judge could not grade, or graded otherwise in the other order",
}


def render_calibration(calibration: Calibration, agreement: float) -> str:
    """How far a judge agrees with people, and whether it may gate."""
    asked = plural(calibration.labels, "label")
    drawn = f", a draw (seed {calibration.seed})" if calibration.limit is not None else ""
    left_out = f"; {calibration.left_out:,} of the set left out" if calibration.left_out else ""
    lines = [
        f"{calibration.judge} on {calibration.layout}: {asked} in {plural(calibration.clusters, 'group')}"
        f"{drawn}{left_out}",
        "",
        *_table(
            ["measure", "n", "value", "95 %", "what"],
            [
                [
                    metric.name,
                    str(metric.cases),
                    "–" if metric.estimate is None else f"{metric.estimate:.3f}",
                    f"{metric.low:.3f} to {metric.high:.3f}"
                    if metric.low is not None and metric.high is not None
                    else metric.note or "–",
                    _TITLES[metric.name],
                ]
                for metric in calibration.metrics
            ],
        ),
        "",
    ]
    doubt = doubt_calibration(calibration, agreement)
    if doubt:
        lines.append(f"It may not gate: {doubt}.")
    else:
        lines.append(f"It may gate: the low end of kappa's interval is {agreement:g} or more.")
    return "\n".join([*lines, ""])


def render_published() -> str:
    """What others publish on judges, to hold a calibration against."""
    rows = [[each.judge, each.against, each.measure, each.value, each.source] for each in PUBLISHED]
    head = ["judge", "against", "measure", "value", "source"]
    return "\n".join(["Published, for comparison:", "", *_table(head, rows)])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
