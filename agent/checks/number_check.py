"""Whether the numbers of a statement stand in what it cites."""

from __future__ import annotations

from decimal import Decimal

from agent.answer import Check
from agent.checks.claim import Claim
from agent.checks.date_check import implied_years
from agent.checks.dates import find_dates
from agent.checks.quantities import Quantity, find_quantities

NAME = "numbers"
_DUALS = frozenset({"ar", "he", "sl"})
"""Languages whose nouns have a dual, so that "two" need not be a word."""
_SHOWN = 8


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
    known = [quantity for text, language in claim.sources() for quantity in find_quantities(text, language)]
    implied = _implied(claim)
    missing = [quantity for quantity in claimed if not _is_supported(quantity, known, implied)]
    if not missing:
        return Check(name=NAME, passed=True)
    return Check(name=NAME, passed=False, detail=_explain(missing, known))


def _is_supported(claimed: Quantity, known: list[Quantity], implied: frozenset[Decimal]) -> bool:
    if claimed.values & implied and not claimed.is_percent and claimed.currency is None:
        return True
    return any(
        claimed.values & other.values
        and (not claimed.is_percent or other.is_percent or other.is_weak)
        and (claimed.currency is None or other.currency in (None, claimed.currency))
        for other in known
    ) or any(claimed.text == other.text and claimed.is_percent == other.is_percent for other in known)


def _implied(claim: Claim) -> frozenset[Decimal]:
    """Values that stand in no word: the articles' year, and two where the language has a dual."""
    years = {Decimal(cited.published.year) for cited in claim.cited if cited.published}
    years |= {Decimal(year) for year in implied_years(claim)}
    has_dual = any(cited.language.partition("-")[0] in _DUALS for cited in claim.cited)
    return frozenset(years | ({Decimal(2)} if has_dual else set()))


def _explain(missing: list[Quantity], known: list[Quantity]) -> str:
    lacking = ", ".join(f"“{quantity.text.strip()}”" for quantity in missing)
    there = list(dict.fromkeys(quantity.text.strip() for quantity in known if not quantity.is_weak))[:_SHOWN]
    seen = f"the numbers there are {', '.join(there)}" if there else "there is no number there"
    return (
        f"{lacking} is not in what is cited; {seen}"
        if len(missing) == 1
        else f"{lacking} are not in what is cited; {seen}"
    )
