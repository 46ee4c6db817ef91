"""Statements put to the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from agent.answer import Check
from agent.checks import Cited, Claim, TokenNameMatcher, check_claim
from agent.citations import LoadArticle
from agent.writer.labels import Labelled
from vectorstore import Article, Library, Passage

LoadPassages = Callable[[str], Sequence[Passage]]


class CheckStatement(Protocol):
    """Judges one statement against what it cites; every outcome is returned, passed or not."""

    def __call__(self, claim: Claim, /) -> Sequence[Check]: ...


def make_claim(
    text: str,
    language: str,
    cited: Sequence[Labelled],
    question: tuple[str, str],
    load: LoadArticle,
    load_passages: LoadPassages,
) -> Claim:
    """The statement as the checks take it; `question` comes with its language."""
    return Claim(
        text=text,
        language=language,
        cited=tuple(_describe(sentence, load(sentence.article_id), load_passages) for sentence in cited),
        question=question[0],
        question_language=question[1],
    )


def _describe(sentence: Labelled, article: Article, load_passages: LoadPassages) -> Cited:
    passage = next(
        (p.span for p in load_passages(article.id) if p.span.contains(sentence.span)), sentence.span
    )
    about = (article.title, article.outlet, *article.authors)
    return Cited(
        text=article.text[sentence.span.start : sentence.span.end],
        language=article.language,
        passage=article.text[passage.start : passage.end],
        published=article.published.at.date() if article.published else None,
        about=tuple(part for part in about if part),
    )


def make_check(library: Library) -> CheckStatement:
    """The checks that need no model, names across languages by the library's embedder."""
    matcher = TokenNameMatcher(library.embedder, library.center_tokens)
    return lambda claim: check_claim(claim, matcher)
