"""Runs and comparisons as Markdown, for a terminal, a log or a pull request; and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from agent import clean
from eval.comparison.gate import ALPHA, Ruling
from eval.comparison.pairs import Comparison, Difference, Flip, group_flips
from eval.runs.folder import ScoredRun
from eval.runs.rows import MetricSummary, Totals
from eval.scoring.catalogue import METRICS, MetricUnit
from vectorstore import plural


def render_run(scored: ScoredRun) -> str:
    """Return a run's metrics with their intervals, and what it took."""
    manifest = scored.run.manifest
    by = manifest.system.model.name if manifest.system.model else "no model"
    asked = plural(manifest.cases, "case") + (f" of a draw (seed {manifest.seed})" if manifest.limit else "")
    repeats = f", {manifest.repeats} times each" if manifest.repeats > 1 else ""
    judge = scored.summary.judge
    judged = f", judged by {judge}" if judge else ""
    lines = [
        f"{manifest.suite.name}: {asked}{repeats}, {by}{judged}",
        "",
        _line(["metric", "n", "value", "95 %", "what"]),
        _line(["---", "---:", "---:", "---:", "---"]),
    ]
    for metric in scored.summary.metrics:
        if not _is_stage(metric.name):
            lines.append(_render_metric(metric))
    return "\n".join([*lines, "", _render_totals(scored.summary.totals), f"Run: {scored.run.folder}"])


def render_comparison(comparison: Comparison, flips: int = 20) -> str:
    """Return what changed from A to B."""
    lines = [
        f"A  {comparison.before.run.folder}",
        f"B  {comparison.after.run.folder}",
        "",
        _line(["metric", "n", "A", "B", "B - A", "95 %", "p worse", "p better"]),
        _line(["---", *["---:"] * 7]),
    ]
    lines += map(_render_difference, comparison.differences)
    lines += ["", "p: one-sided, corrected by Holm over the metrics; **bold** below 0.05. * gates."]
    lines += [f"Note: {note}." for note in comparison.notes]
    return "\n".join([*lines, "", *_render_flips(comparison.flips, flips)])


def dump_run(scored: ScoredRun) -> str:
    """Return a run's summary with where it is, as JSON on one line: several runs are JSON Lines."""
    return json.dumps(
        {
            "run": str(scored.run.folder),
            "suite": scored.run.manifest.suite.name,
            "summary": scored.summary.model_dump(mode="json"),
        },
        ensure_ascii=False,
    )


def dump_comparison(comparison: Comparison) -> str:
    """Return a comparison by its own field names, as JSON."""
    found = {
        "a": str(comparison.before.run.folder),
        "b": str(comparison.after.run.folder),
        "differences": [asdict(each) | {"metric": each.metric.name} for each in comparison.differences],
        "flips": [
            {"case": flip.case.case.id, "metric": flip.metric, "before": flip.before, "after": flip.after}
            for flip in comparison.flips
        ],
        "notes": list(comparison.notes),
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def render_ruling(ruling: Ruling) -> str:
    """Return what a gate says, a line each."""
    return "\n".join([ruling.outcome, *ruling.reasons, *(f"Note: {note}." for note in ruling.notes)])


def format_value(value: float | None, name: str) -> str:
    """Return a value in its metric's unit."""
    if value is None:
        return "–"
    match METRICS[name].unit:
        case MetricUnit.SHARE:
            return f"{value:.3f}"
        case MetricUnit.DOLLARS:
            return f"${value:.4f}"
        case MetricUnit.MILLISECONDS:
            return f"{value:,.0f} ms"
        case MetricUnit.TOKENS:
            return f"{value:,.0f}"


def signed(value: float | None, name: str) -> str:
    """Return a difference in its metric's unit."""
    return ("+" if value is not None and value > 0 else "") + format_value(value, name)


def format_chance(value: float) -> str:
    """Return a chance to three places."""
    return f"{value:.3f}" if value >= 0.001 else "<0.001"


def describe_flips(flips: Sequence[Flip]) -> str:
    """Return each flipped metric of a case, before and after."""
    return ", ".join(
        f"{flip.metric} {format_value(flip.before, flip.metric)} → {format_value(flip.after, flip.metric)}"
        for flip in flips
    )


def format_interval(metric: MetricSummary) -> str:
    """Return a metric's interval in its unit; empty where there is none."""
    if metric.low is None:
        return ""
    return f"{format_value(metric.low, metric.name)} to {format_value(metric.high, metric.name)}"


def _render_metric(metric: MetricSummary) -> str:
    name = metric.name
    interval = format_interval(metric) or metric.note or "–"
    left_out = f" ({metric.unscored} unscored)" if metric.unscored else ""
    value = format_value(metric.estimate, name)
    return _line([name, f"{metric.cases}{left_out}", value, interval, METRICS[name].title])


def _render_difference(each: Difference) -> str:
    name = each.metric.name
    interval = f"{signed(each.low, name)} to {signed(each.high, name)}" if each.low is not None else each.note
    return _line(
        [
            f"{name}{'*' if each.is_gate else ''}",
            str(each.cases),
            format_value(each.before, name),
            format_value(each.after, name),
            signed(each.difference, name),
            interval,
            *map(_emphasize, (each.corrected_loss, each.corrected_gain)),
        ]
    )


def _emphasize(chance: float) -> str:
    return f"**{format_chance(chance)}**" if chance < ALPHA else format_chance(chance)


def _render_flips(flips: Sequence[Flip], most: int) -> list[str]:
    changed = group_flips(flips)
    if not changed:
        return ["No case changed."]
    lines = [f"{plural(len(changed), 'case')} changed:"]
    for each in changed[:most]:
        case = each.case.case
        asked = clean(case.asked)
        sign = "-" if each.is_loss else "+"
        lines.append(f"{sign} {case.id}  {asked[:80]}  ({describe_flips(each.flips)})")
    if len(changed) > most:
        lines.append(f"… and {len(changed) - most} more; --json has all")
    return lines


def _render_totals(totals: Totals) -> str:
    parts = [plural(totals.answers, "answer")]
    if totals.reused:
        parts.append(f"{totals.reused:,} cached from before")
    if totals.failures:
        parts.append(f"{totals.failures:,} failed and unscored")
    tokens = totals.prompt_tokens + totals.completion_tokens
    if tokens:
        price = f"${totals.cost:.4f}" if totals.cost is not None else "price not known"
        parts.append(f"{tokens:,} tokens of the model, {price}")
    return " · ".join(parts)


def _is_stage(name: str) -> bool:
    """Stages are for the report; a table has the whole time."""
    return name.endswith(("_ms_p50", "_ms_p95")) and not name.startswith("total_ms")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
