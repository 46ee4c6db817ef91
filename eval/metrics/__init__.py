"""Measures: pure functions, each with its formula and where it is from.

Nothing here reads a file or asks a model; what is counted comes in as plain values.
"""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from eval.metrics.intervals import Estimate, bootstrap_mean, estimate_mean, estimate_statistic
from eval.metrics.paired import holm, least_chance, mcnemar_exact, paired_bootstrap, sign_flip
from eval.metrics.ranking import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.metrics.refusal import aurc, calibration_error, risk_coverage
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
