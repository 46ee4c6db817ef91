"""A run's numbers, each with how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent import Usage
from eval import metrics
from eval.metrics import Estimate, Spoken
from eval.runs.folder import EvalRun
from eval.runs.identity import hash_scoring_code
from eval.runs.rows import AnswerRow, LanguageSummary, MetricSummary, RunSummary, ScoreRow, Totals
from eval.scoring.cases import is_refused
from eval.scoring.catalogue import METRICS, STAGES, Level
from eval.suites.cases import PlannedCase


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """One answer with its case and scores."""

    planned: PlannedCase
    row: AnswerRow
    score: ScoreRow


def pair_scores(run: EvalRun, scores: Sequence[ScoreRow]) -> list[ScoredAnswer]:
    """Each score with its case and answer."""
    planned = {each.case.id: each for each in run.cases}
    rows = {(row.case, row.repeat): row for row in run.answers}
    found = []
    for score in scores:
        if (score.case, score.repeat) in rows:
            found.append(ScoredAnswer(planned[score.case], rows[score.case, score.repeat], score))
    return found


def summarize(run: EvalRun, scores: Sequence[ScoreRow]) -> RunSummary:
    """Means and run-wide metrics with 95 % intervals, over all and by language of the question."""
    scored = pair_scores(run, scores)
    languages = sorted({each.planned.case.language for each in scored})
    return RunSummary(
        scorer=hash_scoring_code(),
        metrics=tuple(_order([*take_means(scored), *_take_run_metrics(scored)])),
        languages=tuple(
            LanguageSummary(language=language, metric=metric)
            for language in (languages if len(languages) > 1 else ())
            for metric in _order(take_means([s for s in scored if s.planned.case.language == language]))
        ),
        totals=add_up(run.answers),
    )


def average_repeats(scores: Iterable[ScoreRow], name: str) -> dict[str, float]:
    """A metric by case: the mean over its repeats, those without it left out."""
    found: dict[str, list[float]] = {}
    for score in scores:
        if name in score.values:
            found.setdefault(score.case, []).append(score.values[name])
    return {case: sum(values) / len(values) for case, values in found.items()}


def take_means(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    """Every per-case metric that was taken or should have been."""
    clusters = {each.planned.case.id: each.planned.cluster for each in scored}
    found = []
    for name, metric in METRICS.items():
        if metric.level is not Level.CASE:
            continue
        values = average_repeats((each.score for each in scored), name)
        left_out = {s.score.case for s in scored if name in s.score.unscored} - values.keys()
        if values or left_out:
            estimate = (
                metrics.estimate_mean(list(values.values()), [clusters[case] for case in values])
                if values
                else None
            )
            reasons = [s.score.unscored[name] for s in scored if name in s.score.unscored]
            found.append(_report(name, len(values), len(left_out), estimate, reasons))
    return found


def add_up(rows: Sequence[AnswerRow]) -> Totals:
    """What a run took."""
    usage = Usage()
    for row in rows:
        if row.answer is not None:
            usage += row.answer.usage
    return Totals(
        answers=len(rows),
        failures=sum(row.failure is not None for row in rows),
        reused=sum(row.reused for row in rows),
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        embedded_tokens=usage.embedded_tokens,
        cost=usage.cost.normalize() if usage.cost else Decimal(0) if usage.cost == 0 else None,
    )


def pair_confidence_and_loss(scored: Iterable[ScoredAnswer]) -> list[tuple[float, float]]:
    """For risk and coverage: the loss is 0 where the best sentence is gold, whether it was shown or not."""
    return [
        (
            each.row.answer.confidence,
            1.0 if each.planned.case.unanswerable else 1 - each.score.values["hit@1"],
        )
        for each in scored
        if each.row.answer is not None and (each.planned.case.unanswerable or "hit@1" in each.score.values)
    ]


def _take_run_metrics(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    found: list[MetricSummary] = []
    asked = [s for s in scored if s.row.answer is not None and "refusal_correct" in s.score.values]
    kinds = {each.planned.case.unanswerable for each in asked}
    refused = [each for each in asked if _is_refusal(each)]
    if True in kinds:
        found += [
            _mean("refusal_precision", refused, lambda each: each.planned.case.unanswerable),
            _mean("refusal_recall", [s for s in asked if s.planned.case.unanswerable], _is_refusal),
        ]
    if False in kinds:
        found.append(
            _mean("false_refusals", [s for s in asked if not s.planned.case.unanswerable], _is_refusal)
        )
    if len(kinds) == 2:
        found += [
            _estimate("aurc", asked, lambda part: _or_none(metrics.aurc, pair_confidence_and_loss(part))),
            _estimate("ece", asked, lambda part: _or_none(metrics.calibration_error, _answerability(part))),
        ]
    found += _take_gap(scored) + _take_claims(scored) + _take_latencies(scored)
    return found


def _is_refusal(each: ScoredAnswer) -> bool:
    return each.row.answer is not None and is_refused(each.row.answer)


def _answerability(scored: Sequence[ScoredAnswer]) -> list[tuple[float, float]]:
    return [
        (each.row.answer.confidence, float(not each.planned.case.unanswerable))
        for each in scored
        if each.row.answer is not None
    ]


def _take_gap(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    def spoken(part: Sequence[ScoredAnswer]) -> float | None:
        return metrics.language_gap(
            Spoken(s.planned.case.group, _is_in_its_language(s.planned), s.score.values["mrr@10"])
            for s in part
            if s.planned.case.group is not None and "mrr@10" in s.score.values
        )

    grouped = [s for s in scored if s.planned.case.group is not None and s.planned.article_language]
    return [_estimate("language_gap", grouped, spoken)] if spoken(grouped) is not None else []


def _is_in_its_language(planned: PlannedCase) -> bool:
    article = (planned.article_language or "").partition("-")[0]
    return planned.case.language.partition("-")[0] == article


def _take_claims(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    claims = [s for s in scored if s.planned.case.claim is not None and "claim_correct" in s.score.values]
    if not claims:
        return []

    sides = [
        [
            each
            for each in claims
            if each.planned.case.claim is not None and each.planned.case.claim.holds is side
        ]
        for side in (True, False)
    ]

    def balance(part: Sequence[ScoredAnswer]) -> float | None:
        right: list[list[float]] = [[], []]
        for each in part:
            if each.planned.case.claim is not None:
                right[each.planned.case.claim.holds].append(each.score.values["claim_correct"])
        return sum(sum(side) / len(side) for side in right) / 2 if all(right) else None

    return [
        _estimate("balanced_accuracy", claims, balance),
        _mean("false_claims_found", sides[1], lambda each: each.score.values["claim_correct"] == 1),
        _mean("true_claims_rejected", sides[0], lambda each: each.score.values["claim_correct"] == 0),
    ]


def _take_latencies(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    found = []
    for stage in STAGES:
        timed = [each for each in scored if stage in each.score.values]
        if not any(each.score.values[stage] for each in timed):
            continue
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            found.append(
                _estimate(
                    f"{stage}_{name}",
                    timed,
                    lambda part, stage=stage, share=share: metrics.percentile(  # type: ignore[misc]
                        [each.score.values[stage] for each in part], share
                    ),
                )
            )
    return found


def _estimate(
    name: str, scored: Sequence[ScoredAnswer], statistic: Callable[[Sequence[ScoredAnswer]], float | None]
) -> MetricSummary:
    estimate = metrics.estimate_statistic(scored, [each.planned.cluster for each in scored], statistic)
    cases = len({each.planned.case.id for each in scored})
    return _report(name, cases, 0, estimate, ["no case of that kind"])


def _mean(name: str, scored: Sequence[ScoredAnswer], is_so: Callable[[ScoredAnswer], bool]) -> MetricSummary:
    """A share of the cases of one kind, repeats averaged."""
    values: dict[str, list[float]] = {}
    clusters: dict[str, str] = {}
    for each in scored:
        values.setdefault(each.planned.case.id, []).append(float(is_so(each)))
        clusters[each.planned.case.id] = each.planned.cluster
    means = [sum(of_case) / len(of_case) for of_case in values.values()]
    estimate = metrics.estimate_mean(means, list(clusters.values())) if means else None
    return _report(name, len(means), 0, estimate, ["no case of that kind"])


def _report(
    name: str, cases: int, unscored: int, estimate: Estimate | None, reasons: Sequence[str]
) -> MetricSummary:
    if estimate is None:
        return MetricSummary(
            name=name, cases=0, unscored=unscored, estimate=None, note=reasons[0] if reasons else "no case"
        )
    return MetricSummary(
        name=name,
        cases=cases,
        unscored=unscored,
        estimate=estimate.value,
        low=estimate.low,
        high=estimate.high,
        note=estimate.note,
    )


def _or_none(
    measure: Callable[[Sequence[tuple[float, float]]], float], pairs: Sequence[tuple[float, float]]
) -> float | None:
    return measure(pairs) if pairs else None


def _order(found: Iterable[MetricSummary]) -> list[MetricSummary]:
    places: Mapping[str, int] = {name: row for row, name in enumerate(METRICS)}
    return sorted(found, key=lambda metric: places[metric.name])
