"""Summaries written by a model: statements with the same checks, read in parts when they are long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from langchain_core.messages import AIMessage

from agent.answer import Answer, Mode, Statement, Verdict
from agent.citations import LoadArticle
from agent.model import ChatModel, ModelError
from agent.quotes import find_nearest
from agent.telemetry import search
from agent.writer.budget import Budget
from agent.writer.calling import Turn
from agent.writer.checking import make_check
from agent.writer.evidence import Block, pack, words_of
from agent.writer.labels import Labelled, Labels
from agent.writer.loop import ask_once
from agent.writer.settings import AgentSettings
from agent.writer.statements import Gate
from agent.writer.styles import ORDERS, STATEMENTS, Length, Style
from agent.writer.wording import name_language, word_merge, word_summary
from agent.writer.write import Run, add_up, say_end
from agent.writer.writer import NotWrittenError
from vectorstore import ANSWERABLE_AT, UNDETERMINED, Article, Filters, Library, SearchResult, Span, plural

_SEARCHED = 60
"""Sentences a summary of a search is made from at the most."""


class Summarizer:
    """Summarizes for one request, with one budget."""

    def __init__(
        self,
        library: Library,
        model: ChatModel,
        settings: AgentSettings,
        *,
        language: str | None,
        length: Length,
        style: Style,
    ) -> None:
        """Take the parts; `language` is BCP 47, the article's or the query's when None."""
        self._library = library
        self._model = model
        self._settings = settings
        self._language = language
        self._most = STATEMENTS[length]
        self._order = ORDERS[style]
        self._load: LoadArticle = lru_cache(64)(library.article)
        self._load_passages = lru_cache(64)(library.passages_of)
        self._labels = Labels(self._load, self._load_passages)
        self._budget = Budget(settings, model.price)

    def summarize_article(self, article: Article) -> Answer:
        """One article, of its running text; captions and related coverage only when there is nothing else.

        Raises:
            NotWrittenError: the model failed before any statement could be shown.
        """
        everything = self._labels.of_article(article.id)
        sentences = [entry for entry in everything if entry.role is None] or list(everything)
        return self._summarize(f"summarize {article.id}", article.language, "", sentences, (), 1.0)

    def summarize_search(self, query: str, filters: Filters) -> Answer:
        """What the articles say about `query`: what several sources say first. Copies count once.

        Raises:
            NotWrittenError: the model failed before any statement could be shown.
        """
        result = search(self._library, query, filters, limit=_SEARCHED)
        found = [entry for entry in result.evidence if entry.role is None] or list(result.evidence)
        sentences = pack(
            found if result.answerable >= ANSWERABLE_AT else (),
            self._labels,
            self._load,
            self._count,
            most=min(_SEARCHED, self._settings.max_labels),
            most_tokens=self._settings.summary_tokens,
        )
        by_article = sorted(sentences, key=lambda entry: (entry.article_id, entry.span.start))
        return self._summarize(query, result.language, query, by_article, (result,), result.answerable)

    def _summarize(
        self,
        title: str,
        language: str,
        query: str,
        sentences: Sequence[Labelled],
        results: tuple[SearchResult, ...],
        confidence: float,
    ) -> Answer:
        written_in = self._language or language
        run = Run(
            self._model, self._settings, self._budget, self._labels, self._load, query or title,
            name_language(written_in),
        )  # fmt: skip
        question = (query, language if query else UNDETERMINED)
        gate = self._gate(question, written_in)
        turn = None
        if sentences:
            try:
                turn = self._write(run, gate, sentences, question, written_in)
            except ModelError as error:
                if not gate.shown:
                    raise NotWrittenError(str(error), add_up(results, self._budget)) from error
                run.notes += (str(error),)
                turn = Turn(AIMessage(""), is_cut=True)
            run.repair(gate)
        statements = tuple(gate.shown)
        if query:
            statements, note = _put_agreed_first(statements)
            run.notes += note
        is_whole = turn is not None and not turn.is_cut and not gate.withheld
        verdict = Verdict.ANSWERED if is_whole else Verdict.PARTIAL
        nearest = [] if statements else [entry for result in results for entry in result.evidence]
        return Answer(
            question=title,
            mode=Mode.SUMMARY,
            verdict=verdict if statements else Verdict.NOT_FOUND,
            confidence=confidence,
            statements=statements,
            nearest=find_nearest(nearest, self._load, 3),
            withheld=gate.withheld,
            notes=(*say_end(run, turn), *run.notes),
            language=language,
            generation=results[0].generation if results else self._library.generation,
            model=self._model.name if turn else None,
            prompts=tuple(dict.fromkeys(run.prompts)),
            usage=add_up(results, self._budget),
        )

    def _write(
        self,
        run: Run,
        gate: Gate,
        sentences: Sequence[Labelled],
        question: tuple[str, str],
        written_in: str,
    ) -> Turn:
        parts = self._split(sentences)
        wording = word_summary(run.language, self._most, self._order)
        if len(parts) == 1:
            caller = run.caller(wording, Block(parts[0]))
            turn = ask_once(caller, gate.take)
            return Turn(turn.message, is_cut=turn.is_cut or caller.is_shortened)
        said: list[Statement] = []
        read = 0
        for part in parts:
            # One request is kept for the merging; what was not read is said.
            if self._budget.find_next_limit(self._settings.summary_tokens) is not None:
                break
            of_part = self._gate(question, written_in)
            try:
                ask_once(run.caller(wording, Block(part)), of_part.take)
            except ModelError:
                if not said and not of_part.shown:
                    raise
            said += of_part.shown
            read += len(part)
        if read < len(sentences):
            run.notes += (
                f"Only {read} of {plural(len(sentences), 'sentence')} could be read within the budget; "
                "`agent.max_tokens` and `agent.max_calls` set it.",
            )
        carried = [(statement.text, self._labels_of(statement)) for statement in said]
        cited = {entry.label: entry for _, entries in carried for entry in entries}
        named = [(text, [entry.label for entry in entries]) for text, entries in carried]
        merge = word_merge(run.language, self._most, self._order, named)
        if not said:
            return Turn(AIMessage(""), is_cut=read < len(sentences))
        turn = ask_once(run.caller(merge, Block(tuple(cited.values()))), gate.take)
        return Turn(turn.message, is_cut=turn.is_cut or read < len(sentences))

    def _gate(self, question: tuple[str, str], written_in: str) -> Gate:
        return Gate(
            self._labels, self._library.article, self._load_passages, make_check(self._library), question,
            written_in, lambda _: None,
        )  # fmt: skip

    def _labels_of(self, statement: Statement) -> list[Labelled]:
        found = (self._labels.at(c.article, Span(c.start, c.end)) for c in statement.citations)
        return [entry for entry in found if entry is not None]

    def _split(self, sentences: Iterable[Labelled]) -> list[tuple[Labelled, ...]]:
        """Parts that one request can read, each within the labels a schema may list."""
        parts: list[list[Labelled]] = [[]]
        room = self._settings.summary_tokens
        for sentence in sentences:
            cost = self._count(f"[{sentence.label}] {words_of(self._load(sentence.article_id), sentence)}\n")
            if parts[-1] and (cost > room or len(parts[-1]) >= self._settings.max_labels):
                parts.append([])
                room = self._settings.summary_tokens
            parts[-1].append(sentence)
            room -= cost
        return [tuple(part) for part in parts]

    def _count(self, text: str) -> int:
        return self._model.count_tokens(text).number


def _put_agreed_first(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """What several articles say before what one says, and a note that tells them apart."""
    agreed = [s for s in statements if len({citation.article for citation in s.citations}) > 1]
    single = [s for s in statements if s not in agreed]
    if not agreed or not single:
        return tuple(statements), ()
    rest = "rests" if len(agreed) == 1 else "rest"
    note = (
        f"{plural(len(agreed), 'statement')} at the top {rest} on several articles, the others on one each."
    )
    return (*agreed, *single), (note,)
