"""Summaries of several articles in their own sentences: agreed, single-source and conflicting facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np

from agent.answer.answer import Agreement, Answer, Citation, Mode, Statement
from agent.answer.citations import LoadArticle, cite
from agent.checks import NameMatcher, describe_cited
from agent.extractive.article_summary import make_summary, rate_sentences, says_enough, summarize_article
from agent.extractive.facts import Extract, Fact, choose_facts, find_facts
from agent.extractive.quotes import answer_with_quotes, select_worthy, state_quote
from agent.extractive.sources import Sources, describe_copies, find_sources
from agent.extractive.timeline import has_event, order_by_event
from agent.settings.sections import AnswerSettings
from vectorstore import (
    ANSWERABLE_AT,
    Article,
    Centering,
    Evidence,
    Library,
    Role,
    SearchResult,
    Span,
    plural,
    trim,
)

_KINDS = tuple(Agreement)
MOST_COMPARED = 40
"""Sentences of one article that are compared with those of others, the first ones: about 10 ms each."""


def summarize_articles(
    library: Library, articles: Sequence[Article], sentences: int, *, is_timeline: bool = False
) -> Answer:
    """Return what the articles agree on, say alone and contradict each other in, in about `sentences`.

    Of copies one is read; captions, headlines and related coverage are left out unless there is nothing else.
    A conflict has a sentence for each version. A single text is summarized by itself.
    """
    sources = find_sources(articles)
    read = sources.without_copies()
    notes = describe_copies(sources)
    if len(read) == 1:
        answer = summarize_article(library, read[0], sentences, is_timeline=is_timeline)
        whole = make_summary(library, articles, answer.statements, (*notes, *answer.notes))
        return whole.model_copy(update={"language": answer.language})
    builder = _Builder(library, sources)
    extracts: list[Extract] = []
    cut = 0
    for article in read:
        running_text = find_running_text(library, article)
        cut += max(0, len(running_text) - MOST_COMPARED)
        extracts += builder.extract(article, running_text[:MOST_COMPARED], None)
    if cut:
        notes += (
            f"{plural(cut, 'sentence')} of long articles {'was' if cut == 1 else 'were'} not compared: only "
            f"the first {MOST_COMPARED} of each article are.",
        )
    statements = builder.state(extracts, sentences, is_timeline=is_timeline)
    return make_summary(library, articles, statements, notes)


def summarize_found(
    library: Library, result: SearchResult, settings: AnswerSettings, *, is_timeline: bool = False
) -> Answer:
    """Return the sentences a search found as a summary; of one source alone quotes as in any answer."""
    load = cache(library.articles.get)
    answer = answer_with_quotes(result, load, settings, Mode.SUMMARY)
    if result.answerable < ANSWERABLE_AT:
        return answer
    by_article: dict[str, list[Evidence]] = {}
    for found in select_worthy(result.evidence, prefer_body=True):
        by_article.setdefault(found.article_id, []).append(found)
    sources = find_sources(list(map(load, by_article)))
    statements, notes = answer.statements, describe_copies(sources)
    if len(sources.groups) > 1:
        builder = _Builder(library, sources)
        extracts: list[Extract] = []
        for article in sources.without_copies():
            evidence = by_article[article.id]
            spans = [(found.span, found.role) for found in evidence]
            extracts += builder.extract(article, spans, [found.probability for found in evidence])
        statements = builder.state(extracts, settings.quotes, is_timeline=is_timeline)
    elif is_timeline:
        statements = order_by_event(statements, load, None)
    return answer.model_copy(update={"statements": statements, "notes": (*notes, *answer.notes)})


def find_running_text(library: Library, article: Article) -> list[tuple[Span, Role | None]]:
    """Return the sentences that say enough by themselves, in order; others only where there are none."""
    everything: list[tuple[Span, Role | None]] = []
    body: list[tuple[Span, Role | None]] = []
    for passage in library.passages.of_article(article.id):
        for sentence in passage.sentences:
            span = trim(article.text, sentence)
            if span.start == span.end:
                continue
            role = article.role_at(span)
            everything.append((span, role))
            if role is None and says_enough(article.slice(span)):
                body.append((span, role))
    return body or everything


class _Builder:
    """Makes statements of the sentences of several sources."""

    def __init__(self, library: Library, sources: Sources) -> None:
        self._library = library
        self._sources = sources
        self._load: LoadArticle = cache(library.articles.get)
        self._center = Centering.shipped()
        self._rows = {article.id: row for row, article in enumerate(sources.without_copies())}

    def extract(
        self, article: Article, sentences: Sequence[tuple[Span, Role | None]], weights: Sequence[float] | None
    ) -> list[Extract]:
        """Return the sentences of one article; without `weights`, early and central ones weigh most."""
        if not sentences:
            return []
        passages = self._library.passages.of_article(article.id)
        cited = [describe_cited(article, span, passages) for span, _ in sentences]
        texts = [each.text for each in cited]
        embedded = np.asarray(self._library.embedder.embed_passages(texts))
        vectors = self._center(embedded, [article.language] * len(texts))
        if weights is None:
            weights = rate_sentences(vectors).tolist()
        source = self._sources.of(article.id)
        return [
            Extract(article.id, span, role, cited[row], source, weights[row], vectors[row])
            for row, (span, role) in enumerate(sentences)
        ]

    def state(self, extracts: Sequence[Extract], count: int, *, is_timeline: bool) -> tuple[Statement, ...]:
        """Return statements of the facts in the extracts: agreed, single-source, conflicting; or by date."""
        matcher = NameMatcher(self._library.embedder, self._library.center_tokens)
        facts = find_facts(extracts, matcher)
        if is_timeline:
            facts = tuple(sorted(facts, key=_lacks_event))
        chosen = choose_facts(facts, count)
        statements = tuple(self._state(sorted(chosen, key=self._place)))
        if len(self._sources.groups) == 1:
            alone = {"agreement": None}
            statements = tuple(statement.model_copy(update=alone) for statement in statements)
        return order_by_event(statements, self._load, None) if is_timeline else statements

    def _place(self, fact: Fact) -> tuple[int, float, int]:
        """Sort agreed facts and conflicts by weight; those of one source as they are in their articles."""
        kind = _KINDS.index(fact.agreement)
        if fact.agreement is Agreement.SINGLE_SOURCE:
            return kind, self._rows[fact.lead.article_id], fact.lead.span.start
        return kind, -fact.weight, 0

    def _state(self, facts: Iterable[Fact]) -> Iterator[Statement]:
        conflicts = 0
        for fact in facts:
            changes: dict[str, object] = {"agreement": fact.agreement}
            if fact.agreement is Agreement.CONFLICTING:
                conflicts += 1
                changes["conflict"] = conflicts
            for version in fact.versions:
                citations = tuple(map(self._cite, version))
                yield state_quote(citations[0]).model_copy(update={"citations": citations, **changes})

    def _cite(self, extract: Extract) -> Citation:
        return cite(self._load(extract.article_id), extract.span, extract.role)


def _lacks_event(fact: Fact) -> bool:
    cited = fact.lead.cited
    return not has_event(cited.text, cited.language, cited.published)
