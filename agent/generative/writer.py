"""A model ready to write answers and summaries. Light: langchain is imported when it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.answer.answer import Answer, Statement, Step, Usage
from agent.answer.styles import Length, Style
from agent.llm import ChatModel, ModelError
from agent.llm.budget import Budget
from agent.settings.sections import AgentSettings
from vectorstore import Article, Filters

if TYPE_CHECKING:
    from agent.generative.rewriting import Rewriting
    from agent.generative.summarizing import Summarizer
    from agent.sessions.sessions import Exchange
    from vectorstore import Library


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

    def count_tokens(self, text: str) -> int:
        """Of a text, as the model counts.

        Raises:
            ModelError: the server had to be asked which model it has, and did not say.
        """
        return self.model.count_tokens(text).number

    def rewrite(self, library: Library, question: str, history: Sequence[Exchange]) -> Rewriting:
        """See `rewriting.rewrite_question`; the budget it leaves is for `answer`."""
        from agent.checks import TokenNameMatcher
        from agent.generative.rewriting import rewrite_question

        budget = Budget(self.settings, self.model.price)
        matcher = TokenNameMatcher(library.embedder, library.center_tokens)
        return rewrite_question(question, history, self.model, budget, matcher)

    def answer(
        self,
        library: Library,
        question: str,
        filters: Filters,
        *,
        nearest: int,
        budget: Budget | None = None,
    ) -> Answer:
        """See `answering.write_answer`.

        Raises:
            NotWrittenError: nothing could be shown; the message says why and what to do.
            WritingStopped: Ctrl-C, when something had been shown.
        """
        from agent.generative.answering import write_answer

        return write_answer(library, question, filters, self, nearest=nearest, budget=budget)

    def summarize_articles(
        self, library: Library, articles: Sequence[Article], length: Length, style: Style
    ) -> Answer:
        """See `summarizing.Summarizer.summarize_articles`.

        Raises:
            NotWrittenError: nothing could be shown.
        """
        return self._summarizer(library, length, style).summarize_articles(articles)

    def summarize_search(
        self, library: Library, query: str, filters: Filters, length: Length, style: Style
    ) -> Answer:
        """See `summarizing.Summarizer.summarize_search`.

        Raises:
            NotWrittenError: nothing could be shown.
        """
        return self._summarizer(library, length, style).summarize_search(query, filters)

    def _summarizer(self, library: Library, length: Length, style: Style) -> Summarizer:
        from agent.generative.summarizing import Summarizer

        return Summarizer(library, self, length, style)
