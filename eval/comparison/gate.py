"""Whether a run holds what a baseline had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from eval.comparison.pairs import Comparison, Difference
from eval.metrics import holm
from eval.runs.folder import ScoredRun
from eval.scoring.catalogue import METRICS
from eval.scoring.summary import average_repeats

ALPHA = 0.05
"""Chance of an alarm over an unchanged system, all metrics of a gate together; `bench.gate` measures it."""
MOST_FAILED = 0.05
"""Share of answers that may fail before a run says more about the server than about the system."""


class GateOutcome(StrEnum):
    """What a gate says."""

    HELD = "held"
    REGRESSION = "regression"
    BROKEN = "broken"


EXIT_CODES = {GateOutcome.HELD: 0, GateOutcome.REGRESSION: 1, GateOutcome.BROKEN: 2}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A gate's word, and why."""

    outcome: GateOutcome
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()


def judge(comparison: Comparison, left_out: Mapping[str, str] = MappingProxyType({})) -> Ruling:
    """Hold a run to its baseline: no gate metric significantly lost, no floor fallen through.

    `left_out` are metrics that may not gate, each with the reason, which is said.
    """
    run = comparison.after
    suite = comparison.before.run.manifest.suite
    gate = [name for name in suite.gate if name not in left_out]
    gating = [each for each in comparison.differences if each.is_gate and each.metric.name in gate]
    named = [name for name in left_out if name in {*suite.gate, *suite.floors}]
    notes = (*comparison.notes, *(f"{name} does not gate: {left_out[name]}" for name in named))
    # Before losses: a gate that cannot see one must not say that there is none.
    broken = _find_breaks(comparison, gating, gate)
    if broken:
        return Ruling(GateOutcome.BROKEN, tuple(broken), notes)
    floors = {name: floor for name, floor in suite.floors.items() if name not in left_out}
    reasons = [*find_fallen(run, floors), *find_losses(gating)]
    outcome = GateOutcome.REGRESSION if reasons else GateOutcome.HELD
    return Ruling(outcome, tuple(reasons), notes)


def find_losses(gating: Sequence[Difference]) -> list[str]:
    """Gate metrics whose loss is not chance, at `ALPHA` over all of them together (Holm)."""
    corrected = holm({each.metric.name: each.chance_of_loss for each in gating})
    losses = []
    for each in gating:
        chance = corrected[each.metric.name]
        if chance < ALPHA and each.is_worse:
            verb = "fell" if each.metric.is_higher_better else "rose"
            losses.append(
                f"{each.metric.name} {verb} from {each.before:.3f} to {each.after:.3f} "
                f"(n = {each.cases}, p = {chance:.2g})"
            )
    return losses


def find_fallen(run: ScoredRun, floors: dict[str, float]) -> list[str]:
    """Metrics beyond the worst value the suite lets them take."""
    found = []
    for name, floor in floors.items():
        metric, summary = METRICS.get(name), run.summary.find(name)
        if metric is None or summary is None or summary.estimate is None:
            continue
        beyond = summary.estimate < floor if metric.is_higher_better else summary.estimate > floor
        if beyond:
            found.append(f"{name} is {summary.estimate:.3f}, and the suite asks for {floor:g}")
    return found


def _find_breaks(comparison: Comparison, gating: Sequence[Difference], gate: Sequence[str]) -> list[str]:
    run, suite = comparison.after.run, comparison.before.run.manifest.suite
    problems = []
    share = run.done.failures / max(run.done.rows, 1)
    if share > MOST_FAILED:
        first = next(row.failure for row in run.answers if row.failure is not None)
        problems.append(f"{run.done.failures} of {run.done.rows} answers failed; {first}")
    if not suite.gate:
        problems.append(f"suite “{suite.name}” names no metric under `gate`")
    elif not gate:
        problems.append(f"no metric that suite “{suite.name}” names under `gate` may gate")
    taken = {each.metric.name for each in gating}
    problems += [f"{name} could not be taken in both runs" for name in gate if name not in taken]
    problems += _find_lost(comparison, gating)
    # No loss could be significant, so that the gate would hold whatever happened.
    if gating and min(each.least_chance for each in gating) * len(gating) >= ALPHA:
        articles = max(each.cases for each in gating)
        problems.append(
            f"n = {articles} on too few articles: no loss could be distinguished from chance; ask more cases"
        )
    return problems


def _find_lost(comparison: Comparison, gating: Sequence[Difference]) -> list[str]:
    """Return a metric that is missing of cases which had it would hide a loss."""
    problems = []
    asked = comparison.after.run.planned.keys()
    failed = {row.case for row in comparison.after.run.answers if row.failure is not None}
    for each in gating:
        had = average_repeats(comparison.before.scores, each.metric.name).keys() & asked
        has = average_repeats(comparison.after.scores, each.metric.name).keys()
        lost = had - has - failed
        if len(lost) > MOST_FAILED * len(had):
            why = _explain_missing(comparison.after, each.metric.name, lost)
            problems.append(f"{each.metric.name} is missing of {len(lost)} of {len(had)} cases: {why}")
    return problems


def _explain_missing(scored: ScoredRun, name: str, cases: Set[str]) -> str:
    for score in scored.scores:
        if score.case in cases and name in score.unscored:
            return score.unscored[name]
    return "not taken"
