"""Summaries written by a model: statements with the same checks, from one article, several or a search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from langchain_core.messages import AIMessage

from agent.answer.answer import Answer, Citation, Mode, Statement, Verdict
from agent.answer.citations import LoadArticle
from agent.answer.styles import ORDERS, STATEMENTS, Length, Style, SummaryLayout
from agent.checks import Cited, TokenNameMatcher, describe_cited
from agent.extractive.agreement import Assessor
from agent.extractive.near_duplicates import repeats
from agent.extractive.quotes import find_nearest
from agent.extractive.sources import Sources, describe_copies, find_sources
from agent.extractive.timeline import order_by_event
from agent.generative.calling import Turn
from agent.generative.checking import make_check
from agent.generative.evidence import LONGEST, words_of
from agent.generative.judging import Judge
from agent.generative.labels import Labelled, Labels
from agent.generative.reading import Reading
from agent.generative.statements import Gate
from agent.generative.wording import name_language
from agent.generative.write import Run, add_up, say_end
from agent.generative.writer import JudgeModel, NotWrittenError
from agent.llm import ChatModel, ModelError
from agent.llm.budget import Budget
from agent.settings.answering import AgentSettings
from agent.telemetry import search
from vectorstore import (
    ANSWERABLE_AT,
    UNDETERMINED,
    Article,
    Filters,
    Library,
    SearchResult,
    Span,
    UnknownArticleError,
    plural,
)

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
        judge: JudgeModel | None = None,
    ) -> None:
        """Take the parts; `language` is BCP 47, the article's or the query's when None."""
        self._library = library
        self._model = model
        self._settings = settings
        self._language = language
        self._style = style
        self._layout = SummaryLayout(STATEMENTS[length], ORDERS[style])
        self._load: LoadArticle = lru_cache(64)(library.articles.get)
        self._load_passages = lru_cache(64)(library.passages.of_article)
        self._labels = Labels(self._load, self._load_passages)
        self._budget = Budget(settings, model.price)
        self._judge = Judge(judge, self._budget) if judge else None

    def summarize_article(self, article: Article) -> Answer:
        """One article, of its running text; captions and related coverage only when there is nothing else.

        Raises:
            NotWrittenError: the model failed before any statement could be shown.
        """
        return self.summarize_articles([article])

    def summarize_articles(self, articles: Sequence[Article]) -> Answer:
        """Several articles: what independent ones agree on, what one says, where they contradict each other.

        A text that several of them print is read once. The language is that of the first.

        Raises:
            NotWrittenError: the model failed before any statement could be shown.
        """
        sources = find_sources(articles)
        sentences = [
            sentence for article in sources.without_copies() for sentence in self._running_text(article)
        ]
        title = f"summarize {' '.join(article.id for article in articles)}"
        return self._summarize(title, articles[0].language, "", sentences, sources, None)

    def summarize_search(self, query: str, filters: Filters) -> Answer:
        """What the articles say about `query`, from the sentences nearest to it; else as of several articles.

        Raises:
            NotWrittenError: the model failed before any statement could be shown.
        """
        result = search(self._library, query, filters, limit=_SEARCHED)
        found = result.evidence if result.answerable >= ANSWERABLE_AT else ()
        labelled = [entry for one in found if (entry := self._label(one.article_id, one.span)) is not None]
        labelled = [entry for entry in labelled if entry.role is None] or labelled
        sources = find_sources([self._load(id_) for id_ in _articles_of(labelled)])
        sentences = self._without_repeats(labelled, sources)
        return self._summarize(query, result.language, query, sentences, sources, result)

    def _summarize(
        self,
        title: str,
        language: str,
        query: str,
        sentences: Sequence[Labelled],
        sources: Sources,
        result: SearchResult | None,
    ) -> Answer:
        written_in = self._language or language
        is_known = query or written_in != UNDETERMINED
        named = name_language(written_in) if is_known else "the language of the first article"
        run = Run(
            self._model, self._settings, self._budget, self._labels, self._load, query or title,
            named, judge=self._judge,
        )  # fmt: skip
        question = (query, language if query else UNDETERMINED)
        several = len(sources.without_copies()) > 1
        reading = Reading(run, lambda: self._gate(question, written_in), self._layout, several=several)
        gate = self._gate(question, written_in, self._judge)
        results = (result,) if result else ()
        turn = None
        if sentences:
            try:
                turn = reading.write(gate, sentences)
            except ModelError as error:
                if not gate.shown:
                    raise NotWrittenError(str(error), add_up(results, self._budget)) from error
                run.notes += (str(error),)
                turn = Turn(AIMessage(""), is_cut=True)
            run.repair(gate)
        statements = self._assess(gate, sources, written_in)
        withheld = gate.withheld + reading.withheld
        is_whole = turn is not None and not turn.is_cut and not withheld and reading.has_read(sentences)
        verdict = Verdict.ANSWERED if is_whole else Verdict.PARTIAL
        answer = Answer(
            question=title,
            mode=Mode.SUMMARY,
            verdict=verdict if statements else Verdict.NOT_FOUND,
            confidence=result.answerable if result else 1.0,
            statements=statements,
            nearest=find_nearest(result.evidence, self._load, 3) if result and not statements else (),
            withheld=withheld,
            notes=(
                *describe_copies(sources), *say_end(run, turn), *run.notes, *self._say_cut(sentences)
            ),
            language=language,
            generation=result.generation if result else self._library.generation,
            model=self._model.name if turn else None,
            prompts=tuple(dict.fromkeys(run.prompts)),
        )  # fmt: skip
        return run.count(run.translate(run.tell_unjudged(answer), written_in), results)

    def _assess(self, gate: Gate, sources: Sources, language: str) -> tuple[Statement, ...]:
        matcher = TokenNameMatcher(self._library.embedder, self._library.center_tokens)
        claimed = [gate.conflict_of(statement) for statement in gate.shown]
        statements = Assessor(sources, self._describe, language, matcher).assess(gate.shown, claimed)
        if self._style is Style.TIMELINE:
            return order_by_event(statements, self._load, language)
        return statements

    def _describe(self, citation: Citation) -> Cited:
        article = self._load(citation.article)
        return describe_cited(article, Span(citation.start, citation.end), self._load_passages(article.id))

    def _running_text(self, article: Article) -> Sequence[Labelled]:
        everything = self._labels.of_article(article.id)
        return [entry for entry in everything if entry.role is None] or everything

    def _without_repeats(self, sentences: Sequence[Labelled], sources: Sources) -> list[Labelled]:
        """By article, without copies and without what one source says twice in nearly the same words."""
        kept_articles = {article.id for article in sources.without_copies()}
        kept: list[tuple[Labelled, int, str]] = []
        for sentence in sentences:
            source, words = sources.of(sentence.article_id), self._words(sentence)
            said = (other for _, its_source, other in kept if its_source == source)
            if sentence.article_id in kept_articles and not any(repeats(words, other) for other in said):
                kept.append((sentence, source, words))
        order = {id_: place for place, id_ in enumerate(_articles_of([entry for entry, *_ in kept]))}
        return sorted(
            (sentence for sentence, *_ in kept),
            key=lambda sentence: (order[sentence.article_id], sentence.span.start),
        )

    def _say_cut(self, sentences: Sequence[Labelled]) -> tuple[str, ...]:
        """A sentence that is longer than a model is shown must not be shortened in silence."""
        long = sum(len(self._words(sentence)) > LONGEST for sentence in sentences)
        if not long:
            return ()
        return (
            f"Of {plural(long, 'sentence')} only the first {LONGEST:,} characters were read; "
            "`pullquote show` has them whole.",
        )

    def _words(self, sentence: Labelled) -> str:
        return words_of(self._load(sentence.article_id), sentence)

    def _label(self, article_id: str, span: Span) -> Labelled | None:
        try:
            return self._labels.at(article_id, span)
        except UnknownArticleError:
            # Removed since the search.
            return None

    def _gate(self, question: tuple[str, str], written_in: str, judge: Judge | None = None) -> Gate:
        """Only what is to be shown is worth a `judge`: what is said of parts is merged and checked again."""
        check = make_check(self._library, judge)
        return Gate(
            self._labels, self._library.articles.get, self._load_passages, check, question, written_in,
            lambda _: None,
        )  # fmt: skip


def _articles_of(sentences: Sequence[Labelled]) -> list[str]:
    return list(dict.fromkeys(sentence.article_id for sentence in sentences))
