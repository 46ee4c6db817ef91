"""Runs: immutable folders of answers, and the scores made of them."""

from eval.runs.rows import (
    AnswerRow,
    ClaimOutcome,
    Done,
    Environment,
    KeptArticle,
    LanguageSummary,
    Manifest,
    MetricSummary,
    Ranked,
    ScoreRow,
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
    "KeptArticle",
    "LanguageSummary",
    "Manifest",
    "MetricSummary",
    "Ranked",
    "ScoreRow",
    "SuiteIdentity",
    "Summary",
    "SystemIdentity",
    "Totals",
    "UsedModel",
]
