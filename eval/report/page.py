"""A page of one run or several, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.comparison.gate import ALPHA, Ruling, judge
from eval.comparison.pairs import Comparison, FlippedCase, compare_runs, group_flips
from eval.report.cases import LABELS, CaseResult, Change, gather_cases
from eval.report.overview import describe_run, list_fallen, list_metrics, list_systems
from eval.report.plots import plot_all
from eval.report.rendering import render_page
from eval.runs.folder import ScoredRun
from vectorstore import PullquoteError, plural


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """One run beside the first."""

    label: str
    comparison: Comparison
    ruling: Ruling
    lost: Sequence[FlippedCase]
    gained: Sequence[FlippedCase]


def make_page(
    runs: Sequence[ScoredRun], list_left_out: Callable[[ScoredRun], Mapping[str, str]] = lambda run: {}
) -> str:
    """Return the page; with several runs each is compared with the first.

    `list_left_out` gives the metrics of a run that may not gate, each with the reason. Raises PullquoteError
    if the runs are too many, one is given twice, or they are of different suites or libraries.
    """
    comparisons = _compare_all(runs)
    views = gather_cases(runs, comparisons)
    found: set[str] = set().union(*(view.found for view in views))
    tags: set[str] = set().union(*(view.planned.case.tags for view in views))
    suite = runs[0].run.manifest.suite
    return render_page(
        title=f"{suite.name}: {plural(len(runs), 'run')}",
        suite=suite,
        alpha=ALPHA,
        heads=list(LABELS[: len(runs)]) if len(runs) > 1 else ["value"],
        runs=list(map(describe_run, LABELS, runs)),
        systems=list_systems(runs),
        metrics=list_metrics(runs),
        fallen=list_fallen(runs),
        comparisons=[
            _show_comparison(label, each, list_left_out(each.after))
            for each, label in zip(comparisons, LABELS[1:], strict=False)
        ],
        plots=plot_all(runs),
        cases=views,
        results=list(filter(found.__contains__, [*CaseResult, *Change])),
        languages=sorted({view.planned.case.language for view in views}),
        tags=sorted(tags),
    )


def _compare_all(runs: Sequence[ScoredRun]) -> list[Comparison]:
    if len(runs) > len(LABELS):
        raise PullquoteError(f"A page has room for {len(LABELS)} runs, and {len(runs)} were given.")
    (most_common, count), *_ = Counter(run.run.manifest.id for run in runs).most_common(1)
    if count > 1:
        raise PullquoteError(f"Run {most_common} was given twice; name each run once.")
    return [compare_runs(runs[0], run) for run in runs[1:]]


def _show_comparison(label: str, comparison: Comparison, left_out: Mapping[str, str]) -> ShownComparison:
    changed = group_flips(comparison.flips)
    lost = [each for each in changed if each.is_loss]
    return ShownComparison(label, comparison, judge(comparison, left_out), lost, changed[len(lost) :])
