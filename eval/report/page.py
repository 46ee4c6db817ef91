"""A page of one run or several, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element

from eval.comparison import Comparison, compare_runs
from eval.report.cases import show_case
from eval.report.changes import show_comparison
from eval.report.document import make_document
from eval.report.elements import Node, table, tag
from eval.report.overview import name_runs, show_legend, show_runs, show_summary
from eval.report.plots import Plot, plot_all
from eval.report.views import LABELS, CaseView, Change, Result, gather_cases
from eval.runs.folder import ScoredRun
from vectorstore import PullquoteError


def make_page(
    runs: Sequence[ScoredRun], list_left_out: Callable[[ScoredRun], Mapping[str, str]] = lambda run: {}
) -> str:
    """The page; with several runs each is compared with the first.

    Args:
        runs: at least one.
        list_left_out: metrics of a run that may not gate, each with the reason.

    Raises:
        PullquoteError: the runs are too many, one is given twice, or they are of different suites or
            libraries.
    """
    comparisons = compare_all(runs)
    views = gather_cases(runs, comparisons)
    body = [show_runs(runs), _show_contents(bool(comparisons)), show_summary(runs)]
    if comparisons:
        parts = [
            show_comparison(each, LABELS[0], label, list_left_out(each.after))
            for each, label in zip(comparisons, LABELS[1:], strict=False)
        ]
        body.append(tag("section", tag("h2", "Comparison"), *parts, id="comparison"))
    plots = [_show_plot(plot) for plot in plot_all(runs)]
    grid = tag("div", *plots, class_="plots")
    body.append(tag("section", tag("h2", "Plots"), show_legend(runs), grid, id="plots"))
    body.append(_show_cases(views))
    return make_document(f"{name_runs(runs)} – Pullquote evaluation", body)


def compare_all(runs: Sequence[ScoredRun]) -> list[Comparison]:
    """Each run but the first beside the first.

    Raises:
        PullquoteError: as `make_page`.
    """
    if len(runs) > len(LABELS):
        raise PullquoteError(f"A page has room for {len(LABELS)} runs, and {len(runs)} were given.")
    ids = [run.run.manifest.id for run in runs]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise PullquoteError(f"Run {twice} was given twice; name each run once.")
    return [compare_runs(runs[0], run) for run in runs[1:]]


def _show_contents(has_comparison: bool) -> Element:
    parts = ["summary", *(["comparison"] if has_comparison else []), "plots", "cases"]
    links: list[Node] = []
    for part in parts:
        links += [tag("a", part.capitalize(), href=f"#{part}"), " "]
    return tag("nav", *links, aria_label="Parts of this page")


def _show_plot(plot: Plot) -> Element:
    if plot.drawing is None:
        return tag("p", tag("b", f"{plot.title}: "), f"left out. {plot.caption}", class_="left-out")
    return tag(
        "figure",
        tag("figcaption", tag("h3", plot.title), tag("p", plot.caption, class_="quiet")),
        plot.drawing,
        tag("details", tag("summary", "Numbers"), tag("div", table(plot.header, plot.rows), class_="wide")),
    )


def _show_cases(views: Sequence[CaseView]) -> Element:
    languages = sorted({view.planned.case.language for view in views})
    tags = sorted({each for view in views for each in view.planned.case.tags})
    there = {result for view in views for result in view.results} | {c for v in views for c in v.changes}
    results = [str(each) for each in (*Result, *Change) if each in there]
    controls = tag(
        "div",
        tag("label", "Search ", tag("input", type="search", id="search", placeholder="words of a case")),
        _offer("result", "Result", results),
        _offer("language", "Language", languages),
        _offer("tag", "Tag", tags),
        tag("button", "Unfold all shown", type="button", id="unfold"),
        tag("button", "Fold all", type="button", id="fold"),
        tag("output", f"{len(views):,} of {len(views):,} cases", id="count", aria_live="polite"),
        class_="controls",
        role="search",
        hidden=True,
    )
    legend = tag(
        "p", "In the articles: ", tag("mark", "cited"), ", ", tag("span", "gold", class_="gold"), ", ",
        tag("mark", "cited and gold", class_="gold"), ".", class_="quiet",
    )  # fmt: skip
    return tag("section", tag("h2", "Cases"), controls, legend, *map(show_case, views), id="cases")


def _offer(name: str, words: str, options: Sequence[str]) -> Element | None:
    """A choice, where there is any."""
    if len(options) < 2:
        return None
    entries = [tag("option", each, value=each) for each in options]
    choice = tag("select", tag("option", "all", value=""), *entries, id=name, data_narrows=name)
    return tag("label", f"{words} ", choice)
