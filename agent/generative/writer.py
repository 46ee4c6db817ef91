"""A model ready to write answers and summaries, and what may come of it. Light: no langchain here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.answer.answer import Answer, Statement, Step, Usage
from agent.llm import ChatModel, ModelError
from agent.settings.sections import AgentSettings


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A model, and how often an answer may ask it."""

    model: ChatModel
    max_calls: int


class NotWrittenError(ModelError):
    """The model failed before it had said anything that could be shown."""

    def __init__(self, message: str, usage: Usage) -> None:
        super().__init__(message)
        self.usage = usage
        """What was spent in vain."""


class WritingStopped(KeyboardInterrupt):
    """Ctrl-C in the middle of an answer of which some had been shown."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        """As far as it had come; a partial one."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that failed its checks: what it says is not supported, so it is no part of an answer."""

    text: str
    reasons: tuple[str, ...]


def _ignore(_: object) -> None:
    """Do nothing: no interface is watching."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A model, what it may take, and what is called while it writes."""

    model: ChatModel
    settings: AgentSettings = field(default_factory=AgentSettings)
    language: str | None = None
    """BCP 47, of the answers; the question's when None."""
    on_statement: Callable[[Statement], None] = _ignore
    """Called with each statement when it has passed its checks."""
    on_trace: Callable[[Step], None] = _ignore
    """Called with each search and reading."""
    judge: JudgeModel | None = None
    """A second model, asked about statements that pass the other checks."""
    on_withheld: Callable[[Withheld], None] = _ignore
    """Called with each statement of an answer that is not shown, when it has failed for good."""

    on_failure: Callable[[NotWrittenError], None] = _ignore
    """Called when an answer has to be made without the model."""
