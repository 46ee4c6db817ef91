"""What judges are asked, what they say, and how far people agree: as it is stored in files."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from eval.runs.rows import MetricSummary, Sha256, UsedJudge
from eval.suites.cases import ClosedModel
from prompts import Sentence, Source

FORMAT = 1
"""Version of a stored calibration; it moves when a field changes its meaning or is removed."""
CONTEXT = "context"
"""Label of what only explains what the numbered sentences refer to."""


class Label(StrEnum):
    """What a judge may say."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    UNCLEAR = "unclear"


class ShownSource(ClosedModel):
    """One article, or part of one, that a judge is shown."""

    heading: str
    sentences: tuple[str, ...]
    """What the statement has to rest on."""
    context: str = ""


class JudgeQuestion(ClosedModel):
    """A statement and what is said to support it."""

    statement: str
    language: str
    """Of the sentences: a judge gives its reason in it."""
    shown: Annotated[tuple[ShownSource, ...], Field(min_length=1)]

    def to_sources(self) -> tuple[Source, ...]:
        """As the prompt takes it, the sentences numbered through."""
        sources, number = [], 0
        for part in self.shown:
            lines = []
            for text in part.sentences:
                number += 1
                lines.append(Sentence(str(number), text))
            if part.context:
                lines.append(Sentence(CONTEXT, part.context))
            sources.append(Source(part.heading, tuple(lines)))
        return tuple(sources)


class Said(ClosedModel):
    """What a judge said in one order."""

    label: Label
    reason: str


class Grade(ClosedModel):
    """What came of both orders."""

    value: bool | None
    """Whether it is supported; None: unscored, never wrong."""
    unscored: str = ""
    """Why there is no value."""
    orders: tuple[Said, ...] = ()


class GradeRow(ClosedModel):
    """A line of a run's `grades.jsonl`: one grade, of all or some of a statement's citations."""

    case: str
    repeat: int
    statement: int
    """Its place in the answer, from 0."""
    citations: tuple[int, ...]
    """Places of the citations that were shown, from 0."""
    grade: Grade


class Calibration(ClosedModel):
    """How far a judge says what people said, on one set of labels."""

    format: int = FORMAT
    created: AwareDatetime
    judge: UsedJudge
    layout: str
    data: Sha256
    """Of the labels: texts and what people said."""
    labels: int
    clusters: int
    """Articles, topics or questions that intervals draw."""
    limit: int | None = None
    """Labels asked at the most, drawn by `seed`; None for all."""
    seed: int = 0
    left_out: int = 0
    """Labels of the set that cannot be put to a judge."""
    metrics: tuple[MetricSummary, ...]


class Grades(ClosedModel):
    """`grades.json` in a run's folder: with it a run is scored again without asking the judge."""

    format: int = FORMAT
    judge: UsedJudge
    rows: tuple[GradeRow, ...]
