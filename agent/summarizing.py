"""Summaries of articles, of a period and of a search. Faces call these, through `asking`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answer.answer import Answer, Mode, Verdict
from agent.answer.numbering import Numbering
from agent.answer.receipts import Kind, keep_answer
from agent.extractive.agreement import drop_lone_versions
from agent.finishing import (
    DEFAULT_KEEPING,
    Keeping,
    clean_question,
    endpoint_of,
    finish,
    note_limits,
    numbers_of,
    prompts_of,
    write_or_quote,
)
from agent.generative import Length, Style, Writer
from agent.sessions.sessions import describe_filters
from agent.settings.loading import AnswerSettings
from agent.telemetry import answering, search
from vectorstore import Article, Filters, Library, PullquoteError, plural

MOST_ARTICLES = 30
"""Articles summarized together: each one adds its sentences to be compared or read."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a model's summary is, and how it is set."""

    length: Length = Length.MEDIUM
    style: Style = Style.BULLETS


DEFAULT_SHAPE = Shape()


@answering("pullquote.summarize")
def summarize(
    library: Library,
    references: str | Sequence[str],
    sentences: int,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    shape: Shape = DEFAULT_SHAPE,
    session: str | None = None,
    numbering: Numbering | None = None,
) -> Answer:
    """A summary of one article or of several: by a `writer`'s model, else by their own sentences.

    The receipt is of the `session`, which does not begin with it, with the numbers of the `numbering`.

    Raises:
        UnknownArticleError: no article goes by one of the references.
        PullquoteError: there are more than `MOST_ARTICLES`, or none.
    """
    started = time.perf_counter()
    named = (references,) if isinstance(references, str) else tuple(references)
    articles, notes = _find_articles(library, named)
    answer = _summarize(library, articles, sentences, writer, shape)
    filters = Filters(articles=tuple(article.id for article in articles))
    return _keep(
        library, _finish(library, answer, started, notes), filters, keeping, writer, session, numbering
    )


@answering("pullquote.summarize")
def summarize_period(
    library: Library,
    filters: Filters,
    sentences: int,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    shape: Shape = DEFAULT_SHAPE,
    session: str | None = None,
    numbering: Numbering | None = None,
) -> Answer:
    """A summary of the articles that pass the filters; of many, the newest `MOST_ARTICLES`, which is said.

    Session and numbering as in `summarize`.
    """
    started = time.perf_counter()
    title = f"summarize {describe_filters(filters)}".strip()
    headers = library.headers(filters)
    notes: tuple[str, ...] = ()
    if not headers:
        empty = Answer(
            question=title, mode=Mode.SUMMARY, verdict=Verdict.NOT_FOUND, confidence=0.0, language="und",
            generation=library.generation,
        )  # fmt: skip
        notes = note_limits(library, "", filters)
        return _keep(
            library, _finish(library, empty, started, notes), filters, keeping, writer, session, numbering
        )
    if len(headers) > MOST_ARTICLES:
        notes = (
            f"Only the newest {MOST_ARTICLES} of {plural(len(headers), 'article')} are summarized; "
            "a shorter period, or --outlet, makes them fewer.",
        )
    articles = [library.article(header.id) for header in headers[:MOST_ARTICLES]]
    answer = _summarize(library, articles, sentences, writer, shape)
    answer = answer.model_copy(update={"question": title})
    return _keep(
        library, _finish(library, answer, started, notes), filters, keeping, writer, session, numbering
    )


@answering("pullquote.summarize")
def summarize_search(
    library: Library,
    query: str,
    filters: Filters,
    sentences: int,
    settings: AnswerSettings,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    shape: Shape = DEFAULT_SHAPE,
    session: str | None = None,
    numbering: Numbering | None = None,
) -> Answer:
    """A summary of what the articles say about `query`; without a `writer` like an answer, with more room.

    Session and numbering as in `summarize`.

    Raises:
        PullquoteError: the query is empty.
    """
    started = time.perf_counter()
    query = clean_question(query)
    roomy = settings.model_copy(update={"quotes": sentences})

    def quote() -> Answer:
        from agent.extractive.extracts import summarize_found

        found = search(library, query, filters)
        return summarize_found(library, found, roomy, is_timeline=shape.style is Style.TIMELINE)

    def write(writer: Writer) -> Answer:
        return writer.summarize_search(library, query, filters, shape.length, shape.style)

    answer = _finish(
        library, write_or_quote(writer, write, quote), started, note_limits(library, query, filters)
    )
    return _keep(library, answer, filters, keeping, writer, session, numbering)


def _find_articles(
    library: Library, references: Sequence[str]
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Each article that is named once, in its newest edition, and what there is to say about that."""
    found: dict[str, Article] = {}
    notes = []
    for reference in references:
        article = library.article(reference)
        successor = library.find_successor(article.id)
        if successor is not None:
            notes.append(
                f"Article {article.id} has a newer edition, {successor}, which is summarized instead."
            )
            article = library.article(successor)
        if article.id in found:
            notes.append(f"Article {article.id} is named more than once and counts once.")
        found[article.id] = article
    if not found:
        raise PullquoteError("No article is named. `pullquote articles` lists what there is.")
    if len(found) > MOST_ARTICLES:
        raise PullquoteError(
            f"{len(found)} articles are named; at most {MOST_ARTICLES} are summarized together. Name fewer, "
            'or summarize what they say about something: pullquote summarize --query "…"'
        )
    return tuple(found.values()), tuple(dict.fromkeys(notes))


def _summarize(
    library: Library, articles: Sequence[Article], sentences: int, writer: Writer | None, shape: Shape
) -> Answer:
    def quote() -> Answer:
        from agent.extractive.extracts import summarize_articles

        return summarize_articles(library, articles, sentences, is_timeline=shape.style is Style.TIMELINE)

    def write(writer: Writer) -> Answer:
        return writer.summarize_articles(library, articles, shape.length, shape.style)

    return write_or_quote(writer, write, quote)


def _finish(library: Library, answer: Answer, started: float, notes: tuple[str, ...]) -> Answer:
    """Checked again; where one version of a conflict fails that, the other is what one source says."""
    finished = finish(library, answer, started, notes)
    return finished.model_copy(update={"statements": drop_lone_versions(finished.statements)})


def _keep(
    library: Library,
    answer: Answer,
    filters: Filters,
    keeping: Keeping,
    writer: Writer | None,
    session: str | None,
    numbering: Numbering | None,
) -> Answer:
    return keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.SUMMARIZE,
        session=session,
        filters=filters,
        endpoint=endpoint_of(answer, writer),
        prompts=prompts_of(answer),
        numbers=numbers_of(answer, numbering),
    )
