"""Runs: immutable folders of answers, and the scores made of them."""

from eval.runs.rows import (
    AnswerRow,
    ArticleRow,
    ClaimOutcome,
    Done,
    Environment,
    LanguageSummary,
    MetricSummary,
    Ranked,
    RunManifest,
    RunSummary,
    ScoreRow,
    SuiteIdentity,
    SystemIdentity,
    Totals,
    UsedModel,
)

__all__ = [
    "AnswerRow",
    "ArticleRow",
    "ClaimOutcome",
    "Done",
    "Environment",
    "LanguageSummary",
    "MetricSummary",
    "Ranked",
    "RunManifest",
    "RunSummary",
    "ScoreRow",
    "SuiteIdentity",
    "SystemIdentity",
    "Totals",
    "UsedModel",
]
