"""How the statements of a summary are set: under headings by agreement, or along their dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from agent.answer.answer import Agreement, Answer, EventDate, Statement

HEADINGS = {
    Agreement.AGREED: "Several sources say",
    Agreement.SINGLE_SOURCE: "From one source",
    Agreement.CONFLICTING: "Sources contradict each other",
}
_SHORTLY = {
    Agreement.AGREED: "several sources",
    Agreement.SINGLE_SOURCE: "one source",
    Agreement.CONFLICTING: "contradicted",
}
UNDATED = "no date"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement with the words of ours around it."""

    before: str
    statement: Statement
    after: str = ""

    @property
    def words(self) -> str:
        """The line for a face that sets all of it alike."""
        return f"{self.before}{self.statement.text}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class Group:
    """Statements under one heading; None where there is nothing to tell apart."""

    heading: str | None
    lines: tuple[Line, ...]


def has_groups(answer: Answer) -> bool:
    """Whether the statements have headings or dates, so that they are more than a list of quotes."""
    return any(statement.agreement or statement.event for statement in answer.statements)


def group_statements(statements: Sequence[Statement]) -> Iterator[Group]:
    """The statements in their order: a timeline as one group, else a group for each kind of agreement."""
    if any(statement.event for statement in statements):
        yield Group(None, tuple(map(_dated, statements)))
        return
    for agreement, members in groupby(statements, key=lambda statement: statement.agreement):
        lines: list[Line] = []
        for statement in members:
            is_other_version = bool(lines) and statement.conflict == lines[-1].statement.conflict is not None
            lines.append(Line("  or: " if is_other_version else "", statement))
        yield Group(HEADINGS[agreement] if agreement else None, tuple(lines))


def describe_event(event: EventDate | None) -> str:
    """A day, a month, a year, or the first and the last day; whether it is only the day of publication."""
    if event is None:
        return UNDATED
    if event.first == event.last:
        return f"{event.first}, published" if event.is_published else str(event.first)
    after = event.last + timedelta(days=1) if event.last.year < 9999 else event.last
    if event.first.day == 1 and after.day == 1:
        if (event.first.month, after.month) == (1, 1) and after.year - event.first.year == 1:
            return f"{event.first:%Y}"
        if (after.year * 12 + after.month) - (event.first.year * 12 + event.first.month) == 1:
            return f"{event.first:%Y-%m}"
    return f"{event.first} to {event.last}"


def _dated(statement: Statement) -> Line:
    standing = f" ({_SHORTLY[statement.agreement]})" if statement.agreement else ""
    return Line(f"{describe_event(statement.event)}: ", statement, standing)
