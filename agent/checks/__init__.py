"""Deterministic checks of a statement against what it cites: pure functions, the same answer every time.

Each check says nothing (None) where it has nothing to say, passes, or fails with a detail that names what is
not supported. docs/decisions/0005-checks.md says how they were chosen and what they miss.
"""

from __future__ import annotations

from agent.answer import Check
from agent.checks.attribution_check import check_attribution
from agent.checks.claim import Cited, Claim, describe_cited
from agent.checks.date_check import check_dates
from agent.checks.name_check import check_names, find_unnamed
from agent.checks.name_states import NameMatcher, TokenNameMatcher
from agent.checks.negation_check import check_modality, check_negation
from agent.checks.number_check import check_numbers

__all__ = [
    "Cited",
    "Claim",
    "NameMatcher",
    "TokenNameMatcher",
    "check_attribution",
    "check_claim",
    "check_dates",
    "check_modality",
    "check_names",
    "check_negation",
    "check_numbers",
    "describe_cited",
    "find_unnamed",
]


def check_claim(claim: Claim, matcher: NameMatcher | None = None) -> tuple[Check, ...]:
    """Every check that has something to say: numbers, dates, names, negation, modality, attribution.

    Args:
        claim: the statement with what it cites.
        matcher: finds names in other languages; without it a name that may be translated is let pass.
    """
    outcomes = (
        check_numbers(claim),
        check_dates(claim),
        check_names(claim, matcher),
        check_negation(claim),
        check_modality(claim),
        check_attribution(claim),
    )
    return tuple(check for check in outcomes if check is not None)
