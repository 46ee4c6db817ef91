"""The prompts of a run, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from prompts import Messages, Prompt, Sentence, Source, load, render
from vectorstore import UNDETERMINED

if TYPE_CHECKING:
    from agent.generative.validator import FailedStatement

NO_MORE_SEARCHING = "No more searching is possible. Answer now, from the articles shown."


@dataclass(frozen=True, slots=True)
class Wording:
    """One prompt with everything filled in but the articles."""

    prompt: Prompt
    values: Mapping[str, str | Sequence[Source]] = field(default_factory=dict)
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
    asked = f"{question}\n(StatementContext on {today.isoformat()}.)"
    return Wording(load("answer"), {"language": language, "question": asked})


def word_repair(question: str, language: str, failed: Sequence[FailedStatement]) -> Wording:
    """Return the prompt that sends failed statements back, each with the reason."""
    listed = tuple(
        Source(
            f"{number}. {entry.candidate.text} | Reason: {'; '.join(entry.reasons)}",
            _cited(entry.candidate.ids),
        )
        for number, entry in enumerate(failed, start=1)
    )
    return Wording(load("repair"), {"language": language, "question": question, "failed": listed})


def word_summary(language: str, statements: int, order: str, *, several: bool) -> Wording:
    """Return the prompt for a summary of at most so many statements; `order` says which come first.

    `several` is whether there may be several sources, which agree or contradict each other.
    """
    values = {"language": language, "statements": str(statements), "order": order}
    return Wording(load("summary_several" if several else "summary"), values, asks_for_conflicts=several)


@dataclass(frozen=True, slots=True)
class Partial:
    """A statement on a part of what is summarized."""

    text: str
    ids: tuple[str, ...]
    conflict: int | None = None


def word_merge(
    language: str, statements: int, order: str, parts: Sequence[Partial], *, several: bool
) -> Wording:
    """Return the prompt that makes one summary of parts: statements with the sentence ids they carry."""
    partial = tuple(
        Source(_head(number, part), _cited(part.ids)) for number, part in enumerate(parts, start=1)
    )
    values: dict[str, str | Sequence[Source]] = {
        "language": language,
        "statements": str(statements),
        "order": order,
        "partial": partial,
    }
    prompt = load("summary_merge_several" if several else "summary_merge")
    return Wording(prompt, values, has_articles=False, asks_for_conflicts=several)


def _cited(ids: Sequence[str]) -> tuple[Sentence, ...]:
    return tuple(Sentence(id, "(cited)") for id in ids)


def _head(number: int, part: Partial) -> str:
    return f"{number}. {part.text}" + (f" | Conflict {part.conflict}" if part.conflict else "")


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
