"""A run's numbers, each with how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from agent import Usage
from eval import metrics
from eval.metrics import Estimate, Spoken
from eval.metrics.agreement import balanced_accuracy
from eval.runs.folder import EvalRun
from eval.runs.identity import ANSWERING, hash_code
from eval.runs.rows import AnswerRow, LanguageSummary, MetricSummary, RunSummary, ScoreRow, Totals
from eval.scoring.cases import is_refused
from eval.scoring.catalogue import METRICS, STAGES, Level
from eval.suites.cases import PlannedCase
from vectorstore import is_same_language


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """One answer with its case and scores."""

    planned: PlannedCase
    row: AnswerRow
    score: ScoreRow

    @property
    def is_unanswerable(self) -> bool:
        return self.planned.case.unanswerable

    @property
    def is_refused(self) -> bool:
        return self.row.answer is not None and is_refused(self.row.answer)

    @property
    def holds(self) -> bool:
        """Whether the case is a claim that its article supports."""
        return self.planned.case.claim is not None and self.planned.case.claim.holds


def pair_scores(run: EvalRun, scores: Sequence[ScoreRow]) -> list[ScoredAnswer]:
    """Return each score with its case and answer."""
    planned = run.planned
    rows = {(row.case, row.repeat): row for row in run.answers}
    found = []
    for score in scores:
        if (score.case, score.repeat) in rows:
            found.append(ScoredAnswer(planned[score.case], rows[score.case, score.repeat], score))
    return found


def summarize(run: EvalRun, scores: Sequence[ScoreRow]) -> RunSummary:
    """Means and run-wide metrics with 95 % intervals, over all and by language of the question."""
    scored = pair_scores(run, scores)
    by_language: dict[str, list[ScoredAnswer]] = {}
    for each in scored:
        by_language.setdefault(each.planned.case.language, []).append(each)
    languages: list[LanguageSummary] = []
    if len(by_language) > 1:
        for language, answers in sorted(by_language.items()):
            for metric in _order(take_means(answers)):
                languages.append(LanguageSummary(language=language, metric=metric))
    return RunSummary(
        scorer=hash_code("eval", *ANSWERING),
        metrics=tuple(_order([*take_means(scored), *_take_run_metrics(scored)])),
        languages=tuple(languages),
        totals=add_up(run.answers),
    )


def average_repeats(scores: Iterable[ScoreRow], name: str) -> dict[str, float]:
    """Return a metric by case: the mean over its repeats, those without it left out."""
    found: dict[str, list[float]] = {}
    for score in scores:
        if name in score.values:
            found.setdefault(score.case, []).append(score.values[name])
    return {case: sum(values) / len(values) for case, values in found.items()}


def take_means(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    """Return every per-case metric that was taken or should have been."""
    clusters = {each.planned.case.id: each.planned.cluster for each in scored}
    scores = [each.score for each in scored]
    found = []
    for name, metric in METRICS.items():
        if metric.level is not Level.CASE:
            continue
        values = average_repeats(scores, name)
        reasons = {score.case: score.unscored[name] for score in scores if name in score.unscored}
        left_out = reasons.keys() - values.keys()
        if not values and not left_out:
            continue
        estimate = None
        if values:
            estimate = metrics.estimate_mean(list(values.values()), [clusters[case] for case in values])
        summary = summarize_estimate(name, len(values), estimate, next(iter(reasons.values()), "no case"))
        found.append(summary.model_copy(update={"unscored": len(left_out)}))
    return found


def summarize_estimate(
    name: str, cases: int, estimate: Estimate | None, reason: str = "no case of that kind"
) -> MetricSummary:
    """Return an estimate as it is stored; where there is none, `reason` says why."""
    if estimate is None:
        return MetricSummary(name=name, cases=0, estimate=None, note=reason)
    value, low, high, note = estimate
    return MetricSummary(name=name, cases=cases, estimate=value, low=low, high=high, note=note)


def add_up(rows: Sequence[AnswerRow]) -> Totals:
    """Return what a run took."""
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
    pairs = []
    for each in scored:
        if each.row.answer is None:
            continue
        if each.is_unanswerable:
            pairs.append((each.row.answer.confidence, 1.0))
        elif "hit@1" in each.score.values:
            pairs.append((each.row.answer.confidence, 1 - each.score.values["hit@1"]))
    return pairs


def list_decisions(scored: Iterable[ScoredAnswer]) -> list[ScoredAnswer]:
    """Return the questions of which it was scored whether answering or refusing was right."""
    return [each for each in scored if each.row.answer is not None and "refusal_correct" in each.score.values]


def _take_run_metrics(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    asked = list_decisions(scored)
    refused = [each for each in asked if each.is_refused]
    unanswerable = [each for each in asked if each.is_unanswerable]
    answerable = [each for each in asked if not each.is_unanswerable]
    found: list[MetricSummary] = []
    if unanswerable:
        found.append(_take_share("refusal_precision", refused, lambda each: each.is_unanswerable))
        found.append(_take_share("refusal_recall", unanswerable, lambda each: each.is_refused))
    if answerable:
        found.append(_take_share("false_refusals", answerable, lambda each: each.is_refused))
    if unanswerable and answerable:
        found.append(_estimate("aurc", asked, _take_aurc))
        found.append(_estimate("ece", asked, _take_calibration))
    return found + _take_gap(scored) + _take_claims(scored) + _take_latencies(scored)


def _take_aurc(scored: Sequence[ScoredAnswer]) -> float | None:
    pairs = pair_confidence_and_loss(scored)
    return metrics.aurc(pairs) if pairs else None


def _take_calibration(scored: Sequence[ScoredAnswer]) -> float | None:
    pairs = []
    for each in scored:
        if each.row.answer is not None:
            pairs.append((each.row.answer.confidence, float(not each.is_unanswerable)))
    return metrics.calibration_error(pairs) if pairs else None


def _take_gap(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    grouped = [each for each in scored if each.planned.case.group and each.planned.article_language]
    return [] if _language_gap(grouped) is None else [_estimate("language_gap", grouped, _language_gap)]


def _language_gap(scored: Sequence[ScoredAnswer]) -> float | None:
    spoken = []
    for each in scored:
        planned = each.planned
        if planned.case.group is not None and "mrr@10" in each.score.values:
            is_same = is_same_language(planned.case.language, planned.article_language or "")
            spoken.append(Spoken(planned.case.group, is_same, each.score.values["mrr@10"]))
    return metrics.language_gap(spoken)


def _take_claims(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    claims = [each for each in scored if each.planned.case.claim and "claim_correct" in each.score.values]
    if not claims:
        return []
    true, false = ([each for each in claims if each.holds is side] for side in (True, False))
    return [
        _estimate("balanced_accuracy", claims, _balance),
        _take_share("false_claims_found", false, lambda each: each.score.values["claim_correct"] == 1),
        _take_share("true_claims_rejected", true, lambda each: each.score.values["claim_correct"] == 0),
    ]


def _balance(claims: Sequence[ScoredAnswer]) -> float | None:
    pairs = []
    for each in claims:
        is_correct = each.score.values["claim_correct"] == 1
        pairs.append((each.holds, each.holds == is_correct))
    return balanced_accuracy(pairs)


def _take_latencies(scored: Sequence[ScoredAnswer]) -> list[MetricSummary]:
    found = []
    for stage in STAGES:
        timed = [each for each in scored if stage in each.score.values]
        if not any(each.score.values[stage] for each in timed):
            continue
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            found.append(_estimate(f"{stage}_{name}", timed, partial(_take_percentile, stage, share)))
    return found


def _take_percentile(stage: str, share: float, scored: Sequence[ScoredAnswer]) -> float:
    return metrics.percentile([each.score.values[stage] for each in scored], share)


def _estimate(
    name: str, scored: Sequence[ScoredAnswer], statistic: Callable[[Sequence[ScoredAnswer]], float | None]
) -> MetricSummary:
    estimate = metrics.estimate_statistic(scored, [each.planned.cluster for each in scored], statistic)
    return summarize_estimate(name, len({each.planned.case.id for each in scored}), estimate)


def _take_share(
    name: str, scored: Sequence[ScoredAnswer], is_so: Callable[[ScoredAnswer], bool]
) -> MetricSummary:
    """Return a share of the cases of one kind, repeats averaged."""
    values: dict[str, list[float]] = {}
    clusters: dict[str, str] = {}
    for each in scored:
        values.setdefault(each.planned.case.id, []).append(float(is_so(each)))
        clusters[each.planned.case.id] = each.planned.cluster
    means = [sum(of_case) / len(of_case) for of_case in values.values()]
    return summarize_estimate(
        name, len(means), metrics.estimate_mean(means, list(clusters.values())) if means else None
    )


def _order(found: Iterable[MetricSummary]) -> list[MetricSummary]:
    places = list(METRICS)
    return sorted(found, key=lambda metric: places.index(metric.name))
