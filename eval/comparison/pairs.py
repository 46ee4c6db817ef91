"""Two runs, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.metrics import holm, least_chance, paired_bootstrap, sign_flip
from eval.runs.folder import ScoredRun
from eval.scoring.catalogue import METRICS, PASSED, Level, Metric
from eval.scoring.summary import average_repeats
from eval.suites.cases import PlannedCase
from vectorstore import PullquoteError, plural


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in both runs, on the cases that have it in both."""

    metric: Metric
    cases: int
    before: float
    after: float
    difference: float
    """After less before."""
    low: float | None
    high: float | None
    note: str
    """Why there is no interval."""
    chance_of_loss: float
    """Chance of a loss as large as this without any, one-sided; 1 where there is none."""
    chance_of_gain: float
    corrected_loss: float
    """Holm's, over all metrics compared."""
    corrected_gain: float
    least_chance: float
    """The smallest chance there can be with so few articles that differ or could."""
    is_gate: bool

    @property
    def is_worse(self) -> bool:
        return self.difference < 0 if self.metric.is_higher_better else self.difference > 0


@dataclass(frozen=True, slots=True)
class Flip:
    """A case whose outcome changed."""

    case: PlannedCase
    metric: str
    before: float
    after: float

    @property
    def is_loss(self) -> bool:
        """Whether it passed before and does not now."""
        return self.after < self.before if METRICS[self.metric].is_higher_better else self.after > self.before


@dataclass(frozen=True, slots=True)
class FlippedCase:
    """A case with all of its flips."""

    case: PlannedCase
    flips: tuple[Flip, ...]

    @property
    def is_loss(self) -> bool:
        """Whether any of them is one for the worse."""
        return any(flip.is_loss for flip in self.flips)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B beside run A."""

    before: ScoredRun
    after: ScoredRun
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    notes: tuple[str, ...]


def group_flips(flips: Sequence[Flip]) -> list[FlippedCase]:
    """Return each changed case once, what was lost first."""
    cases: dict[str, list[Flip]] = {}
    for flip in flips:
        cases.setdefault(flip.case.case.id, []).append(flip)
    changed = [FlippedCase(group[0].case, tuple(group)) for group in cases.values()]
    return sorted(changed, key=lambda each: not each.is_loss)


def compare_runs(before: ScoredRun, after: ScoredRun) -> Comparison:
    """Paired differences of every per-case metric, with intervals and chances, and the flips.

    Raises PullquoteError if the runs are of different suites or libraries, or share no case.
    """
    refuse_unlike(before, after)
    planned = before.run.planned
    gate = before.run.manifest.suite.gate
    found: list[Difference] = []
    flips: list[Flip] = []
    for name, metric in METRICS.items():
        if metric.level is not Level.CASE or (metric.is_judged and has_different_judges(before, after)):
            continue
        one, other = average_repeats(before.scores, name), average_repeats(after.scores, name)
        shared = list(filter(other.__contains__, one))
        if not shared:
            continue
        found.append(
            measure_difference(
                metric,
                list(map(one.__getitem__, shared)),
                list(map(other.__getitem__, shared)),
                [planned[case].cluster for case in shared],
                is_gate=name in gate,
            )
        )
        if name == PASSED or name in gate:
            for case in shared:
                if one[case] != other[case]:
                    flips.append(Flip(planned[case], name, one[case], other[case]))
    if not found:
        raise PullquoteError(
            f"{before.run.folder} and {after.run.folder} share no scored case; there is nothing to compare."
        )
    return Comparison(before, after, tuple(_correct(found)), tuple(flips), tuple(_note(before, after)))


def measure_difference(
    metric: Metric, before: list[float], after: list[float], clusters: list[str], *, is_gate: bool
) -> Difference:
    """One metric's paired difference; the corrected chances are still the plain ones."""
    differences = [b - a for a, b in zip(before, after, strict=True)]
    estimate = paired_bootstrap(differences, clusters)
    # Where lower is better a gain is a fall; `sign_flip` takes a low mean for the loss.
    gains = differences if metric.is_higher_better else [-each for each in differences]
    loss = sign_flip(gains, clusters)
    gain = sign_flip([-each for each in gains], clusters)
    return Difference(
        metric=metric,
        cases=len(differences),
        before=sum(before) / len(before),
        after=sum(after) / len(after),
        difference=estimate.value,
        low=estimate.low,
        high=estimate.high,
        note=estimate.note,
        chance_of_loss=loss,
        chance_of_gain=gain,
        corrected_loss=loss,
        corrected_gain=gain,
        least_chance=least_chance(len(set(clusters))),
        is_gate=is_gate,
    )


