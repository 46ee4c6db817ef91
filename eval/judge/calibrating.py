"""`pullquote eval judge calibrate`: how far a judge says what people said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from eval.judge.grading import EvalJudge
from eval.judge.labels import LabelledStatement, LabelSet
from eval.judge.rows import Calibration, Grade
from eval.metrics import Estimate, agreement, estimate_mean, estimate_statistic
from eval.runs.progress import OnProgress, show_nothing
from eval.runs.rows import MetricSummary
from eval.scoring.summary import summarize_estimate
from eval.suites.hashing import draw


def calibrate(
    labels: LabelSet,
    judge: EvalJudge,
    limit: int | None = None,
    seed: int = 0,
    progress: OnProgress = show_nothing,
) -> Calibration:
    """Ask a judge what people were asked, and measure how far it says the same. Unscored is never wrong.

    Raises SetupError if the judge cannot be reached; what it said is cached.
    """
    drawn = draw(labels.labels, limit, seed, lambda label: label.id)
    graded = []
    for done, label in enumerate(drawn, start=1):
        graded.append((label, judge.grade(label.asked)))
        progress(done, len(drawn))
    return Calibration(
        created=datetime.now(UTC),
        judge=judge.identity,
        layout=labels.layout,
        data=labels.sha256,
        labels=len(drawn),
        clusters=len({label.cluster for label in drawn}),
        limit=limit if len(drawn) < len(labels.labels) else None,
        seed=seed,
        left_out=labels.left_out,
        metrics=measure_agreement(graded),
    )


def measure_agreement(graded: Sequence[tuple[LabelledStatement, Grade]]) -> tuple[MetricSummary, ...]:
    """Return every measure with its interval; all but `unscored` of the labels that were scored."""
    pairs: list[agreement.Pair] = []
    clusters, unscored, every = [], [], []
    for label, grade in graded:
        every.append(label.cluster)
        unscored.append(float(grade.value is None))
        if grade.value is not None:
            clusters.append(label.cluster)
            pairs.append((label.holds, grade.value))
    right = [float(people == said) for people, said in pairs]

    def measure(name: str, statistic: Callable[[Sequence[agreement.Pair]], float | None]) -> MetricSummary:
        return _summarize(name, len(pairs), estimate_statistic(pairs, clusters, statistic) if pairs else None)

    kappa = estimate_statistic(pairs, clusters, agreement.cohen_kappa) if pairs else None
    sure = estimate_mean(right, clusters) if right else None
    # All resamples of a judge that always agreed are alike, and would claim certainty.
    if kappa is not None and sure is not None and kappa.value == 1 and sure.low is not None:
        kappa = _bound_kappa(pairs, sure.low)
    return (
        _summarize("accuracy", len(pairs), sure),
        measure("balanced_accuracy", agreement.balanced_accuracy),
        _summarize("kappa", len(pairs), kappa),
        measure("found_supported", lambda some: agreement.agreement_on(some, True)),
        measure("found_unsupported", lambda some: agreement.agreement_on(some, False)),
        _summarize("unscored", len(graded), estimate_mean(unscored, every)),
    )


def _bound_kappa(pairs: Sequence[agreement.Pair], low: float) -> Estimate:
    """Of a judge that always agreed, kappa's low end from accuracy's exact one, the shares staying."""
    assert agreement.accuracy(pairs) == 1
    expected = agreement.chance_agreement(pairs) or 0.0
    return Estimate(1.0, 1 - (1 - low) / (1 - expected), 1.0, "all alike; exact bound")


def _summarize(name: str, cases: int, estimate: Estimate | None) -> MetricSummary:
    return summarize_estimate(
        name, cases, estimate, "people gave one label only" if cases else "no label was scored"
    )
