"""Summaries of several articles in their own sentences: agreed, single-source and conflicting facts apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from agent.answer.answer import Agreement, Answer, Citation, Mode, Statement, Verdict
from agent.answer.citations import LoadArticle, cite
from agent.checks import Cited, TokenNameMatcher, describe_cited
from agent.extractive.facts import Extract, Fact, choose_facts, find_facts
from agent.extractive.quotes import answer_with_quotes, keep_worthy, state_quote
from agent.extractive.sources import Sources, describe_copies, find_sources
from agent.extractive.summary import rate_sentences, says_enough, summarize_article
from agent.extractive.timeline import has_event, order_by_event
from agent.settings.loading import AnswerSettings
from vectorstore import ANSWERABLE_AT, Article, Centering, Library, Role, SearchResult, Span, plural, trim

MOST_COMPARED = 40
"""Sentences of one article that are compared with those of others, the first ones: about 10 ms each."""


def summarize_articles(
    library: Library, articles: Sequence[Article], sentences: int, *, is_timeline: bool = False
) -> Answer:
    """What the articles say alike, alone and otherwise, in about `sentences` of their sentences.

    Of copies one is read; captions, headlines and related coverage are left out unless there is nothing else.
    A conflict has a sentence for each version. A single text is summarized by itself.
    """
    sources = find_sources(articles)
    read = sources.without_copies()
    title = f"summarize {' '.join(article.id for article in articles)}"
    notes = describe_copies(sources)
    if len(read) == 1:
        answer = summarize_article(library, read[0], sentences, is_timeline=is_timeline)
        return answer.model_copy(update={"question": title, "notes": (*notes, *answer.notes)})
    builder = _Builder(library, sources)
    extracts, cut = [], 0
    for article in read:
        spans = find_running_text(library, article)
        cut += max(0, len(spans) - MOST_COMPARED)
        extracts += builder.extract(article, spans[:MOST_COMPARED], merits=None)
    if cut:
        notes += (
            f"{plural(cut, 'sentence')} of long articles {'was' if cut == 1 else 'were'} not compared: only "
            f"the first {MOST_COMPARED} of each article are.",
        )
    statements = builder.state(extracts, sentences, is_timeline=is_timeline)
    return Answer(
        question=title,
        mode=Mode.SUMMARY,
        verdict=Verdict.ANSWERED if statements else Verdict.NOT_FOUND,
        confidence=1.0,
        statements=statements,
        notes=notes,
        language=articles[0].language,
        generation=library.generation,
    )


def summarize_found(
    library: Library, result: SearchResult, settings: AnswerSettings, *, is_timeline: bool = False
) -> Answer:
    """The sentences a search found as a summary; of one source alone they are quotes as in any answer."""
    load = cache(library.articles.get)
    answer = answer_with_quotes(result, load, settings, Mode.SUMMARY)
    if result.answerable < ANSWERABLE_AT:
        return answer
    worthy = keep_worthy(result.evidence, prefer_body=True)
    sources = find_sources([load(id_) for id_ in dict.fromkeys(entry.article_id for entry in worthy)])
    statements, notes = answer.statements, describe_copies(sources)
    if len(sources.groups) > 1:
        builder = _Builder(library, sources)
        extracts = []
        for article in sources.without_copies():
            found = [entry for entry in worthy if entry.article_id == article.id]
            spans = [(entry.span, entry.role) for entry in found]
            extracts += builder.extract(article, spans, [entry.probability for entry in found])
        statements = builder.state(extracts, settings.quotes, is_timeline=is_timeline)
    elif is_timeline:
        statements = order_by_event(statements, load, None)
    return answer.model_copy(update={"statements": statements, "notes": (*notes, *answer.notes)})


def find_running_text(library: Library, article: Article) -> list[tuple[Span, Role | None]]:
    """The sentences that can stand alone, in order; anything else only where there are none."""
    everything: list[tuple[Span, Role | None]] = [
        (span, article.role_at(span))
        for passage in library.passages.of_article(article.id)
        for sentence in passage.sentences
        if (span := trim(article.text, sentence)).start < span.end
    ]
    body: list[tuple[Span, Role | None]] = [
        (span, role)
        for span, role in everything
        if role is None and says_enough(article.text[span.start : span.end])
    ]
    return body or everything


class _Builder:
    """Makes statements of the sentences of several sources."""

    def __init__(self, library: Library, sources: Sources) -> None:
        self._library = library
        self._sources = sources
        self._load: LoadArticle = cache(library.articles.get)
        self._load_passages = cache(library.passages.of_article)
        self._center = Centering.shipped()

    def extract(
        self,
        article: Article,
        spans: Sequence[tuple[Span, Role | None]],
        merits: Sequence[float] | None,
    ) -> list[Extract]:
        """The sentences of one article; with no `merits` by standing early and by being central to it."""
        if not spans:
            return []
        texts = [article.text[span.start : span.end] for span, _ in spans]
        vectors = self._center(
            np.asarray(self._library.embedder.embed_passages(texts)), [article.language] * len(texts)
        )
        rated = rate_sentences(vectors).tolist() if merits is None else merits
        source = self._sources.of(article.id)
        return [
            Extract(article.id, span, role, text, article.language, source, merit, vector)
            for (span, role), text, merit, vector in zip(spans, texts, rated, vectors, strict=True)
        ]

    def state(self, extracts: Sequence[Extract], count: int, *, is_timeline: bool) -> tuple[Statement, ...]:
        """Statements of the facts in the extracts: agreed, single-source, conflicting; or by date."""
        matcher = TokenNameMatcher(self._library.embedder, self._library.center_tokens)
        facts = find_facts(extracts, self._describe, matcher)
        if is_timeline:
            facts = tuple(sorted(facts, key=lambda fact: not self._has_event(fact.lead)))
        chosen = choose_facts(facts, count)
        statements = tuple(self._state(self._in_order(chosen)))
        if len(self._sources.groups) == 1:
            alone = {"agreement": None}
            statements = tuple(statement.model_copy(update=alone) for statement in statements)
        return order_by_event(statements, self._load, None) if is_timeline else statements

    def _in_order(self, facts: Iterable[Fact]) -> list[Fact]:
        """Agreed ones and conflicts by merit; those of one source as they stand in their articles."""
        kinds = tuple(Agreement)
        articles = {article.id: place for place, article in enumerate(self._sources.without_copies())}

        def place(fact: Fact) -> tuple[int, float, int]:
            kind = kinds.index(fact.agreement)
            if fact.agreement is Agreement.SINGLE_SOURCE:
                return kind, articles[fact.lead.article_id], fact.lead.span.start
            return kind, -fact.merit, 0

        return sorted(facts, key=place)

    def _state(self, facts: Iterable[Fact]) -> Iterable[Statement]:
        number = 0
        for fact in facts:
            conflict = None
            if fact.agreement is Agreement.CONFLICTING:
                conflict = number = number + 1
            for version in fact.versions:
                citations = tuple(self._cite(extract) for extract in version)
                told = {"citations": citations, "agreement": fact.agreement, "conflict": conflict}
                yield state_quote(citations[0]).model_copy(update=told)

    def _cite(self, extract: Extract) -> Citation:
        return cite(self._load(extract.article_id), extract.span, extract.role)

    def _describe(self, extract: Extract) -> Cited:
        article = self._load(extract.article_id)
        return describe_cited(article, extract.span, self._load_passages(article.id))

    def _has_event(self, extract: Extract) -> bool:
        published = self._load(extract.article_id).published
        return has_event(extract.text, extract.language, published.at.date() if published else None)
