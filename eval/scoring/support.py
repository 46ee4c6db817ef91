"""Whether what a statement says is in what it cites: the checks, put to a finished answer again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from agent import Citation, Cited, Claim, Statement, check_claim
from eval.runs.rows import ArticleRow
from eval.suites.cases import Case
from vectorstore import identify

ENOUGH_LETTERS = 60
"""Letters from which on a statement's own language counts; that of a few names is too often wrong."""


def check_statement(statement: Statement, case: Case, articles: Mapping[str, ArticleRow]) -> list[str]:
    """Return names of the checks that a statement fails against what it cites now."""
    # The checks that were made when it was written are not believed.
    wanted = case.answer_language or case.language
    letters = sum(map(str.isalpha, statement.text))
    claim = Claim(
        text=statement.text,
        language=identify(statement.text) if letters >= ENOUGH_LETTERS else wanted,
        cited=tuple(_describe(citation, articles.get(citation.article)) for citation in statement.citations),
        question=case.question or "",
        question_language=case.language,
    )
    # Without an embedder a name that may be translated passes, so that scores do not depend on the machine.
    return [check.name for check in check_claim(claim) if not check.passed]


def _describe(citation: Citation, article: ArticleRow | None) -> Cited:
    passage = paragraph_of(article.text, citation.start, citation.end) if article else ""
    about = (article.title, article.outlet) if article else (citation.title, citation.outlet)
    return Cited(
        text=citation.quote,
        language=citation.language,
        passage=passage,
        published=_day(citation.published),
        about=tuple(filter(None, about)),
    )


def paragraph_of(text: str, start: int, end: int) -> str:
    """Return the paragraph around `[start, end)`."""
    begin = text.rfind("\n\n", 0, start)
    stop = text.find("\n\n", end)
    return text[begin + 2 if begin >= 0 else 0 : stop if stop >= 0 else len(text)]


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None
