"""What a model reads for a summary: all at once when it fits, else in parts that are merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import TypeVar

from langchain_core.messages import AIMessage

from agent.answer.answer import Statement
from agent.answer.citations import format_published
from agent.answer.styles import SummaryLayout
from agent.generative.evidence import Block
from agent.generative.model_steps import ModelStep, ask_once
from agent.generative.run import Run
from agent.generative.sentence_ids import IdentifiedSentence, group_by_article
from agent.generative.validator import StatementValidator
from agent.generative.wording import Partial, word_merge, word_summary
from agent.llm import ModelError
from agent.llm.budget import LEAST_REPLY
from vectorstore import Article, plural

_OVERHEAD = 600
"""Tokens of a request besides articles: the prompt, and the start of the form of reply."""
_PER_ID = 8
"""Tokens of a sentence id in the prompt and in the form of reply."""
_PER_STATEMENT = 60
_LEAST_MERGED = 2000
"""Tokens of statements that one request merges at least; every server reads as many."""
_NAMED = 5
"""Articles that a note names; of more it gives the number."""

_Item = TypeVar("_Item")


class SummaryReading:
    """The requests of one summary, on one budget."""

    def __init__(
        self, run: Run, layout: SummaryLayout, make_validator: Callable[[], StatementValidator]
    ) -> None:
        self._run = run
        self._make_validator = make_validator
        self._layout = layout
        self._read: set[str] = set()
        self._conflicts = 0
        self._is_cut = False
        self.withheld = 0
        """Statements on parts that failed a check, besides those of the validator."""

    def write(self, validator: StatementValidator, sentences: Sequence[IdentifiedSentence]) -> ModelStep:
        """Let the model read and write; what passes its checks is in `validator` then.

        Where the budget does not reach for all, every article is read from its beginning, equally far. Raise
        ModelError where the model failed before any statement could be shown.
        """
        parts = self._split(sentences)
        if len(parts) > 1:
            readable = self._count_readable(parts)
            parts = self._split(self._take_leads(sentences, readable)) if readable < len(parts) else parts
        step = self._ask(parts[0], validator) if len(parts) == 1 else self._map_and_merge(validator, parts)
        self._say_unread(sentences)
        return ModelStep(step.message, is_cut=step.is_cut or self._is_cut)

    def has_read(self, sentences: Sequence[IdentifiedSentence]) -> bool:
        """Whether the model has been shown all of them."""
        return not self._list_unread(sentences)

    def _ask(self, part: Sequence[IdentifiedSentence], validator: StatementValidator) -> ModelStep:
        wording = word_summary(self._run.language, self._layout)
        step = ask_once(self._run.steps(wording, Block(tuple(part))), validator.take)
        self._read.update(self._run.ids.shown)
        self._is_cut |= step.is_cut
        return step

    def _map_and_merge(
        self, validator: StatementValidator, parts: Sequence[Sequence[IdentifiedSentence]]
    ) -> ModelStep:
        said: list[list[Partial]] = []
        failed: ModelError | None = None
        for part in parts:
            # One request is left for the merging.
            if said and self._run.budget.find_next_limit(self._run.settings.summary_tokens) is not None:
                break
            for_part = self._make_validator()
            try:
                self._ask(part, for_part)
            except ModelError as error:
                failed = error
                break
            finally:
                said.append(self._collect(for_part))
        if failed and not any(said):
            raise failed
        if failed:
            self._run.notes += (str(failed),)
        return self._show_unmerged(validator, said) if len(said) == 1 else self._merge(validator, said)

    def _collect(self, validator: StatementValidator) -> list[Partial]:
        """The statements of a part; its conflicts get numbers of their own."""
        self.withheld += validator.withheld
        claimed = list(map(validator.conflict_of, validator.shown))
        numbers: dict[int | None, int] = {}
        for number in sorted(set(filter(None, claimed))):
            self._conflicts += 1
            numbers[number] = self._conflicts
        collected = []
        for statement, conflict in zip(validator.shown, claimed, strict=True):
            collected.append(Partial(statement, self._cited_by(statement), numbers.get(conflict)))
        return collected

    def _merge(self, validator: StatementValidator, said: Sequence[Sequence[Partial]]) -> ModelStep:
        """One summary of the parts' statements; in several rounds when they are many."""
        groups = self._group(list(chain.from_iterable(said)))
        if not groups:
            return ModelStep(AIMessage(""))
        while len(groups) > 1:
            merged: list[Partial] = []
            for group in groups:
                for_group = self._make_validator()
                if self._ask_to_merge(group, for_group) is None:
                    return self._show_unmerged(validator, groups)
                merged += self._collect(for_group)
            if len(merged) >= sum(map(len, groups)):
                return self._show_unmerged(validator, groups)
            groups = self._group(merged)
        step = self._ask_to_merge(groups[0], validator) if groups else ModelStep(AIMessage(""))
        return step if step is not None else self._show_unmerged(validator, said)

    def _ask_to_merge(self, said: Sequence[Partial], validator: StatementValidator) -> ModelStep | None:
        """None when the model could not; a note says why."""
        wording = word_merge(self._run.language, self._layout, said)
        # In the order in which they are first cited, each once.
        cited = dict.fromkeys(chain.from_iterable(one.cited for one in said))
        try:
            return ask_once(self._run.steps(wording, Block(tuple(cited))), validator.take)
        except ModelError as error:
            if validator.shown:
                return ModelStep(AIMessage(""), is_cut=True)
            self._run.notes += (
                f"What was read in parts could not be merged, so these are statements of the parts: {error}",
            )
            return None

    def _show_unmerged(self, validator: StatementValidator, said: Sequence[Sequence[Partial]]) -> ModelStep:
        """The first statements of every part, which have passed their checks."""
        for one in _take_turns(said)[: self._layout.statements]:
            validator.adopt(one.statement, one.conflict)
        return ModelStep(AIMessage(""))

    def _group(self, said: Sequence[Partial]) -> list[list[Partial]]:
        """Statements that one request can merge."""

        def weigh(one: Partial) -> tuple[int, int]:
            cited = len(one.statement.citations)
            return self._run.count_tokens(one.statement.text) + 2 * _PER_ID * cited, cited

        settings = self._run.settings
        return _fill(said, weigh, max(settings.summary_tokens, _LEAST_MERGED), settings.max_labels)

    def _split(self, sentences: Sequence[IdentifiedSentence]) -> list[list[IdentifiedSentence]]:
        """Parts that one request can read, each within the sentence ids a schema may list."""

        def weigh(entry: IdentifiedSentence) -> tuple[int, int]:
            words = self._run.load(entry.article_id).slice(entry.span)
            return self._run.count_tokens(f"[{entry.id}] {words}\n"), 1

        settings = self._run.settings
        return _fill(sentences, weigh, settings.summary_tokens, settings.max_labels)

    def _count_readable(self, parts: Sequence[Sequence[IdentifiedSentence]]) -> int:
        """How many parts the budget reaches for, what merging takes left out; at least one."""
        settings, budget = self._run.settings, self._run.budget
        reply = max(LEAST_REPLY, min(settings.max_answer_tokens, _PER_STATEMENT * self._layout.statements))
        ids = max(map(len, parts))
        part = settings.summary_tokens + _OVERHEAD + _PER_ID * ids + reply
        left = settings.max_tokens - budget.usage.total - _OVERHEAD - reply
        # Every part's statements are read again in merging.
        by_tokens = left // (part + reply)
        readable = min(settings.max_calls - budget.calls - 1, by_tokens, len(parts))
        return readable if readable > 1 else 1

    def _take_leads(self, sentences: Sequence[IdentifiedSentence], parts: int) -> list[IdentifiedSentence]:
        """The first sentences of every article, as many of each as so many parts have room for."""
        leads = _take_turns(list(group_by_article(sentences).values()))

        def take(count: int) -> list[IdentifiedSentence]:
            return list(filter(set(leads[:count]).__contains__, sentences))

        low, high = 1, len(leads)
        while low < high:
            middle = (low + high + 1) // 2
            fits = len(self._split(take(middle))) <= parts
            low, high = (middle, high) if fits else (low, middle - 1)
        return take(low)

    def _list_unread(self, sentences: Sequence[IdentifiedSentence]) -> list[IdentifiedSentence]:
        return [sentence for sentence in sentences if sentence.id not in self._read]

    def _say_unread(self, sentences: Sequence[IdentifiedSentence]) -> None:
        unread = self._list_unread(sentences)
        if not unread:
            return
        total = plural(len(sentences), "sentence")
        which = self._name_unread(sentences, unread)
        self._run.notes += (
            f"Only {len(sentences) - len(unread)} of {total} could be read{which}. `agent.max_tokens`, "
            "`agent.max_calls` and `agent.summary_tokens` set how much can.",
        )

    def _name_unread(
        self, sentences: Sequence[IdentifiedSentence], unread: Sequence[IdentifiedSentence]
    ) -> str:
        whole, missing = group_by_article(sentences), group_by_article(unread)
        if len(whole) == 1:
            return ""
        parts = []
        for article_id, left in missing.items():
            name, count = name_article(self._run.load(article_id)), len(whole[article_id])
            read = f"{count - len(left)} of {count}" if len(left) < count else "nothing"
            parts.append(f"{read} of {name}")
        more = f" and less than all of {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
        return f": {', '.join(parts[:_NAMED])}{more}"

    def _cited_by(self, statement: Statement) -> tuple[IdentifiedSentence, ...]:
        found = (self._run.ids.at(citation.article, citation.span) for citation in statement.citations)
        return tuple(filter(None, found))


def name_article(article: Article) -> str:
    """An article for a note: its title, or its id, with outlet and date."""
    name = f"“{article.title}”" if article.title else article.id
    facts = ", ".join(filter(None, (article.outlet, format_published(article.published))))
    return f"{name} ({facts})" if facts else name


def _take_turns(rows: Sequence[Sequence[_Item]]) -> list[_Item]:
    """The first of each row, then the second of each, and so on."""
    taken: list[_Item] = []
    for turn in zip_longest(*rows):
        taken.extend(item for item in turn if item is not None)
    return taken


def _fill(
    items: Sequence[_Item], weigh: Callable[[_Item], tuple[int, int]], room: int, most_ids: int
) -> list[list[_Item]]:
    """The items in order in as few groups as hold them; one that is too large is a group of its own."""
    groups: list[list[_Item]] = []
    left = left_ids = 0
    for item in items:
        tokens, ids = weigh(item)
        if not groups or tokens > left or ids > left_ids:
            groups.append([])
            left, left_ids = room, most_ids
        groups[-1].append(item)
        left, left_ids = left - tokens, left_ids - ids
    return groups
