"""The answerer without a model: the best supported quotes, each introduced by who published it and when.

Deterministic: the same library and question give the same answer. A quote stays in its article's language.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import attrgetter

from agent.answer.answer import Answer, Citation, Mode, Nearest, Statement, Usage, Verdict
from agent.answer.citations import LoadArticle, cite, in_quotation_marks
from agent.extractive.near_duplicates import repeats_any
from agent.settings.sections import AnswerSettings
from vectorstore import ANSWERABLE_AT, Evidence, Role, SearchResult, trim

HEADLINES = frozenset({Role.TITLE, Role.REPEATED_TITLE})

_WORTH_QUOTING = 0.4
"""A further quote must reach this share of the best one's probability.

Chosen on the seed and the development news: at .4 the quotes beyond the first are mostly on the
question, and a question with one clear answer gets one or two quotes rather than five.
"""


def answer_with_quotes(
    result: SearchResult,
    load: LoadArticle,
    settings: AnswerSettings,
    mode: Mode = Mode.QUOTES,
    *,
    newest_first: bool = False,
) -> Answer:
    """Return the answer to a search: a handful of quotes, or `not_found` with the nearest passages.

    A summary is led by running text, not by captions or related coverage.
    `newest_first` prefers what was published last among what is worth quoting.
    """
    quotes: tuple[Evidence, ...] = ()
    if result.answerable >= ANSWERABLE_AT:
        worthy = select_worthy(result.evidence, prefer_body=mode is Mode.SUMMARY)
        if newest_first:
            worthy = sort_newest(worthy, load)
        quotes = arrange(select_distinct(worthy, load, settings.quotes))
    statements = tuple(state_quote(cite(load(quote.article_id), quote.span, quote.role)) for quote in quotes)
    return Answer(
        question=result.question,
        mode=mode,
        verdict=Verdict.ANSWERED if quotes else Verdict.NOT_FOUND,
        confidence=result.answerable,
        statements=statements,
        nearest=() if quotes else find_nearest(result.evidence, load, settings.nearest),
        language=result.language,
        generation=result.generation,
        usage=Usage.of_search(result.cost),
    )


def select_quotes(
    evidence: Sequence[Evidence], load: LoadArticle, limit: int, *, prefer_body: bool = False
) -> tuple[Evidence, ...]:
    """Return the best evidence without near duplicates, and without a headline where the body says it.

    With `prefer_body`, captions and related coverage count only where no running text is worth quoting.
    """
    return select_distinct(select_worthy(evidence, prefer_body=prefer_body), load, limit)


def select_distinct(worthy: Sequence[Evidence], load: LoadArticle, limit: int) -> tuple[Evidence, ...]:
    """Return the first `limit` without near duplicates, and without a headline where the body says it."""
    with_body = {candidate.article_id for candidate in worthy if candidate.role not in HEADLINES}
    chosen: list[Evidence] = []
    said: list[str] = []
    for candidate in worthy:
        if candidate.role in HEADLINES and candidate.article_id in with_body:
            continue
        article = load(candidate.article_id)
        words = article.slice(candidate.span)
        if repeats_any(words, said, article.language):
            continue
        chosen.append(candidate)
        said.append(words)
        if len(chosen) == limit:
            break
    return tuple(chosen)


def select_worthy(evidence: Sequence[Evidence], *, prefer_body: bool) -> Sequence[Evidence]:
    """Return what comes near the best evidence; with `prefer_body` running text alone, if there is any."""
    floor = evidence[0].probability * _WORTH_QUOTING if evidence else 0.0
    worthy = [candidate for candidate in evidence if candidate.probability >= floor]
    body = [candidate for candidate in worthy if candidate.role is None]
    return body if prefer_body and body else worthy


def sort_newest(evidence: Sequence[Evidence], load: LoadArticle) -> Sequence[Evidence]:
    """Return evidence by when its article was published, newest first; undated articles come last."""

    def age(candidate: Evidence) -> float:
        published = load(candidate.article_id).published
        return -published.at.timestamp() if published else math.inf

    return sorted(evidence, key=age)


def arrange(quotes: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return articles by their best quote; inside an article, in its own order."""
    best_first = list(quotes)
    order = list(dict.fromkeys(map(attrgetter("article_id"), best_first)))
    return tuple(sorted(best_first, key=lambda quote: (order.index(quote.article_id), quote.span)))


def state_quote(citation: Citation) -> Statement:
    """Return one quote as a statement: who published it, when, and the words."""
    return Statement(
        text=f"{name_source(citation)}: {in_quotation_marks(citation.quote)}", citations=(citation,)
    )


def name_source(citation: Citation) -> str:
    """Return outlet (or title, or where the file was) and date, in words that need no translation."""
    title = f"“{citation.title}”" if citation.title else None
    source = citation.outlet or title or citation.origin or citation.article
    return f"{source}, {citation.published}" if citation.published else source


def find_nearest(evidence: Sequence[Evidence], load: LoadArticle, limit: int) -> tuple[Nearest, ...]:
    """Return the best distinct passages, each whole, for a question that is not answered."""
    nearest: dict[str, Nearest] = {}
    for candidate in evidence:
        if len(nearest) == limit:
            break
        if candidate.passage.id not in nearest:
            article = load(candidate.article_id)
            citation = cite(article, trim(article.text, candidate.passage.span))
            nearest[candidate.passage.id] = Nearest(**dict(citation), score=candidate.probability)
    return tuple(nearest.values())
