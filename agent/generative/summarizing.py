"""Summaries written by a model: statements with the same checks, from one article, several or a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage

from agent.answer.answer import Answer, Citation, Mode, Statement, Verdict
from agent.answer.styles import ORDERS, STATEMENTS, Length, Style, SummaryLayout
from agent.checks import Cited, describe_cited
from agent.extractive.agreement import Assessor
from agent.extractive.near_duplicates import repeats_any
from agent.extractive.quotes import find_nearest
from agent.extractive.sources import Sources, describe_copies, find_sources
from agent.extractive.timeline import order_by_event
from agent.generative.evidence import LONGEST
from agent.generative.judging import Judge
from agent.generative.model_steps import ModelStep
from agent.generative.run import Run
from agent.generative.sentence_ids import IdentifiedSentence, group_by_article
from agent.generative.summary_parts import SummaryReading
from agent.generative.validator import StatementContext, StatementValidator
from agent.generative.wording import name_language
from agent.generative.writer import NotWrittenError, Writer
from agent.llm import ModelError
from agent.telemetry import search
from vectorstore import ANSWERABLE_AT, UNDETERMINED, Article, Filters, Library, SearchResult, plural

_SEARCHED = 60
"""Sentences a summary of a search is made from at the most."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What a summary is made of."""

    title: str
    query: str
    """Empty for a summary of articles."""
    language: str
    """Of the query, or of the first article."""
    sentences: Sequence[IdentifiedSentence]
    sources: Sources
    result: SearchResult | None = None

    @property
    def results(self) -> tuple[SearchResult, ...]:
        """The search, where there was one."""
        return (self.result,) if self.result else ()


