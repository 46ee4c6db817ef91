"""How long a summary is, and in what order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Length(StrEnum):
    """How much a summary says."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Style(StrEnum):
    """How a summary is set."""

    BULLETS = "bullets"
    PARAGRAPH = "paragraph"
    TIMELINE = "timeline"
    """By the date of what happened."""


STATEMENTS = {Length.SHORT: 3, Length.MEDIUM: 6, Length.LONG: 12}
ORDERS = {
    Style.BULLETS: "the most important first",
    Style.PARAGRAPH: "in an order that reads as one paragraph",
    Style.TIMELINE: "in the order in which it happened, each with its date",
}


@dataclass(frozen=True, slots=True)
class SummaryLayout:
    """What a model is asked for: at most so many statements, and what comes first."""

    statements: int
    order: str
    several: bool
    """Whether there may be several sources, which agree or contradict each other."""
