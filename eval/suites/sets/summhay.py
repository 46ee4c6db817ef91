"""Summary of a Haystack (Laban et al., EMNLP 2024): summaries, insights, and what people say each covers.

These are no cases but labels: a judge is held against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eval.suites.sets.content import Record, find_file, read_records
from vectorstore import SourceError

FILES = ("summhay_judge_news.jsonl",)


class InsightCoverage(StrEnum):
    """How much of an insight a summary has."""

    FULL = "fully_covered"
    PARTIAL = "partially_covered"
    NONE = "not_covered"


@dataclass(frozen=True, slots=True)
class LabelledCoverage:
    """One judgement of a person's."""

    id: str
    summary: str
    insight: str
    coverage: InsightCoverage


class _Insight(Record):
    insight_id: str
    insight: str


class _Annotation(Record):
    insight_id: str
    coverage: InsightCoverage


class _Summary(Record):
    subtopic_id: str
    summkey: str
    summary: tuple[str, ...] | str
    reference_insights: tuple[_Insight, ...]
    annotation: tuple[_Annotation, ...]


def read_coverage(data: Path) -> list[LabelledCoverage]:
    """Every judgement of the set in the folder, or in the file, `data`.

    Raises:
        SourceError: the file is missing or damaged, or a judgement is of no insight.
    """
    found = data if data.is_file() else find_file(data, FILES)
    labels = []
    for number, row in enumerate(read_records(found, _Summary), 1):
        insights = {insight.insight_id: insight.insight for insight in row.reference_insights}
        text = row.summary if isinstance(row.summary, str) else "\n".join(row.summary)
        for annotation in row.annotation:
            if annotation.insight_id not in insights:
                raise SourceError(
                    f"{found} record {number}: no insight {annotation.insight_id}; download the file again"
                )
            labels.append(
                LabelledCoverage(
                    f"{row.subtopic_id}:{row.summkey}:{annotation.insight_id}",
                    text,
                    insights[annotation.insight_id],
                    annotation.coverage,
                )
            )
    return labels
