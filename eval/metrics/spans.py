"""Measures of where an answer points: cited sentences against gold spans, and against the articles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple


class ArticleSpan(NamedTuple):
    """`[start, end)` of an article's text, in code points."""

    article: str
    start: int
    end: int


class GoldSpan(NamedTuple):
    """A place that answers; places of one fact are equivalent."""

    place: ArticleSpan
    fact: str


def is_hit(place: ArticleSpan, gold: ArticleSpan) -> bool:
    """Whether both share more than half of the shorter one: a sentence is found by a quote cut from it."""
    if place.article != gold.article:
        return False
    shared = min(place.end, gold.end) - max(place.start, gold.start)
    return 2 * shared > min(place.end - place.start, gold.end - gold.start)


def find_facts(place: ArticleSpan, gold: Sequence[GoldSpan]) -> list[str]:
    """Return the facts a place holds, each once."""
    return list(dict.fromkeys(span.fact for span in gold if is_hit(place, span.place)))


def rank_facts(ranking: Sequence[ArticleSpan], gold: Sequence[GoldSpan]) -> list[str | ArticleSpan]:
    """Return a ranking of places as one of units: a fact where one is held, else the place; each once."""
    units: list[str | ArticleSpan] = []
    for place in ranking:
        units += find_facts(place, gold) or [place]
    return list(dict.fromkeys(units))


def evidence_recall(cited: Collection[ArticleSpan], gold: Sequence[GoldSpan]) -> float:
    """Facts of which a place is cited, over all facts.

    Sentence-level recall as in FEVER and HotpotQA's supporting facts (Yang et al., EMNLP 2018), with facts
    for sentences so that copies of a sentence count once. Raises ValueError when there is no gold.
    """
    facts = {span.fact for span in gold}
    if not facts:
        raise ValueError("a question without gold has no evidence recall")
    found = {fact for place in cited for fact in find_facts(place, gold)}
    return len(found) / len(facts)


def evidence_precision(cited: Collection[ArticleSpan], gold: Sequence[GoldSpan]) -> float | None:
    """Distinct cited places that hold a fact, over all distinct cited places; None when nothing is cited."""
    places = set(cited)
    return sum(bool(find_facts(place, gold)) for place in places) / len(places) if places else None


def citation_recall(statements: Sequence[Sequence[ArticleSpan]], gold: Sequence[GoldSpan]) -> float | None:
    """Statements one of whose citations holds a fact, over all statements; None when there is none.

    ALCE's citation recall (Gao et al., EMNLP 2023) with gold spans in the place of its judge.
    """
    if not statements:
        return None
    held = sum(any(find_facts(place, gold) for place in places) for places in statements)
    return held / len(statements)


def citation_precision(statements: Sequence[Sequence[ArticleSpan]], gold: Sequence[GoldSpan]) -> float | None:
    """Citations that hold a fact, over all citations, repeats counted; None when there is none.

    ALCE's citation precision (idem) with gold spans in the place of its judge.
    """
    places = [place for statement in statements for place in statement]
    return sum(bool(find_facts(place, gold)) for place in places) / len(places) if places else None


def citation_coverage(statements: Sequence[Sequence[ArticleSpan]]) -> float | None:
    """Statements with at least one citation, over all statements; None when there is none."""
    return sum(bool(places) for places in statements) / len(statements) if statements else None


def citation_validity(quotes: Sequence[tuple[ArticleSpan, str]], texts: Mapping[str, str]) -> float | None:
    """Citations whose quote is, letter for letter, what is at their place; must be 1.

    None when nothing is cited. A citation of an article that is not there is not valid.
    """
    if not quotes:
        return None
    valid = sum(
        0 <= place.start < place.end and texts.get(place.article, "")[place.start : place.end] == quote
        for place, quote in quotes
    )
    return valid / len(quotes)
