"""What a model reads for a summary: all at once when it fits, else in parts that are merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from langchain_core.messages import AIMessage

from agent.answer.answer import Statement
from agent.answer.citations import format_published
from agent.answer.styles import SummaryLayout
from agent.generative.calling import Turn
from agent.generative.evidence import Block, words_of
from agent.generative.labels import Labelled
from agent.generative.loop import ask_once
from agent.generative.statements import Gate
from agent.generative.wording import Partial, word_merge, word_summary
from agent.generative.write import Run
from agent.llm import ModelError
from agent.llm.budget import LEAST_REPLY
from vectorstore import Article, Span, plural

_OVERHEAD = 600
"""Tokens of a request besides articles: the prompt, and the start of the form of reply."""
_PER_LABEL = 8
"""Tokens of a label in the prompt and in the form of reply."""
_PER_STATEMENT = 60
_LEAST_MERGED = 2000
"""Tokens of statements that one request merges at least; every server reads as many."""
_NAMED = 5
"""Articles that a note names; of more it gives the number."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement on one part, with the number of the conflict it is in among all parts."""

    statement: Statement
    conflict: int | None


class Reading:
    """The requests of one summary, on one budget."""

    def __init__(
        self, run: Run, make_gate: Callable[[], Gate], layout: SummaryLayout, *, several: bool
    ) -> None:
        """Take the parts.

        Args:
            run: makes the requests.
            make_gate: gives a gate for the statements on one part.
            layout: how many statements, and in what order.
            several: whether there may be several sources.
        """
        self._run = run
        self._make_gate = make_gate
        self._layout = layout
        self._several = several
        self._read: set[str] = set()
        self._conflicts = 0
        self._is_cut = False
        self.withheld = 0
        """Statements on parts that failed a check, besides those of the gate."""

    def write(self, gate: Gate, sentences: Sequence[Labelled]) -> Turn:
        """Let the model read and write; what passes its checks is in `gate` then.

        Where the budget does not reach for all, every article is read from its beginning, equally far.

        Raises:
            ModelError: the model failed before any statement could be shown.
        """
        parts = self._split(sentences)
        if len(parts) > 1:
            readable = self._count_readable(parts)
            parts = self._split(self._take_leads(sentences, readable)) if readable < len(parts) else parts
        turn = self._ask(parts[0], gate) if len(parts) == 1 else self._map_and_merge(gate, parts)
        self._say_unread(sentences)
        return Turn(turn.message, is_cut=turn.is_cut or self._is_cut)

    def has_read(self, sentences: Sequence[Labelled]) -> bool:
        """Whether the model has been shown all of them."""
        return all(sentence.label in self._read for sentence in sentences)

    def _ask(self, part: Sequence[Labelled], gate: Gate) -> Turn:
        wording = word_summary(
            self._run.language, self._layout.statements, self._layout.order, several=self._several
        )
        turn = ask_once(self._run.caller(wording, Block(tuple(part))), gate.take)
        self._read.update(self._run.labels.shown)
        self._is_cut |= turn.is_cut
        return turn

    def _map_and_merge(self, gate: Gate, parts: Sequence[Sequence[Labelled]]) -> Turn:
        said: list[list[_Said]] = []
        failed: ModelError | None = None
        for part in parts:
            # One request is kept for the merging.
            if said and self._run.budget.find_next_limit(self._run.settings.summary_tokens) is not None:
                break
            of_part = self._make_gate()
            try:
                self._ask(part, of_part)
            except ModelError as error:
                failed = error
                break
            finally:
                said.append(self._collect(of_part))
        if failed and not any(said):
            raise failed
        if failed:
            self._run.notes += (str(failed),)
        return self._show_unmerged(gate, said) if len(said) == 1 else self._merge(gate, said)

    def _collect(self, gate: Gate) -> list[_Said]:
        """The statements of a part; its conflicts get numbers of their own."""
        self.withheld += gate.withheld
        claimed = [gate.conflict_of(statement) for statement in gate.shown]
        first, self._conflicts = self._conflicts, self._conflicts + len({n for n in claimed if n})
        numbers = {n: first + at for at, n in enumerate(sorted({n for n in claimed if n}), start=1)}
        return [
            _Said(statement, numbers.get(number) if number else None)
            for statement, number in zip(gate.shown, claimed, strict=True)
        ]

    def _merge(self, gate: Gate, said: Sequence[Sequence[_Said]]) -> Turn:
        """One summary of the parts' statements; in several rounds when they are many."""
        groups = self._group([one for part in said for one in part])
        if not groups:
            return Turn(AIMessage(""))
        while len(groups) > 1:
            merged: list[_Said] = []
            for group in groups:
                of_group = self._make_gate()
                if self._ask_to_merge(group, of_group) is None:
                    return self._show_unmerged(gate, groups)
                merged += self._collect(of_group)
            if len(merged) >= sum(map(len, groups)):
                return self._show_unmerged(gate, groups)
            groups = self._group(merged)
        turn = self._ask_to_merge(groups[0], gate) if groups else Turn(AIMessage(""))
        return turn if turn is not None else self._show_unmerged(gate, said)

    def _ask_to_merge(self, said: Sequence[_Said], gate: Gate) -> Turn | None:
        """None when the model could not; a note says why."""
        partial = [Partial(one.statement.text, self._labels_of(one.statement), one.conflict) for one in said]
        wording = word_merge(
            self._run.language, self._layout.statements, self._layout.order, partial, several=self._several
        )
        cited = {entry.label: entry for one in said for entry in self._labelled(one.statement)}
        try:
            return ask_once(self._run.caller(wording, Block(tuple(cited.values()))), gate.take)
        except ModelError as error:
            if gate.shown:
                return Turn(AIMessage(""), is_cut=True)
            self._run.notes += (
                f"What was read in parts could not be merged, so these are statements of the parts: {error}",
            )
            return None

    def _show_unmerged(self, gate: Gate, said: Sequence[Sequence[_Said]]) -> Turn:
        """The first statements of every part, which have passed their checks."""
        rows = zip_longest(*said)
        spread = [one for row in rows for one in row if one is not None][: self._layout.statements]
        for one in spread:
            gate.adopt(one.statement, one.conflict)
        return Turn(AIMessage(""))

    def _group(self, said: Sequence[_Said]) -> list[list[_Said]]:
        """Statements that one request can merge."""
        costs = [
            self._count(one.statement.text) + 2 * _PER_LABEL * len(one.statement.citations) for one in said
        ]
        labels = [len(one.statement.citations) for one in said]
        room = max(self._run.settings.summary_tokens, _LEAST_MERGED)
        return _fill(said, costs, labels, room, self._run.settings.max_labels)

    def _split(self, sentences: Sequence[Labelled]) -> list[list[Labelled]]:
        """Parts that one request can read, each within the labels a schema may list."""
        costs = [self._cost(sentence) for sentence in sentences]
        settings = self._run.settings
        return _fill(sentences, costs, [1] * len(costs), settings.summary_tokens, settings.max_labels)

    def _count_readable(self, parts: Sequence[Sequence[Labelled]]) -> int:
        """How many parts the budget reaches for, the merging kept back; at least one."""
        settings, budget = self._run.settings, self._run.budget
        reply = max(LEAST_REPLY, min(settings.max_answer_tokens, _PER_STATEMENT * self._layout.statements))
        labels = max(len(part) for part in parts)
        part = settings.summary_tokens + _OVERHEAD + _PER_LABEL * labels + reply
        left = settings.max_tokens - budget.usage.total - _OVERHEAD - reply
        # Every part's statements are read again in merging.
        by_tokens = left // (part + reply)
        readable = min(settings.max_calls - budget.calls - 1, by_tokens, len(parts))
        return readable if readable > 1 else 1

    def _take_leads(self, sentences: Sequence[Labelled], parts: int) -> list[Labelled]:
        """The first sentences of every article, as many of each as so many parts have room for."""
        places = {label: place for place, label in enumerate(_by_place(sentences))}
        leads = sorted(sentences, key=lambda sentence: places[sentence.label])
        low, high = 1, len(leads)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._fits(leads[:middle], sentences, parts) else (low, middle - 1)
        return self._in_order(leads[:low], sentences)

    def _fits(self, leads: Sequence[Labelled], sentences: Sequence[Labelled], parts: int) -> bool:
        return len(self._split(self._in_order(leads, sentences))) <= parts

    @staticmethod
    def _in_order(leads: Sequence[Labelled], sentences: Sequence[Labelled]) -> list[Labelled]:
        taken = {sentence.label for sentence in leads}
        return [sentence for sentence in sentences if sentence.label in taken]

    def _say_unread(self, sentences: Sequence[Labelled]) -> None:
        unread = [sentence for sentence in sentences if sentence.label not in self._read]
        if not unread:
            return
        total = plural(len(sentences), "sentence")
        which = self._name_unread(sentences, unread)
        self._run.notes += (
            f"Only {len(sentences) - len(unread)} of {total} could be read{which}. `agent.max_tokens`, "
            "`agent.max_calls` and `agent.summary_tokens` set how much can.",
        )

    def _name_unread(self, sentences: Sequence[Labelled], unread: Sequence[Labelled]) -> str:
        articles = list(dict.fromkeys(sentence.article_id for sentence in sentences))
        missing = {id_: sum(one.article_id == id_ for one in unread) for id_ in articles}
        whole = {id_: sum(one.article_id == id_ for one in sentences) for id_ in articles}
        if len(articles) == 1:
            return ""
        parts = [
            f"nothing of {self._name(id_)}"
            if missing[id_] == whole[id_]
            else f"{whole[id_] - missing[id_]} of {whole[id_]} of {self._name(id_)}"
            for id_ in articles
            if missing[id_]
        ]
        more = f" and less than all of {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
        return f": {', '.join(parts[:_NAMED])}{more}"

    def _name(self, article_id: str) -> str:
        return name_article(self._run.load(article_id))

    def _labelled(self, statement: Statement) -> list[Labelled]:
        found = (self._run.labels.at(c.article, Span(c.start, c.end)) for c in statement.citations)
        return [entry for entry in found if entry is not None]

    def _labels_of(self, statement: Statement) -> tuple[str, ...]:
        return tuple(entry.label for entry in self._labelled(statement))

    def _cost(self, sentence: Labelled) -> int:
        words = words_of(self._run.load(sentence.article_id), sentence)
        return self._count(f"[{sentence.label}] {words}\n")

    def _count(self, text: str) -> int:
        return self._run.model.count_tokens(text).number


def name_article(article: Article) -> str:
    """An article for a note: its title, or its id, with outlet and date."""
    name = f"“{article.title}”" if article.title else article.id
    facts = [fact for fact in (article.outlet, format_published(article.published)) if fact]
    return f"{name} ({', '.join(facts)})" if facts else name


def _by_place(sentences: Sequence[Labelled]) -> list[str]:
    """Labels: the first sentence of each article, then the second of each, and so on."""
    by_article: dict[str, list[str]] = {}
    for sentence in sentences:
        by_article.setdefault(sentence.article_id, []).append(sentence.label)
    return [label for row in zip_longest(*by_article.values()) for label in row if label is not None]


def _fill(
    items: Sequence[_Item], costs: Sequence[int], labels: Sequence[int], room: int, most_labels: int
) -> list[list[_Item]]:
    """The items in order in as few groups as hold them; one that is too large stands alone."""
    groups: list[list[_Item]] = []
    left = left_labels = 0
    for item, cost, count in zip(items, costs, labels, strict=True):
        if not groups or cost > left or count > left_labels:
            groups.append([])
            left, left_labels = room, most_labels
        groups[-1].append(item)
        left, left_labels = left - cost, left_labels - count
    return groups
