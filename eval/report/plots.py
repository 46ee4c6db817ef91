"""What is plotted of the runs of a page, and why a plot is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from eval import metrics
from eval.report.cases import LABELS
from eval.report.charts import Axis, Chart, Point, draw_bars, draw_dots, draw_lines
from eval.report.reasons import find_first_rank
from eval.report.tables import format_interval, format_value
from eval.runs.folder import ScoredRun
from eval.runs.rows import MetricSummary
from eval.scoring.catalogue import METRICS, PASSED, STAGES, Level, MetricUnit
from eval.scoring.summary import list_decisions, pair_confidence_and_loss, pair_scores

MOST_METRICS = 4
"""Metrics that are plotted by language: the outcome, and the first that gate."""
_RANKS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6–10": 10, "11–20": 20, "21–50": 50}
"""Bars with the last rank that is in them."""
_UNRANKED = "none"
_plain, _count = "{:.2g}".format, "{:,.0f}".format

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, the same as a table, or a line that says why there is none."""

    title: str
    caption: str
    """What is drawn; or why nothing is."""
    drawing: Chart | None = None
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def plot_all(runs: Sequence[ScoredRun]) -> list[Plot]:
    """Return every plot, in the order of the page."""
    return [*plot_languages(runs), plot_risk(runs), plot_ranks(runs), plot_latency(runs), plot_cost(runs)]


def plot_languages(runs: Sequence[ScoredRun]) -> list[Plot]:
    """Return the outcome and what gates, by the language of the question."""
    found = []
    gate = filter(_is_of_cases, runs[0].run.manifest.suite.gate)
    for name in list(dict.fromkeys([PASSED, *gate]))[:MOST_METRICS]:
        by_run = [_by_language(run, name) for run in runs]
        languages = sorted(set().union(*by_run))
        if not languages:
            continue
        rows = []
        for language in languages:
            points = [_to_point(each.get(language), label) for label, each in _label(by_run)]
            rows.append((language, points))
        is_share = METRICS[name].unit is MetricUnit.SHARE
        axis = Axis(name, _plain, 1.0) if is_share else Axis(name, _count)
        title = f"{name} by language of the question"
        found.append(
            Plot(
                title,
                f"{METRICS[name].title[:1].upper()}{METRICS[name].title[1:]}; 95 % intervals.",
                draw_dots(title, rows, axis),
                ("language", *_heads(runs)),
                tuple((language, *map(_read, points)) for language, points in rows),
            )
        )
    return found or [Plot("By language", "All questions are in one language.")]


def plot_risk(runs: Sequence[ScoredRun]) -> Plot:
    """Risk against coverage, by confidence, with the place at which the system answers."""
    title = "Risk and coverage"
    lines: list[list[tuple[float, float]]] = []
    spots: list[tuple[float, Point] | None] = []
    rows = []
    for label, run in _label(runs):
        asked = list_decisions(pair_scores(run.run, run.scores))
        pairs = pair_confidence_and_loss(asked)
        curve = metrics.risk_coverage(pairs)
        lines.append(curve if len(curve) > 1 else [])
        answered = pair_confidence_and_loss(each for each in asked if not each.is_refused)
        losses = [loss for _, loss in answered]
        if not losses or len(curve) < 2:
            spots.append(None)
            continue
        coverage, risk = len(losses) / len(pairs), sum(losses) / len(losses)
        note = f"{label}: answers {coverage:.0%}, wrong in {risk:.1%} of them"
        spots.append((coverage, Point(risk, note=note)))
        area = _read(_to_point(run.summary.find("aurc"), label))
        rows.append((label, f"{coverage:.3f}", f"{risk:.3f}", area))
    if not rows:
        return Plot(title, "No case has an answer and a confidence that differs from another's.")
    caption = (
        "Of the most confident questions, how many would be answered wrongly: without an answer in the "
        "articles, or with another sentence first. The mark is where the system stops answering."
    )
    across = Axis("share of questions answered", _plain, 1.0)
    drawing = draw_lines(title, lines, spots, across, Axis("share of those wrong", _plain))
    return Plot(title, caption, drawing, ("run", "answered", "risk", "AURC"), tuple(rows))


def plot_ranks(runs: Sequence[ScoredRun]) -> Plot:
    """Where in the search the first gold sentence is."""
    title = "Rank of the first gold sentence"
    bars: list[list[Point]] = []
    for label, run in _label(runs):
        counts = _count_ranks(run)
        total = sum(counts.values())
        bar = []
        for name, number in counts.items():
            bar.append(Point(number / max(1, total), note=f"{label}: {number:,} of {total:,} at {name}"))
        bars.append(bar)
    if not any(point.value for point in chain.from_iterable(bars)):
        return Plot(title, "No case has gold sentences to find.")
    across = "rank in the search; none: not among those looked at"
    names = [*_RANKS, _UNRANKED]
    rows = []
    for place, name in enumerate(names):
        rows.append((name, *(f"{bar[place].value:.3f}" for bar in bars)))
    caption = "Of the questions that the articles answer; before anything is chosen or written."
    drawing = draw_bars(title, names, bars, across, Axis("share of questions", _plain))
    return Plot(title, caption, drawing, ("rank", *_heads(runs)), tuple(rows))


