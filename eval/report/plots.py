"""What is plotted of the runs of a page, and why a plot is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

from eval import metrics
from eval.report.charts import Point, draw_bars, draw_dots, draw_lines
from eval.report.reasons import find_first_rank
from eval.report.tables import format_value
from eval.report.views import LABELS
from eval.runs.folder import ScoredRun
from eval.runs.rows import MetricSummary
from eval.scoring import METRICS, PASSED, Level, MetricUnit
from eval.scoring.cases import is_refused
from eval.scoring.catalogue import STAGES
from eval.scoring.summary import Scored, pair_confidence_and_loss

MOST_METRICS = 4
"""Metrics that are plotted by language: the outcome, and the first that gate."""
_RANKS = (("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("6–10", 10), ("11–20", 20), ("21–50", 50))
_UNRANKED = "none"

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, the same as a table, or a line that says why there is none."""

    title: str
    caption: str
    """What is drawn; or why nothing is."""
    drawing: Element | None = None
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def plot_all(runs: Sequence[ScoredRun]) -> list[Plot]:
    """Every plot, in the order of the page."""
    return [
        *plot_languages(runs),
        plot_risk(runs),
        plot_ranks(runs),
        plot_latency(runs),
        plot_cost(runs),
    ]


def plot_languages(runs: Sequence[ScoredRun]) -> list[Plot]:
    """The outcome and what gates, by the language of the question."""
    found = []
    gate = [n for n in runs[0].run.manifest.suite.gate if n in METRICS and METRICS[n].level is Level.CASE]
    for name in list(dict.fromkeys([PASSED, *gate]))[:MOST_METRICS]:
        by_run = [{e.language: e.metric for e in run.summary.languages if e.metric.name == name
                   and e.metric.estimate is not None} for run in runs]  # fmt: skip
        languages = sorted({language for each in by_run for language in each})
        if not languages:
            continue
        rows = [
            (language, [_to_point(each.get(language), label) for label, each in _label(by_run)])
            for language in languages
        ]
        share = METRICS[name].unit is MetricUnit.SHARE
        title = f"{name} by language of the question"
        found.append(
            Plot(
                title,
                f"{METRICS[name].title[:1].upper()}{METRICS[name].title[1:]}; 95 % intervals.",
                draw_dots(rows, title, name, _plain if share else _count, 1.0 if share else None),
                ("language", *_heads(runs)),
                tuple((name_, *(_read(point) for point in points)) for name_, points in rows),
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
        asked = _find_asked(run)
        pairs = pair_confidence_and_loss(asked)
        curve = metrics.risk_coverage(pairs)
        lines.append(curve if len(curve) > 1 else [])
        answered = [each for each in asked if each.row.answer and not is_refused(each.row.answer)]
        losses = [loss for _, loss in pair_confidence_and_loss(answered)]
        if not losses or len(curve) < 2:
            spots.append(None)
            continue
        coverage, risk = len(losses) / len(pairs), sum(losses) / len(losses)
        note = f"{label}: answers {coverage:.0%}, wrong in {risk:.1%} of them"
        spots.append((coverage, Point(risk, note=note)))
        area = next((m for m in run.summary.metrics if m.name == "aurc"), None)
        rows.append((label, f"{coverage:.3f}", f"{risk:.3f}", _read(_to_point(area, label))))
    if not rows:
        return Plot(title, "No case has an answer and a confidence that differs from another's.")
    caption = (
        "Of the most confident questions, how many would be answered wrongly: without an answer in the "
        "articles, or with another sentence first. The mark is where the system stops answering."
    )
    axes = ("share of questions answered", "share of those wrong")
    drawing = draw_lines(lines, spots, title, axes, (_plain, _plain), (1.0, None))
    return Plot(title, caption, drawing, ("run", "answered", "risk", "AURC"), tuple(rows))


def plot_ranks(runs: Sequence[ScoredRun]) -> Plot:
    """Where in the search the first gold sentence is."""
    title = "Rank of the first gold sentence"
    names = [*(name for name, _ in _RANKS), _UNRANKED]
    bars: list[list[Point]] = []
    for label, run in _label(runs):
        planned = {each.case.id: each for each in run.run.cases}
        ranked = [
            find_first_rank(planned[row.case], row)
            for row in run.run.answers
            if row.answer is not None and planned[row.case].gold
        ]
        counts = dict.fromkeys(names, 0)
        for rank in ranked:
            counts[next((n for n, most in _RANKS if rank is not None and rank <= most), _UNRANKED)] += 1
        total = max(1, len(ranked))
        bars.append(
            [Point(c / total, note=f"{label}: {c:,} of {len(ranked):,} at {n}") for n, c in counts.items()]
        )
    if not any(point.value for points in bars for point in points):
        return Plot(title, "No case has gold sentences to find.")
    axes = ("rank in the search; none: not among those kept", "share of questions")
    rows = tuple((name, *(f"{bar[place].value:.3f}" for bar in bars)) for place, name in enumerate(names))
    caption = "Of the questions that the articles answer; before anything is chosen or written."
    drawing = draw_bars(names, bars, title, axes, _plain)
    return Plot(title, caption, drawing, ("rank", *_heads(runs)), rows)


def plot_latency(runs: Sequence[ScoredRun]) -> Plot:
    """Times by stage."""
    title = "Latency"
    rows = []
    for stage in STAGES:
        points = []
        for label, run in _label(runs):
            taken = {each.name: each.estimate for each in run.summary.metrics}
            middle, most = taken.get(f"{stage}_p50"), taken.get(f"{stage}_p95")
            note = f"{label}, {stage.removesuffix('_ms')}: half within {_ms(middle)}, 95 % within {_ms(most)}"
            points.append(Point(middle, middle, most, note) if middle is not None else None)
        if any(points):
            rows.append((stage.removesuffix("_ms"), points))
    if not rows:
        return Plot(
            title, "The suite encodes each passage once for all questions, so that times are not a user's."
        )
    table = tuple((name, *(f"{_ms(p.value)}, {_ms(p.high)}" if p else "–" for p in ps)) for name, ps in rows)
    drawing = draw_dots(rows, title, "milliseconds", _count, None)
    header = ("stage", *(f"{each} p50, p95".strip() for each in _heads(runs, single="")))
    return Plot(title, "Each mark is the median, and its line ends where 95 % of questions are done.",
                drawing, header, table)  # fmt: skip


def plot_cost(runs: Sequence[ScoredRun]) -> Plot:
    """What a question costs against how often all that is asked holds: in dollars, else in tokens."""
    title = "Cost against quality"
    if len(runs) < 2:
        return Plot(title, "There is one run; give several to see what better answers cost.")
    prices, tokens = ([_take_cost(run, name) for run in runs] for name in ("cost", "tokens"))
    known, unit = (prices, "dollars") if None not in prices else (tokens, "tokens of the model")
    if None in known:
        return Plot(title, "Neither the price nor the tokens of every run are known.")
    if not any(known):
        return Plot(title, "No run asked a model, so that none costs anything.")
    form = (lambda value: f"{value:.3g}") if unit == "dollars" else _count
    spots, rows = [], []
    for (label, run), cost in zip(_label(runs), known, strict=True):
        point = _to_point(next((m for m in run.summary.metrics if m.name == PASSED), None), label)
        spots.append((cost or 0.0, point) if point else None)
        rows.append((label, form(cost or 0.0), _read(point)))
    if not any(spots):
        return Plot(title, "No case is scored.")
    axes = (f"{unit} a question", PASSED)
    caption = "A run without a model costs nothing." + (
        "" if unit == "dollars" else " In tokens, as not every price is known."
    )
    drawing = draw_lines([], spots, title, axes, (form, _plain), (None, 1.0))
    return Plot(title, caption, drawing, ("run", unit, PASSED), tuple(rows))


def _find_asked(run: ScoredRun) -> list[Scored]:
    planned = {each.case.id: each for each in run.run.cases}
    rows = {(row.case, row.repeat): row for row in run.run.answers}
    scored = [
        Scored(planned[s.case], rows[s.case, s.repeat], s) for s in run.scores if (s.case, s.repeat) in rows
    ]
    return [s for s in scored if s.row.answer is not None and "refusal_correct" in s.score.values]


def _take_cost(run: ScoredRun, name: str) -> float | None:
    """What a question takes on average; None where it is not known of all."""
    if run.run.manifest.system.model is None:
        return 0.0
    found = next((metric for metric in run.summary.metrics if metric.name == name), None)
    return found.estimate if found is not None and not found.unscored else None


def _to_point(metric: MetricSummary | None, label: str) -> Point | None:
    if metric is None or metric.estimate is None:
        return None
    between = (
        f", {format_value(metric.name, metric.low)} to {format_value(metric.name, metric.high)}"
        if metric.low is not None
        else ""
    )
    note = f"{label}: {format_value(metric.name, metric.estimate)}{between}, n = {metric.cases}"
    return Point(metric.estimate, metric.low, metric.high, note)


def _read(point: Point | None) -> str:
    return point.note.partition(": ")[2] if point else "–"


def _label(items: Sequence[_Item]) -> list[tuple[str, _Item]]:
    return list(zip(LABELS, items, strict=False))


def _heads(runs: Sequence[ScoredRun], single: str = "value") -> list[str]:
    return list(LABELS[: len(runs)]) if len(runs) > 1 else [single]


def _plain(value: float) -> str:
    return f"{value:.2g}"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _ms(value: float | None) -> str:
    return format_value("total_ms_p50", value)
