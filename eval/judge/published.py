"""What is published on how far judges agree, for a reader to hold a calibration against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One published figure."""

    judge: str
    against: str
    measure: str
    value: str
    source: str


PUBLISHED = (
    PublishedFigure(
        "people, estimated",
        "labels of SummEdits, ten domains",
        "balanced accuracy",
        "0.909",
        "Laban et al., EMNLP 2023, arXiv:2305.14540",
    ),
    PublishedFigure(
        "GPT-4, one prompt",
        "labels of SummEdits, ten domains",
        "balanced accuracy",
        "0.824",
        "Laban et al., EMNLP 2023, arXiv:2305.14540",
    ),
    PublishedFigure(
        "qwen3.6",
        "another model, Claude Opus 4.7, on answers",
        "Cohen's kappa",
        "0.66 or more",
        "haiku.rag, docs/benchmarks.md",
    ),
    PublishedFigure(
        "gpt-oss",
        "another model, Claude Opus 4.7, on answers",
        "Cohen's kappa",
        "0.39 to 0.55",
        "haiku.rag, docs/benchmarks.md",
    ),
)
"""Not our measurements. Those against another model say nothing of people."""