def plot_latency(runs: Sequence[ScoredRun]) -> Plot:
    """Times by stage."""
    title = "Latency"
    rows = []
    for stage in STAGES:
        points = []
        for label, run in _label(runs):
            middle, most = _find_estimate(run, f"{stage}_p50"), _find_estimate(run, f"{stage}_p95")
            note = f"{label}, {stage.removesuffix('_ms')}: half within {_ms(middle)}, 95 % within {_ms(most)}"
            points.append(Point(middle, middle, most, note) if middle is not None else None)
        if any(points):
            rows.append((stage.removesuffix("_ms"), points))
    if not rows:
        return Plot(
            title, "The suite encodes each passage once for all questions, so that times are not a user's."
        )
    table = tuple((name, *map(_read_times, points)) for name, points in rows)
    drawing = draw_dots(title, rows, Axis("milliseconds", _count))
    header = ("stage", *(f"{each} p50, p95".strip() for each in _heads(runs, single="")))
    caption = "Each mark is the median, and its line ends where 95 % of questions are done."
    return Plot(title, caption, drawing, header, table)


def plot_cost(runs: Sequence[ScoredRun]) -> Plot:
    """Return what a question costs against how often all that is asked holds: in dollars, else in tokens."""
    title = "Cost against quality"
    if len(runs) < 2:
        return Plot(title, "There is one run; give several to see what better answers cost.")
    known, unit = [_take_cost(run, "cost") for run in runs], "dollars"
    if None in known:
        known, unit = [_take_cost(run, "tokens") for run in runs], "tokens of the model"
    if None in known:
        return Plot(title, "Neither the price nor the tokens of every run are known.")
    if not any(known):
        return Plot(title, "No run asked a model, so that none costs anything.")
    form = (lambda value: f"{value:.3g}") if unit == "dollars" else _count
    spots, rows = [], []
    for (label, run), cost in zip(_label(runs), known, strict=True):
        point = _to_point(run.summary.find(PASSED), label)
        spots.append((cost or 0.0, point) if point else None)
        rows.append((label, form(cost or 0.0), _read(point)))
    if not any(spots):
        return Plot(title, "No case is scored.")
    caption = "A run without a model costs nothing." + (
        "" if unit == "dollars" else " In tokens, as not every price is known."
    )
    drawing = draw_lines(title, [], spots, Axis(f"{unit} a question", form), Axis(PASSED, _plain, 1.0))
    return Plot(title, caption, drawing, ("run", unit, PASSED), tuple(rows))


def _is_of_cases(name: str) -> bool:
    return name in METRICS and METRICS[name].level is Level.CASE


def _by_language(run: ScoredRun, name: str) -> dict[str, MetricSummary]:
    found = {}
    for each in run.summary.languages:
        if each.metric.name == name and each.metric.estimate is not None:
            found[each.language] = each.metric
    return found


def _count_ranks(run: ScoredRun) -> dict[str, int]:
    planned = run.run.planned
    counts = dict.fromkeys([*_RANKS, _UNRANKED], 0)
    for row in run.run.answers:
        if row.answer is None or not planned[row.case].gold:
            continue
        rank = find_first_rank(planned[row.case], row)
        bar = next((name for name, last in _RANKS.items() if rank and rank <= last), _UNRANKED)
        counts[bar] += 1
    return counts


def _find_estimate(run: ScoredRun, name: str) -> float | None:
    found = run.summary.find(name)
    return found.estimate if found is not None else None


def _read_times(point: Point | None) -> str:
    return f"{_ms(point.value)}, {_ms(point.high)}" if point else "–"


def _take_cost(run: ScoredRun, name: str) -> float | None:
    """Return what a question takes on average; None where it is not known of all."""
    if run.run.manifest.system.model is None:
        return 0.0
    found = run.summary.find(name)
    return found.estimate if found is not None and not found.unscored else None


def _to_point(metric: MetricSummary | None, label: str) -> Point | None:
    if metric is None or metric.estimate is None:
        return None
    interval = format_interval(metric)
    between = f", {interval}" if interval else ""
    note = f"{label}: {format_value(metric.estimate, metric.name)}{between}, n = {metric.cases}"
    return Point(metric.estimate, metric.low, metric.high, note)


def _read(point: Point | None) -> str:
    return point.note.partition(": ")[2] if point else "–"


def _label(items: Sequence[_Item]) -> list[tuple[str, _Item]]:
    return list(zip(LABELS, items, strict=False))


def _heads(runs: Sequence[ScoredRun], single: str = "value") -> list[str]:
    return list(LABELS[: len(runs)]) if len(runs) > 1 else [single]


def _ms(value: float | None) -> str:
    return format_value(value, "total_ms_p50")
