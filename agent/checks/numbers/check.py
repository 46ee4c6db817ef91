"""Whether the numbers of a statement stand in what it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.dates.check import implied_years
from agent.checks.dates.reading import find_dates
from agent.checks.numbers.magnitudes import Quantity
from agent.checks.numbers.quantities import find_quantities
from agent.checks.words.folding import find_words, stem
from agent.checks.words.lexicons import function_words
from vectorstore import primary_language

NAME = "numbers"
_DUALS = frozenset({"ar", "he", "sl"})
"""Languages whose nouns have a dual, so that "two" need not be a word."""
_SHOWN = 8
_NEARBY = 3
_TELLING = 1000


@dataclass(frozen=True, slots=True)
class _Known:
    """A number that may support one, and where it stands."""

    quantity: Quantity
    language: str
    text: str
    is_cited: bool
    """In a cited sentence, a title or the question, not merely in the passage."""


def check_numbers(claim: Claim) -> Check | None:
    """None when the statement has no number; days and months of dates are checked with the dates.

    A number needs the same value somewhere in the cited sentences, their passages, what is known about
    the articles, or the question. A percentage needs a percentage; money needs no other money.
    """
    dates = [(mention.start, mention.end) for mention in find_dates(claim.text, claim.language)]
    claimed = [
        quantity
        for quantity in find_quantities(claim.text, claim.language)
        if not quantity.is_weak and not any(start <= quantity.start < end for start, end in dates)
    ]
    if not claimed:
        return None
    near = {text for cited in claim.cited for text in (cited.passage,) if text}
    cited = {cited.text for cited in claim.cited}
    known = [
        _Known(quantity, language, text, text not in near or text in cited)
        for text, language in claim.sources()
        for quantity in find_quantities(text, language)
    ]
    implied = _implied(claim)
    missing = [quantity for quantity in claimed if not _is_supported(quantity, claim, known, implied)]
    if not missing:
        return Check(name=NAME, passed=True)
    return Check(name=NAME, passed=False, detail=_explain(missing, known))


def _is_supported(
    claimed: Quantity, claim: Claim, known: Sequence[_Known], implied: frozenset[Decimal]
) -> bool:
    if claimed.values & implied and not claimed.is_percent and claimed.currency is None:
        return True
    there = [
        other for other in known if _is_equal(claimed, other, claim) and _agrees(claimed, other.quantity)
    ]
    if any(other.is_cited or _is_about_the_same(claimed, claim, other) for other in there):
        return (
            claimed.pair is None
            or not any(other.quantity.pair for other in known if other.is_cited)
            or any(other.quantity.pair == claimed.pair for other in known)
        )
    values = {other.quantity.value for other in known}
    return bool(claimed.parts) and claimed.parts <= values


def _is_equal(claimed: Quantity, other: _Known, claim: Claim) -> bool:
    if claimed.text == other.quantity.text:
        return True
    is_article = other.quantity.is_article and claimed.text[:1].isdecimal() and is_same_language(claim, other)
    return not is_article and bool(claimed.values & (other.quantity.values | _phone(other.quantity)))


def _phone(quantity: Quantity) -> frozenset[Decimal]:
    """Parts of a number that may be several: those that do not end in three zeros."""
    return frozenset() if Decimal(0) in quantity.parts else quantity.parts


def is_same_language(claim: Claim, other: _Known) -> bool:
    """Whether the statement and a text are in one language."""
    return primary_language(claim.language) == primary_language(other.language)


def _agrees(claimed: Quantity, other: Quantity) -> bool:
    return (not claimed.is_percent or other.is_percent or other.is_weak) and (
        claimed.currency is None or other.currency in (None, claimed.currency)
    )


def _is_about_the_same(claimed: Quantity, claim: Claim, other: _Known) -> bool:
    """For a number of the passage only: whether a word near it is near the statement's too.

    Small numbers stand in every passage. Across languages words cannot be compared, so there it counts;
    as does a number of four or more digits, which is no coincidence.
    """
    if not is_same_language(claim, other) or claimed.value >= _TELLING:
        return True
    ours, theirs = (
        _near(claim.text, claimed, claim.language),
        _near(other.text, other.quantity, claim.language),
    )
    return bool(ours & theirs)


def _near(text: str, quantity: Quantity, language: str) -> frozenset[str]:
    ignored = function_words(primary_language(language))
    words = find_words(text)
    before = [word for word in words if word.end <= quantity.start][-_NEARBY:]
    after = [word for word in words if word.start >= quantity.end][:_NEARBY]
    return frozenset(
        stem(word.folded)
        for word in before + after
        if word.folded not in ignored and not word.text.isdecimal()
    )


def _implied(claim: Claim) -> frozenset[Decimal]:
    """Values that stand in no word: the articles' year, and two where the language has a dual."""
    years = {Decimal(cited.published.year) for cited in claim.cited if cited.published}
    years |= {Decimal(year) for year in implied_years(claim)}
    has_dual = any(primary_language(cited.language) in _DUALS for cited in claim.cited)
    return frozenset(years | ({Decimal(2)} if has_dual else set()))


def _explain(missing: Sequence[Quantity], known: Sequence[_Known]) -> str:
    lacking = ", ".join(f"“{quantity.text.strip()}”" for quantity in missing)
    there = list(dict.fromkeys(other.quantity.text.strip() for other in known if not other.quantity.is_weak))[
        :_SHOWN
    ]
    seen = f"the numbers there are {', '.join(there)}" if there else "there is no number there"
    return f"{lacking} {'is' if len(missing) == 1 else 'are'} not in what is cited; {seen}"
