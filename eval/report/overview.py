"""The top of a page: which runs these are, what answered in them, and their metrics with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from pydantic import JsonValue

from agent import clean
from eval.comparison.gate import find_fallen
from eval.report.charts import draw_marker
from eval.report.elements import Node, table, tag
from eval.report.tables import format_value
from eval.report.views import LABELS
from eval.runs.folder import ScoredRun
from eval.runs.rows import MetricSummary, SystemIdentity
from eval.scoring import METRICS
from vectorstore import plural

_SHOWN = 12
"""Digits of a hash that are shown."""
ALWAYS = ("pullquote", "model.name", "model.temperature", "embedder")
"""What is said of the system of one run; of several, also what differs between them."""


def show_runs(runs: Sequence[ScoredRun]) -> Element:
    """A line for each run, and what answered in it."""
    suite = runs[0].run.manifest.suite
    lines: list[Sequence[Node]] = [
        (
            tag("th", draw_marker(place), f" {label}", scope="row") if len(runs) > 1 else label,
            tag("code", clean(run.run.folder.name)),
            f"{run.run.manifest.created:%Y-%m-%d %H:%M} UTC",
            _describe_model(run),
            clean(str(run.summary.judge or "–")),
            *_describe_size(run),
        )
        for place, (label, run) in enumerate(zip(LABELS, runs, strict=False))
    ]
    header = ("run", "folder", "begun", "written by", "judged by", "cases", "answers", "failed")
    return tag(
        "header",
        tag("h1", f"Evaluation: {clean(suite.title or suite.name)}"),
        tag("p", f"Suite {clean(suite.name)} {suite.sha256[:_SHOWN]}, articles {suite.library[:_SHOWN]}",
            class_="quiet"),
        tag("div", table(header, lines), class_="wide"),
        tag("details", tag("summary", "What answered"), tag("div", _show_systems(runs), class_="wide")),
    )  # fmt: skip


def show_summary(runs: Sequence[ScoredRun]) -> Element:
    """Every metric of every run, and the floors that were fallen through."""
    by_run = [{metric.name: metric for metric in run.summary.metrics} for run in runs]
    suite = runs[0].run.manifest.suite
    rows: list[Sequence[Node]] = [
        (
            tag("th", name, tag("b", " *") if name in suite.gate else None, scope="row"),
            *(tag("td", *_show_value(each.get(name)), class_="number") for each in by_run),
            METRICS[name].title + ("" if METRICS[name].is_higher_better else "; lower is better"),
        )
        for name in METRICS
        if any(name in each for each in by_run)
    ]
    heads = list(LABELS[: len(runs)]) if len(runs) > 1 else ["value"]
    fallen = [
        f"{label + ': ' if len(runs) > 1 else ''}{words}."
        for label, run in zip(LABELS, runs, strict=False)
        for words in find_fallen(run, suite.floors)
    ]
    return tag(
        "section",
        tag("h2", "Summary"),
        tag("ul", *(tag("li", words) for words in fallen), class_="why") if fallen else None,
        tag("div", table(("metric", *heads, "what"), rows), class_="wide"),
        tag("p", "In brackets: 95 % intervals, bootstrapped over articles.",
            " * gates." if suite.gate else None, class_="quiet"),
        id="summary",
    )  # fmt: skip


def _show_value(metric: MetricSummary | None) -> Iterator[Node]:
    if metric is None:
        yield "–"
        return
    yield tag("b", format_value(metric.name, metric.estimate))
    if metric.low is not None:
        low, high = (format_value(metric.name, end) for end in (metric.low, metric.high))
        yield tag("span", f" [{low}, {high}]", class_="interval")
    parts = [f"n = {metric.cases:,}"]
    if metric.unscored:
        parts.append(f"{metric.unscored:,} unscored")
    if metric.note and metric.note not in parts:
        parts.append(clean(metric.note))
    yield tag("span", f" {'; '.join(parts)}", class_="quiet")


def _describe_model(run: ScoredRun) -> str:
    model = run.run.manifest.system.model
    return clean(f"{model.name} at {model.endpoint}") if model else "no model; answers are quotes"


def _describe_size(run: ScoredRun) -> tuple[str, str, str]:
    manifest, totals = run.run.manifest, run.summary.totals
    drawn = f" drawn by seed {manifest.seed}" if manifest.limit else ""
    kept = f", {totals.reused:,} kept from before" if totals.reused else ""
    return f"{manifest.cases:,}{drawn}", f"{totals.answers:,}{kept}", f"{totals.failures:,}"


def _show_systems(runs: Sequence[ScoredRun]) -> Element:
    systems = [dict(_flatten(run.run.manifest.system)) for run in runs]
    names = list(dict.fromkeys(name for system in systems for name in system))
    shown = [name for name in names if name in ALWAYS or len({each.get(name) for each in systems}) > 1]
    rows: list[Sequence[Node]] = [
        (name, *(clean(system.get(name, "–")) for system in systems)) for name in shown
    ]
    for name in ("python", "platform", "processors"):
        rows.append((name, *(clean(str(getattr(run.run.manifest.environment, name))) for run in runs)))
    return table(("", *LABELS[: len(runs)]) if len(runs) > 1 else ("", "value"), rows)


def _flatten(system: SystemIdentity) -> Iterator[tuple[str, str]]:
    yield from _walk("", system.model_dump(mode="json"))


def _walk(name: str, value: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _walk(f"{name}.{key}" if name else key, part)
    else:
        is_hash = isinstance(value, str) and len(value) == 64
        yield name, str(value)[:_SHOWN] if is_hash else str(value)


def show_legend(runs: Sequence[ScoredRun]) -> Element | None:
    """Which mark is which run, where there are several."""
    if len(runs) < 2:
        return None
    parts: list[Node] = []
    for place, (label, run) in enumerate(zip(LABELS, runs, strict=False)):
        parts += [draw_marker(place), f" {label} {clean(run.run.folder.name)}, {_describe_model(run)}  "]
    return tag("p", *parts, class_="quiet legend")


def name_runs(runs: Sequence[ScoredRun]) -> str:
    """What a page is of, in a few words."""
    suite = runs[0].run.manifest.suite
    return f"{clean(suite.name)}: {plural(len(runs), 'run')}"
