"""Runs: immutable folders of answers, and the scores made of them."""

from eval.runs.rows import (
    AnswerRow,
    ClaimOutcome,
    Done,
    Environment,
    LanguageSummary,
    Manifest,
    MetricSummary,
    Ranked,
    ScoreRow,
    StoredArticle,
    SuiteIdentity,
    Summary,
    SystemIdentity,
    Totals,
    UsedModel,
)

__all__ = [
    "AnswerRow",
    "ClaimOutcome",
    "Done",
    "Environment",
    "LanguageSummary",
    "Manifest",
    "MetricSummary",
    "Ranked",
    "ScoreRow",
    "StoredArticle",
    "SuiteIdentity",
    "Summary",
    "SystemIdentity",
    "Totals",
    "UsedModel",
]
