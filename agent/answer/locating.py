"""Where in their articles the quotes of citations are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answer.answer import Citation
from agent.answer.citations import check_pointer, cite
from agent.answer.receipts import LAST, find_receipt
from vectorstore import Article, Library, PullquoteError, Span


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """A citation in its article."""

    article: Article
    passage: Span
    quote: Span


def locate_citation(library: Library, number: int) -> LocatedQuote:
    """Return where citation `number` of the last answer is, checked again; numbered as that was shown.

    Raise PullquoteError where it is none or its text has changed, UnknownArticleError where it was removed.
    """
    citations = dict(find_receipt(library, LAST).numbered)
    citation = citations.get(number)
    if citation is None:
        raise PullquoteError(f"There is no citation {number}: the last answer {_list(sorted(citations))}.")
    return _locate(library.articles.get(citation.article), citation, f"Citation {number}")


def locate_quote(library: Library, article_id: str, start: int, end: int) -> LocatedQuote:
    """Return where a span is in its article, checked as a citation of it. Raise as `locate_citation` does."""
    article = library.articles.get(article_id)
    if not 0 <= start < end <= len(article.text):
        raise PullquoteError(f"Article {article_id} has no words at [{start}, {end}). Try: pullquote doctor")
    return _locate(article, cite(article, Span(start, end)), "The quote")


def _locate(article: Article, citation: Citation, name: str) -> LocatedQuote:
    check = check_pointer(citation, article)
    if not check.passed:
        raise PullquoteError(f"{name} is no longer valid: {check.detail}. Try: pullquote doctor")
    return LocatedQuote(article, _paragraphs_around(article.text, citation.span), citation.span)


def _list(numbers: Sequence[int]) -> str:
    if not numbers:
        return "cites nothing"
    if numbers[-1] == len(numbers):
        return f"has citations 1 to {len(numbers)}"
    has = ", ".join(map("[{}]".format, numbers))
    return f"has {has}, as its session numbers them"


def _paragraphs_around(text: str, span: Span) -> Span:
    """From the start of the paragraph before `span` to the end of the one after it."""
    start = text.rfind("\n\n", 0, max(text.rfind("\n\n", 0, span.start), 0)) + 2
    after = text.find("\n\n", span.end)
    end = text.find("\n\n", after + 2) if after >= 0 else -1
    return Span(start if start > 1 else 0, end if end >= 0 else len(text))
