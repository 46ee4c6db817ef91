"""Whether the numbers of a statement are in what it cites."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.answer.answer import Check
from agent.checks.claim import Claim, conclude
from agent.checks.dates.check import implied_years
from agent.checks.dates.reading import find_dates
from agent.checks.numbers.magnitudes import Quantity
from agent.checks.numbers.quantities import find_quantities
from agent.checks.words.folding import find_words, is_inside, stem
from agent.checks.words.lexicons import function_words
from vectorstore import is_same_language, primary_language

NAME = "numbers"
_DUALS = frozenset({"ar", "he", "sl"})
"""Languages whose nouns have a dual, so that "two" need not be a word."""
_SHOWN = 8
_NEARBY = 3
_TELLING = 1000


@dataclass(frozen=True, slots=True)
class _Known:
    """A number that may support one, and where it is."""

    quantity: Quantity
    language: str
    text: str
    is_cited: bool
    """In a cited sentence, a title or the question, not merely in the passage."""


def check_numbers(claim: Claim) -> Check | None:
    """Return whether the numbers that are in no date are supported; None when there is none.

    A number needs the same value somewhere in the cited sentences, their passages, what is known about
    the articles, or the question. A percentage needs a percentage; money needs no other money.
    """
    dates = find_dates(claim.text, claim.language)
    claimed: list[Quantity] = []
    for quantity in find_quantities(claim.text, claim.language):
        if not quantity.is_weak and not is_inside(quantity.start, dates):
            claimed.append(quantity)
    if not claimed:
        return None
    known, implied = _known(claim), _implied(claim)
    missing: list[str] = []
    for quantity in claimed:
        if not _is_supported(quantity, claim, known, implied):
            missing.append(quantity.text.strip())
    there = (other.quantity.text.strip() for other in known if not other.quantity.is_weak)
    return conclude(NAME, missing, there, _SHOWN)


def _known(claim: Claim) -> list[_Known]:
    known: list[_Known] = []
    passages = {cited.passage for cited in claim.cited} - {cited.text for cited in claim.cited}
    for text, language in claim.sources():
        for quantity in find_quantities(text, language):
            known.append(_Known(quantity, language, text, is_cited=text not in passages))
    return known


def _is_supported(
    claimed: Quantity, claim: Claim, known: Sequence[_Known], implied: frozenset[Decimal]
) -> bool:
    if claimed.values & implied and not claimed.is_percent and claimed.currency is None:
        return True
    for other in known:
        is_there = _is_equal(claimed, other, claim) and _agrees(claimed, other.quantity)
        if is_there and (other.is_cited or _is_about_the_same(claimed, claim, other)):
            return _agrees_in_pair(claimed, known)
    return bool(claimed.parts) and claimed.parts <= {other.quantity.value for other in known}


def _agrees_in_pair(claimed: Quantity, known: Sequence[_Known]) -> bool:
    """Whether a score or a range is known as such; any is where no cited sentence has one."""
    has_cited_pair, is_known = False, claimed.pair is None
    for other in known:
        has_cited_pair = has_cited_pair or (other.is_cited and other.quantity.pair is not None)
        is_known = is_known or other.quantity.pair == claimed.pair
    return is_known or not has_cited_pair


def _is_equal(claimed: Quantity, other: _Known, claim: Claim) -> bool:
    if claimed.text == other.quantity.text:
        return True
    is_in_digits = claimed.text[:1].isdecimal()
    if other.quantity.is_article and is_in_digits and is_same_language(claim.language, other.language):
        return False
    # The parts of 116 123 may be two numbers; those of 116 000 are not.
    parts = frozenset() if Decimal(0) in other.quantity.parts else other.quantity.parts
    return bool(claimed.values & (other.quantity.values | parts))


def _agrees(claimed: Quantity, other: Quantity) -> bool:
    return (not claimed.is_percent or other.is_percent or other.is_weak) and (
        claimed.currency is None or other.currency in (None, claimed.currency)
    )


def _is_about_the_same(claimed: Quantity, claim: Claim, other: _Known) -> bool:
    """For a number of the passage only: whether a word near it is near the statement's too."""
    # Small numbers are in every passage, one of four digits is there by no coincidence; and across
    # languages words cannot be compared.
    if not is_same_language(claim.language, other.language) or claimed.value >= _TELLING:
        return True
    ours = _near(claim.text, claimed, claim.language)
    return not ours.isdisjoint(_near(other.text, other.quantity, claim.language))


def _near(text: str, quantity: Quantity, language: str) -> set[str]:
    """Return the stems of the content words beside a number."""
    ignored = function_words(primary_language(language))
    words = find_words(text)
    first = bisect_right(words, quantity.start, key=lambda word: word.end)
    last = bisect_left(words, quantity.end, key=lambda word: word.start)
    stems: set[str] = set()
    for word in words[max(0, first - _NEARBY) : first] + words[last : last + _NEARBY]:
        if word.folded not in ignored and not word.text.isdecimal():
            stems.add(stem(word.folded))
    return stems


def _implied(claim: Claim) -> frozenset[Decimal]:
    """Return values that need no word: the articles' year, and two where the language has a dual."""
    values = set(implied_years(claim))
    for cited in claim.cited:
        if cited.published:
            values.add(cited.published.year)
        if primary_language(cited.language) in _DUALS:
            values.add(2)
    return frozenset(map(Decimal, values))