def refuse_unlike(before: ScoredRun, after: ScoredRun) -> None:
    """Raise PullquoteError, naming the difference, if the runs are of different suites or libraries."""
    one, other = before.run.manifest.suite, after.run.manifest.suite
    why = ""
    if one.name != other.name:
        why = f"one is of suite “{one.name}”, the other of “{other.name}”."
    elif one.library != other.library:
        hashes = f"{one.library[:12]} and {other.library[:12]}"
        why = f"the articles of suite “{one.name}” are not the same ({hashes}). Run one of them again."
    elif one.sha256 != other.sha256:
        change = _describe_change(before, after)
        why = f"suite “{one.name}” has changed between them ({change}). Run one of them again."
    if why:
        names = f"{before.run.folder.name} and {after.run.folder.name}"
        raise PullquoteError(f"{names} cannot be compared: {why}")


def has_different_judges(before: ScoredRun, after: ScoredRun) -> bool:
    """Whether a judge took metrics of both runs, and not the same one."""
    one, other = before.summary.judge, after.summary.judge
    return one is not None and other is not None and not one.is_same(other)


def _describe_change(before: ScoredRun, after: ScoredRun) -> str:
    one, other = before.run.planned, after.run.planned
    is_whole = before.run.manifest.limit is None and after.run.manifest.limit is None
    kinds = {"changed": {case for case in one.keys() & other.keys() if one[case] != other[case]}}
    if is_whole:
        kinds = {"added": other.keys() - one.keys(), "removed": one.keys() - other.keys()} | kinds
    parts = []
    for kind, cases in kinds.items():
        if cases:
            parts.append(f"{plural(len(cases), 'case')} {kind}: {_name(cases)}")
    return "; ".join(parts) or "cases that were not asked, or what gates"


def _name(cases: set[str]) -> str:
    shown = sorted(cases)[:3]
    return ", ".join(shown) + (", …" if len(cases) > len(shown) else "")


def _correct(found: list[Difference]) -> list[Difference]:
    losses = holm({each.metric.name: each.chance_of_loss for each in found})
    gains = holm({each.metric.name: each.chance_of_gain for each in found})
    return [
        replace(each, corrected_loss=losses[each.metric.name], corrected_gain=gains[each.metric.name])
        for each in found
    ]


def _note(before: ScoredRun, after: ScoredRun) -> list[str]:
    notes = []
    for scored in (before, after):
        failures = scored.run.done.failures
        if failures:
            notes.append(f"{scored.run.folder.name}: {plural(failures, 'answer')} failed and are unscored")
    asked, asked_again = before.run.planned.keys(), after.run.planned.keys()
    if asked != asked_again:
        notes.append(f"only the {plural(len(asked & asked_again), 'case')} that both runs asked are compared")
    one, other = before.summary.judge, after.summary.judge
    if one != other and not (one is not None and one.is_same(other)):
        judged = " and ".join(metric.name for metric in METRICS.values() if metric.is_judged)
        notes.append(
            f"{judged} are not compared: {before.run.folder.name} was judged by {one or 'no model'}, "
            f"{after.run.folder.name} by {other or 'no model'}; score one again with the other's judge"
        )
    if before.summary.scorer != after.summary.scorer:
        notes.append("the runs were scored by different code; score both again with `pullquote eval score`")
    return notes