class Summarizer:
    """Summarizes for one request, with one budget."""

    def __init__(self, library: Library, writer: Writer, length: Length, style: Style) -> None:
        self._library = library
        self._writer = writer
        self._style = style
        self._length = length
        self._run = Run(library, writer)

    def summarize_articles(self, articles: Sequence[Article]) -> Answer:
        """Summarize articles: what independent ones agree on, what one says, where they contradict others.

        Of copies one is read, of each its running text; other parts only when there is nothing else. The
        language is that of the first. Raise NotWrittenError where the model failed before any statement.
        """
        sources = find_sources(articles)
        sentences: list[IdentifiedSentence] = []
        for article in sources.without_copies():
            sentences.extend(_leave_out_boilerplate(self._run.ids.of_article(article.id)))
        title = " ".join(("summarize", *(article.id for article in articles)))
        return self._summarize(_Material(title, "", articles[0].language, sentences, sources))

    def summarize_search(self, query: str, filters: Filters) -> Answer:
        """Summarize what the articles say about `query`, by the nearest sentences; raise as for articles."""
        result = search(self._library, query, filters, limit=_SEARCHED)
        found = result.evidence if result.answerable >= ANSWERABLE_AT else ()
        known = [self._run.ids.at(evidence.article_id, evidence.span) for evidence in found]
        running_text = _leave_out_boilerplate(list(filter(None, known)))
        sources = find_sources(list(map(self._run.load, group_by_article(running_text))))
        sentences = self._without_repeats(running_text, sources)
        return self._summarize(_Material(query, query, result.language, sentences, sources, result))

    def _summarize(self, material: _Material) -> Answer:
        run, query, result = self._run, material.query, material.result
        written_in = self._writer.language or material.language
        is_known = query or written_in != UNDETERMINED
        run.language = name_language(written_in) if is_known else "the language of the first article"
        asked = StatementContext(query, material.language if query else UNDETERMINED, written_in)
        several = len(material.sources.without_copies()) > 1
        layout = SummaryLayout(STATEMENTS[self._length], ORDERS[self._style], several)
        reading = SummaryReading(run, layout, lambda: self._validator(asked))
        validator = self._validator(asked, run.judge)
        step = None
        if material.sentences:
            step = self._write(reading, validator, material)
            run.repair(validator, query or material.title)
        statements = self._assess(validator, material.sources, written_in)
        withheld = validator.withheld + reading.withheld
        has_read_all = reading.has_read(material.sentences)
        is_whole = step is not None and not step.is_cut and not withheld and has_read_all
        verdict = Verdict.ANSWERED if is_whole else Verdict.PARTIAL
        notes = (
            *describe_copies(material.sources),
            *run.note_end(step),
            *run.notes,
            *self._note_cut(material.sentences),
        )
        answer = Answer(
            question=material.title,
            mode=Mode.SUMMARY,
            verdict=verdict if statements else Verdict.NOT_FOUND,
            confidence=result.answerable if result else 1.0,
            statements=statements,
            nearest=find_nearest(result.evidence, run.load, 3) if result and not statements else (),
            withheld=withheld,
            notes=notes,
            language=material.language,
            generation=result.generation if result else self._library.generation,
            model=run.model.name if step else None,
            prompts=tuple(dict.fromkeys(run.prompts)),
        )
        answer = run.translate(run.note_unjudged(answer), written_in)
        return answer.model_copy(update={"usage": run.count_usage(material.results)})

    def _write(
        self, reading: SummaryReading, validator: StatementValidator, material: _Material
    ) -> ModelStep:
        try:
            return reading.write(validator, material.sentences)
        except ModelError as error:
            if not validator.shown:
                raise NotWrittenError(str(error), self._run.count_usage(material.results)) from error
            self._run.notes += (str(error),)
            return ModelStep(AIMessage(""), is_cut=True)

    def _assess(
        self, validator: StatementValidator, sources: Sources, language: str
    ) -> tuple[Statement, ...]:
        claimed = list(map(validator.conflict_of, validator.shown))
        assessor = Assessor(sources, self._describe, language, validator.names)
        statements = assessor.assess(validator.shown, claimed)
        if self._style is Style.TIMELINE:
            return order_by_event(statements, self._run.load, language)
        return statements

    def _describe(self, citation: Citation) -> Cited:
        article = self._run.load(citation.article)
        return describe_cited(article, citation.span, self._run.load_passages(article.id))

    def _without_repeats(
        self, sentences: Sequence[IdentifiedSentence], sources: Sources
    ) -> list[IdentifiedSentence]:
        """By article, without copies and without what one source says twice in nearly the same words."""
        articles = {article.id for article in sources.without_copies()}
        distinct: list[IdentifiedSentence] = []
        said_by: dict[int, list[str]] = {}
        for sentence in sentences:
            if sentence.article_id not in articles:
                continue
            said, words = said_by.setdefault(sources.of(sentence.article_id), []), self._words(sentence)
            language = self._run.load(sentence.article_id).language
            if not repeats_any(words, said, language):
                said.append(words)
                distinct.append(sentence)
        order = list(group_by_article(distinct))
        return sorted(distinct, key=lambda entry: (order.index(entry.article_id), entry.span.start))

    def _note_cut(self, sentences: Sequence[IdentifiedSentence]) -> tuple[str, ...]:
        """A sentence that is longer than a model is shown must not be shortened in silence."""
        long = sum(len(self._words(sentence)) > LONGEST for sentence in sentences)
        if not long:
            return ()
        return (
            f"Of {plural(long, 'sentence')} only the first {LONGEST:,} characters were read; "
            "`pullquote show` has them whole.",
        )

    def _words(self, sentence: IdentifiedSentence) -> str:
        return self._run.load(sentence.article_id).slice(sentence.span)

    def _validator(self, asked: StatementContext, judge: Judge | None = None) -> StatementValidator:
        """Only what is to be shown is worth a `judge`: what is said of parts is merged and checked again."""
        return StatementValidator(self._run, asked, lambda _: None, judge)


def _leave_out_boilerplate(sentences: Sequence[IdentifiedSentence]) -> Sequence[IdentifiedSentence]:
    """Return the running text; captions and the like only where there is nothing else."""
    return [sentence for sentence in sentences if sentence.role is None] or sentences
