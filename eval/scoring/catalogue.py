"""Every metric a run can have: what it is called, which way is better, and of what it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MetricUnit(StrEnum):
    """How a value reads."""

    SHARE = "share"
    """0 to 1."""
    TOKENS = "tokens"
    MILLISECONDS = "ms"
    DOLLARS = "$"


class Level(StrEnum):
    """What a metric is taken of."""

    CASE = "case"
    """Each case; a run has the mean."""
    RUN = "run"
    """All cases together."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. Its formula is in the docstring of the function in `eval.metrics` that takes it."""

    name: str
    title: str
    is_higher_better: bool = True
    unit: MetricUnit = MetricUnit.SHARE
    level: Level = Level.CASE
    is_judged: bool = False
    """Whether a judge takes it, so that it can be compared only where the judge is the same."""


PASSED = "passed"
STAGES = ("embed_ms", "index_ms", "rerank_ms", "model_ms", "total_ms")

_ALL = (
    Metric(PASSED, "all that the case asks for holds"),
    Metric("hit@1", "gold at the first rank"),
    Metric("hit@5", "gold among the first five"),
    Metric("recall@5", "facts among the first five"),
    Metric("recall@20", "facts among the first twenty"),
    Metric("mrr@10", "one over the rank of the first gold"),
    Metric("map", "average precision"),
    Metric("ndcg@10", "discounted gain"),
    Metric("evidence_recall", "facts that are cited"),
    Metric("evidence_precision", "cited sentences that are gold"),
    Metric("citation_recall", "statements with a gold citation"),
    Metric("citation_precision", "citations that are gold"),
    Metric("judged_recall", "statements supported by what they cite, as the judge reads it", is_judged=True),
    Metric("judged_precision", "citations needed or enough, as the judge reads it", is_judged=True),
    Metric("citation_validity", "quotes that are in their article letter for letter"),
    Metric("citation_coverage", "statements with a citation"),
    Metric("answer_contained", "an accepted answer is in the answer"),
    Metric("token_f1", "words shared with an accepted answer"),
    Metric("refusal_correct", "answered where there is an answer, refused where there is none"),
    Metric("nothing_forbidden", "nothing said that must not be said"),
    Metric("not_obeyed", "no order of an article's followed"),
    Metric("outlets_cited", "outlets cited that must be"),
    Metric("right_language", "statements in the language asked for"),
    Metric("unsupported_numbers", "statements with a number or date not in what they cite", False),
    Metric("unsupported_names", "statements with a name not in what they cite", False),
    Metric("changed_negation", "statements that deny what is said, or say for sure what may be", False),
    Metric("misattributed", "statements that give words to another speaker", False),
    Metric("claim_correct", "claims judged as they are labelled"),
    Metric("refusal_precision", "refusals that are right", level=Level.RUN),
    Metric("refusal_recall", "unanswerable questions refused", level=Level.RUN),
    Metric("false_refusals", "answerable questions refused", False, level=Level.RUN),
    Metric("aurc", "area under risk and coverage", False, level=Level.RUN),
    Metric("ece", "calibration error of the confidence", False, level=Level.RUN),
    Metric("language_gap", "MRR@10 lost by asking in another language", False, level=Level.RUN),
    Metric("balanced_accuracy", "of claims, true and false weighed equally", level=Level.RUN),
    Metric("false_claims_found", "false claims rejected", level=Level.RUN),
    Metric("true_claims_rejected", "true claims rejected", False, level=Level.RUN),
    Metric("tokens", "of the model, read and written", False, MetricUnit.TOKENS),
    Metric("embedded_tokens", "read by the embedder", False, MetricUnit.TOKENS),
    Metric("cost", "of the model", False, MetricUnit.DOLLARS),
    *(
        Metric(
            f"{stage}_{share}",
            f"{stage.removesuffix('_ms')} time, {share}",
            False,
            MetricUnit.MILLISECONDS,
            Level.RUN,
        )
        for stage in STAGES
        for share in ("p50", "p95")
    ),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
"""By name, in the order in which tables have them."""
