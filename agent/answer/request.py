"""What is asked of the pipeline, and what it raises when somebody stops it."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.answer.answer import Answer
from agent.answer.receipts import Kind
from agent.answer.styles import Length, Style
from vectorstore import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question, or a summary of `articles`, of what they say about `query`, or of all that pass `filters`.

    Of `question`, `articles` and `query` at most one is given; with none of them it is the filters' summary.
    """

    question: str | None = None
    articles: tuple[str, ...] | None = None
    """Ids of articles, or their beginnings."""
    query: str | None = None
    filters: Filters = field(default_factory=Filters)
    """Not for named articles."""
    session: str | None = None
    """A question becomes its next turn, and its first when the session is new; a summary belongs to it."""
    inherits_filters: bool = True
    """Whether the filters of the session's question before hold where none are given."""
    length: Length | None = None
    """Of a summary; None: `sentences`, and MEDIUM by a model."""
    style: Style = Style.BULLETS
    sentences: int | None = None
    """Of a summary without a model; None: by the length or, without one, by the settings."""

    @property
    def kind(self) -> Kind:
        """What its receipt calls it."""
        return Kind.SUMMARIZE if self.question is None else Kind.ASK


class AnswerStopped(KeyboardInterrupt):
    """Ctrl-C, when some of an answer had been shown, or all of it was about to be."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        """What was stored of it, checked; a partial one unless it was finished."""
