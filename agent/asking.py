"""The questions a face can put: `ask` and `summarize`. CLI, REPL and Slack call these and nothing below."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

from agent.answer import Answer, Mode
from agent.citations import check_pointer, recheck
from agent.quotes import answer_with_quotes
from agent.settings import AnswerSettings
from agent.summary import summarize_article
from vectorstore import Article, Filters, Library, PullquoteError, Span

LAST_ANSWER = "last_answer"


def ask(library: Library, question: str, filters: Filters, settings: AnswerSettings) -> Answer:
    """What the library's articles say to `question`, every citation re-read from the store.

    Raises:
        PullquoteError: the question is empty.
    """
    started = time.perf_counter()
    question = _clean_question(question)
    result = library.search(question, filters)
    answer = answer_with_quotes(result, cache(library.article), settings)
    return _finish(library, answer, started, _notes(library, question, filters))


def summarize(library: Library, reference: str, sentences: int) -> Answer:
    """A summary of one article by its own sentences.

    Raises:
        UnknownArticleError: no article goes by `reference`.
    """
    started = time.perf_counter()
    answer = summarize_article(library, library.article(reference), sentences)
    return _finish(library, answer, started, ())


def summarize_search(
    library: Library, query: str, filters: Filters, sentences: int, settings: AnswerSettings
) -> Answer:
    """A summary of what the articles say about `query`: like an answer, with more room."""
    answer = ask(library, query, filters, settings.model_copy(update={"quotes": sentences}))
    return answer.model_copy(update={"mode": Mode.SUMMARY})


def recall_last(library: Library) -> Answer:
    """The last answer given from this library.

    Raises:
        PullquoteError: there is none, or it was kept by another version.
    """
    kept = library.recall(LAST_ANSWER)
    if kept is None:
        raise PullquoteError('No answer is kept for this library yet. Try: pullquote ask "…"')
    try:
        return Answer.model_validate_json(kept)
    except ValueError as error:
        raise PullquoteError(
            'The last answer was kept by another version of Pullquote. Ask again: pullquote ask "…"'
        ) from error


@dataclass(frozen=True, slots=True)
class Place:
    """A citation in its article."""

    article: Article
    passage: Span
    quote: Span


def find_citation(library: Library, number: int) -> Place:
    """Where citation `number` of the last answer stands, checked again.

    Raises:
        PullquoteError: there is no last answer, it has no such number, or the stored text has changed.
        UnknownArticleError: the article has been removed since.
    """
    citations = recall_last(library).citations()
    if not 1 <= number <= len(citations):
        has = f"has citations 1 to {len(citations)}" if citations else "cites nothing"
        raise PullquoteError(f"There is no citation {number}: the last answer {has}.")
    citation = citations[number - 1]
    article = library.article(citation.article)
    check = check_pointer(citation, article)
    if not check.passed:
        raise PullquoteError(f"Citation {number} no longer stands: {check.detail}. Try: pullquote doctor")
    quote = Span(citation.start, citation.end)
    return Place(article, _paragraphs_around(article.text, quote), quote)


def _paragraphs_around(text: str, span: Span) -> Span:
    """From the start of the paragraph before `span` to the end of the one after it."""
    start = text.rfind("\n\n", 0, max(text.rfind("\n\n", 0, span.start), 0)) + 2
    after = text.find("\n\n", span.end)
    end = text.find("\n\n", after + 2) if after >= 0 else -1
    return Span(start if start > 1 else 0, end if end >= 0 else len(text))


def _finish(library: Library, answer: Answer, started: float, notes: tuple[str, ...]) -> Answer:
    """Checked against the store, timed, and kept for `show N`."""
    checked = recheck(answer, library.article)
    elapsed = (time.perf_counter() - started) * 1000
    finished = checked.model_copy(
        update={
            "usage": checked.usage.model_copy(update={"total_ms": round(elapsed, 1)}),
            "notes": checked.notes + notes,
        }
    )
    library.remember(LAST_ANSWER, finished.model_dump_json())
    return finished


def _clean_question(question: str) -> str:
    cleaned = " ".join(question.split())
    if not cleaned:
        raise PullquoteError('The question is empty. Try: pullquote ask "who warned about …?"')
    return cleaned


def _notes(library: Library, question: str, filters: Filters) -> tuple[str, ...]:
    notes = []
    if not filters.is_empty and not library.headers(filters):
        notes.append(
            "No article in the library passes the filters. `pullquote articles` lists what there is."
        )
    read = library.count_read(question)
    if read < len(question):
        notes.append(
            f"Only the first {read:,} characters of the question were read; it has {len(question):,}."
        )
    return tuple(notes)
