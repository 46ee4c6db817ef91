"""Measures: pure functions, each with its formula and where it is from.

Nothing here reads a file or asks a model; what is counted comes in as plain values.
"""

from eval.metrics.intervals import (
    CONFIDENCE,
    RESAMPLES,
    Estimate,
    bootstrap_mean,
    estimate_mean,
    estimate_statistic,
)
from eval.metrics.paired import holm, least_chance, mcnemar_exact, paired_bootstrap, sign_flip
from eval.metrics.ranking import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.metrics.refusal import (
    aurc,
    calibration_error,
    risk_coverage,
)
from eval.metrics.spans import (
    ArticleSpan,
    GoldSpan,
    citation_coverage,
    citation_precision,
    citation_recall,
    citation_validity,
    evidence_precision,
    evidence_recall,
    find_facts,
    is_hit,
    rank_facts,
)
from eval.metrics.text import contains_answer, find_forbidden, normalize, split_tokens, token_f1
from eval.metrics.usage import Spoken, language_gap, percentile

__all__ = [
    "CONFIDENCE",
    "RESAMPLES",
    "ArticleSpan",
    "Estimate",
    "GoldSpan",
    "Spoken",
    "aurc",
    "average_precision",
    "bootstrap_mean",
    "calibration_error",
    "citation_coverage",
    "citation_precision",
    "citation_recall",
    "citation_validity",
    "contains_answer",
    "estimate_mean",
    "estimate_statistic",
    "evidence_precision",
    "evidence_recall",
    "find_facts",
    "find_forbidden",
    "hit_at",
    "holm",
    "is_hit",
    "language_gap",
    "least_chance",
    "mcnemar_exact",
    "ndcg_at",
    "normalize",
    "paired_bootstrap",
    "percentile",
    "rank_facts",
    "recall_at",
    "reciprocal_rank",
    "risk_coverage",
    "sign_flip",
    "split_tokens",
    "token_f1",
]
