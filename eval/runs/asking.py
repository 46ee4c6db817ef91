"""One case put to the system, as a user would put it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from agent import (
    Cited,
    Claim,
    Mode,
    ModelUnavailableError,
    NameMatcher,
    NotWrittenError,
    Settings,
    Writer,
    ask,
    check_claim,
    format_published,
)
from eval.runs.libraries import RANKED, WatchedLibrary
from eval.runs.rows import AnswerRow, ArticleRow, ClaimOutcome, Ranked
from eval.suites.cases import CaseClaim, CaseFilters, PlannedCase
from eval.suites.loading import LoadedLibrary
from vectorstore import Article, Filters, PullquoteError, Span, split_sentences

CITED = 3
"""Sentences that a sentence of a claim is held against; statements of answers seldom cite more."""


class UnreachableError(PullquoteError):
    """The model cannot be reached: the run stops, and can be resumed."""


def ask_case(
    planned: PlannedCase,
    repeat: int,
    library: WatchedLibrary,
    loaded: LoadedLibrary,
    settings: Settings,
    writer: Writer | None,
) -> AnswerRow:
    """Return the answer to a case, or why it failed. Raises UnreachableError without the model's server."""
    asked = datetime.now(UTC)
    if planned.case.claim is not None:
        outcomes = judge_claim(planned.case.claim, library, loaded)
        return AnswerRow(case=planned.case.id, repeat=repeat, asked=asked, claim=outcomes)
    errors: list[NotWrittenError] = []
    if writer is not None:
        language = planned.case.answer_language or writer.language
        writer = dataclasses.replace(writer, language=language, on_failure=errors.append)
    found = library.watch()
    filters = make_filters(planned.case.filters, loaded)
    answer = ask(library, planned.case.question or "", filters, settings, writer=writer)
    failure = None
    # `ask` falls back to quotes, which must not be scored as the model's.
    if errors and answer.mode is Mode.QUOTES:
        error = errors[-1]
        if isinstance(error.__cause__, ModelUnavailableError):
            raise UnreachableError(str(error)) from error
        failure = str(error)
    ranking = found[0].evidence[:RANKED] if found else ()
    return AnswerRow(
        case=planned.case.id,
        repeat=repeat,
        asked=asked,
        answer=None if failure else answer.model_copy(update={"receipt": None}),
        ranking=tuple(
            Ranked(article=e.article_id, start=e.span.start, end=e.span.end, score=round(e.score, 6))
            for e in ranking
        ),
        failure=failure,
    )


def judge_claim(claim: CaseClaim, library: WatchedLibrary, loaded: LoadedLibrary) -> tuple[ClaimOutcome, ...]:
    """Return every sentence of a claim, checked against the sentences of its article nearest to it."""
    article = library.articles.get(loaded.articles[claim.article].id)
    matcher = NameMatcher(library.embedder, library.center_tokens)
    outcomes = []
    for span in split_sentences(claim.text, claim.language):
        text = span.of(claim.text).strip()
        found = library.search(text, Filters(articles=(article.id,)), limit=CITED)
        cited = tuple(_describe(article, e.span, e.passage.span) for e in found.evidence)
        checks = check_claim(Claim(text=text, language=claim.language, cited=cited), matcher)
        outcomes.append(ClaimOutcome(text=text, checks=checks))
    return tuple(outcomes)


def make_filters(filters: CaseFilters, loaded: LoadedLibrary) -> Filters:
    """Return a case's filters with ids for keys."""
    return Filters(
        since=datetime.combine(filters.since, time(), UTC) if filters.since else None,
        until=datetime.combine(filters.until + timedelta(days=1), time(), UTC) if filters.until else None,
        outlets=filters.outlets,
        authors=filters.authors,
        languages=filters.languages,
        articles=tuple(loaded.articles[key].id for key in filters.articles),
    )


def list_articles(row: AnswerRow, planned: PlannedCase, loaded: LoadedLibrary) -> list[ArticleRow]:
    """Return the articles that an answer cites or should have cited, as a run stores them."""
    wanted = {place.article for place in planned.gold}
    if row.answer is not None:
        wanted |= {citation.article for citation in row.answer.citations()}
    if planned.case.claim is not None:
        wanted.add(loaded.articles[planned.case.claim.article].id)
    rows = []
    for key, article in loaded.articles.items():
        if article.id in wanted:
            rows.append(
                ArticleRow(
                    id=article.id,
                    text=article.text,
                    language=article.language,
                    title=article.title,
                    outlet=article.outlet,
                    published=format_published(article.published),
                    url=article.url,
                    key=key,
                )
            )
    return rows


def _describe(article: Article, span: Span, passage: Span) -> Cited:
    about: Sequence[str | None] = (article.title, article.outlet, *article.authors)
    return Cited(
        text=article.slice(span),
        language=article.language,
        passage=article.slice(passage),
        published=article.published.at.date() if article.published else None,
        about=tuple(filter(None, about)),
    )
