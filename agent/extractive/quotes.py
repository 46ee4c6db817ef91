"""The answerer without a model: the best supported quotes, each introduced by who published it and when.

Deterministic: the same library and question give the same answer. A quote stays in its article's language.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from agent.answer.answer import Answer, Citation, Mode, Nearest, Statement, Usage, Verdict
from agent.answer.citations import LoadArticle, cite, in_quotation_marks
from agent.extractive.near_duplicates import repeats_any
from agent.settings.sections import AnswerSettings
from vectorstore import ANSWERABLE_AT, UNDETERMINED, Evidence, Role, SearchResult, is_same_language, trim

HEADLINES = frozenset({Role.TITLE, Role.REPEATED_TITLE})

_WORTH_QUOTING = 0.4
"""A further quote must reach this share of the best one's probability.

Chosen on the seed and the development news: at .4 the quotes beyond the first are mostly on the
question, and a question with one clear answer gets one or two quotes rather than five.
"""

_MARGIN = 0.1
"""Score that a further quote may be below the best of its side, the asker's language or others.

`python -m bench.quotes margin`, 105 English questions over XQuAD-R's development articles in English, German
and Chinese: the right sentence is shown to .990, .952 and .943 with 2.1, 2.9 and 3.6 quotes an answer; with
five always to 1.000, .962 and .952.
"""
_OWN_LANGUAGE = 0.2
_READ_LANGUAGE = 0.1
"""Score that a quote gets in the question's language, and in one the reader reads; the latter is between.

`python -m bench.quotes order`, 53 English questions over XQuAD-R's development articles in six languages:
at 0 the first quote is English in 9, at .15 in 51, at .2 in 52, and right as often (.868), also where the
English version of the article is away.
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
        near = weigh_languages(worthy, load, result.language, settings.languages)
        chosen: Sequence[Evidence]
        if newest_first:
            chosen = select_distinct(sort_newest(list(near), load), load, settings.quotes)
        else:
            chosen = select_preferred(near, load, settings.quotes)
        quotes = arrange(chosen)
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
    """Return what comes near the best evidence.

    With `prefer_body` captions and related coverage count only where no running text is worth quoting.
    """
    floor = evidence[0].probability * _WORTH_QUOTING if evidence else 0.0
    worthy = [candidate for candidate in evidence if candidate.probability >= floor]
    body = [candidate for candidate in worthy if candidate.role is None]
    return body if prefer_body and body else worthy


def weigh_languages(
    evidence: Sequence[Evidence], load: LoadArticle, own: str, read: Sequence[str]
) -> dict[Evidence, float]:
    """Return what comes near the best, best first, with what its language adds for the order.

    The search discounts the question's own language (`TOKEN_DISCOUNT`), so that words shared by chance do not
    decide; of what is about as good a reader would rather have what needs no translation. Scores are compared
    with the best of the same side, own language or not, as across languages they are lower.

    Args:
        evidence: as the search ranks it.
        load: gives an article by id.
        own: BCP 47, the question's language.
        read: BCP 47, others that the reader says to read.
    """
    best_of: dict[bool, float] = {}
    near: dict[Evidence, float] = {}
    for candidate in evidence:
        language = load(candidate.article_id).language
        is_own = own != UNDETERMINED and is_same_language(language, own)
        is_read = any(is_same_language(language, other) for other in read)
        gain = _OWN_LANGUAGE if is_own else _READ_LANGUAGE if is_read else 0.0
        # Evidence comes best first, so the first of each side is its best.
        least = max(best_of.setdefault(is_own, candidate.score), evidence[0].score - gain) - _MARGIN
        if candidate.score >= least:
            near[candidate] = gain
    return near


def select_preferred(near: Mapping[Evidence, float], load: LoadArticle, limit: int) -> Sequence[Evidence]:
    """Return the best `limit`, one in a preferred language among them if there is any, preferred ones first.

    What is chosen goes by the search alone: a language is no reason to leave out what answers better.
    """
    distinct = select_distinct(list(near), load, len(near))
    chosen, further = list(distinct[:limit]), distinct[limit:]
    ranked = sorted(distinct, key=lambda one: -(one.score + near[one]))
    if ranked[:1] and ranked[0] in further:
        chosen[-1] = ranked[0]
    return [one for one in ranked if one in chosen]


def sort_newest(evidence: Sequence[Evidence], load: LoadArticle) -> Sequence[Evidence]:
    """Return evidence by when its article was published, newest first; undated articles come last."""
    days = {one.article_id: load(one.article_id).published for one in evidence}
    ages = {key: -day.at.timestamp() if day else math.inf for key, day in days.items()}
    return sorted(evidence, key=lambda one: ages[one.article_id])


def arrange(quotes: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return articles by their best quote; of an article that one first, then the others in its order."""
    by_article: dict[str, list[Evidence]] = {}
    for quote in quotes:
        by_article.setdefault(quote.article_id, []).append(quote)
    arranged: list[Evidence] = []
    for best, *others in by_article.values():
        arranged += [best, *sorted(others, key=attrgetter("span"))]
    return tuple(arranged)


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
