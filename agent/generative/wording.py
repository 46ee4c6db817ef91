"""The prompts of a run, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from agent.answer.answer import Statement
from agent.answer.styles import SummaryLayout
from agent.generative.sentence_ids import IdentifiedSentence
from prompts import Messages, Prompt, Sentence, Source, Value, load, render
from vectorstore import UNDETERMINED

if TYPE_CHECKING:
    from agent.generative.validator import FailedStatement

NO_MORE_SEARCHING = "No more searching is possible. Answer now, from the articles shown."


@dataclass(frozen=True, slots=True)
class Wording:
    """One prompt with everything filled in but the articles."""

    prompt: Prompt
    values: Mapping[str, Value] = field(default_factory=dict)
    has_articles: bool = True
    """False: the prompt shows no articles; what may be cited is among its values."""
    asks_for_conflicts: bool = False
    """Whether statements are to say which others contradict them."""

    def write(self, sources: Sequence[Source]) -> Messages:
        """Return the two messages."""
        if not self.has_articles:
            return render(self.prompt, **self.values)
        return render(self.prompt, articles=tuple(sources), **self.values)

    @property
    def version(self) -> str:
        """`name@version`, for the receipt."""
        return f"{self.prompt.name}@{self.prompt.version}"


def word_answer(question: str, language: str, today: date) -> Wording:
    """Return the prompt for an answer in `language`, a language's name."""
    asked = f"{question}\n(Asked on {today.isoformat()}.)"
    return Wording(load("answer"), {"language": language, "question": asked})


def word_repair(question: str, language: str, failed: Sequence[FailedStatement]) -> Wording:
    """Return the prompt that sends failed statements back, each with the reason."""
    listed = []
    for number, entry in enumerate(failed, start=1):
        heading = f"{number}. {entry.candidate.text} | Reason: {'; '.join(entry.reasons)}"
        listed.append(Source(heading, _cited(entry.candidate.ids)))
    values: dict[str, Value] = {"language": language, "question": question, "failed": tuple(listed)}
    return Wording(load("repair"), values)


def word_summary(language: str, layout: SummaryLayout) -> Wording:
    """Return the prompt for a summary."""
    prompt = load("summary_several" if layout.several else "summary")
    return Wording(prompt, _values(language, layout), asks_for_conflicts=layout.several)


@dataclass(frozen=True, slots=True)
class Partial:
    """A statement on a part of what is summarized, and the sentences it cites."""

    statement: Statement
    cited: tuple[IdentifiedSentence, ...]
    conflict: int | None
    """The number of the conflict it is in, among all parts."""


def word_merge(language: str, layout: SummaryLayout, parts: Sequence[Partial]) -> Wording:
    """Return the prompt that makes one summary of parts: statements with the sentence ids they carry."""
    partial = []
    for number, part in enumerate(parts, start=1):
        conflict = f" | Conflict {part.conflict}" if part.conflict else ""
        ids = [sentence.id for sentence in part.cited]
        partial.append(Source(f"{number}. {part.statement.text}{conflict}", _cited(ids)))
    prompt = load("summary_merge_several" if layout.several else "summary_merge")
    values = _values(language, layout) | {"partial": tuple(partial)}
    return Wording(prompt, values, has_articles=False, asks_for_conflicts=layout.several)


def _values(language: str, layout: SummaryLayout) -> dict[str, Value]:
    return {"language": language, "statements": str(layout.statements), "order": layout.order}


def _cited(ids: Sequence[str]) -> tuple[Sentence, ...]:
    return tuple(Sentence(id, "(cited)") for id in ids)


def name_language(tag: str) -> str:
    """Return a language's English name for a prompt."""
    from babel import Locale, UnknownLocaleError

    if tag != UNDETERMINED:
        try:
            named = Locale.parse(tag, sep="-").get_display_name("en")
        except (UnknownLocaleError, ValueError):
            named = None
        if named:
            return named
    return "the language of the question"
