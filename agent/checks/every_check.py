"""All checks on one statement."""

from __future__ import annotations

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.dates.check import check_dates
from agent.checks.names.check import check_names
from agent.checks.names.states import NameMatcher
from agent.checks.numbers.check import check_numbers
from agent.checks.stance.attribution import check_attribution
from agent.checks.stance.negation import check_modality, check_negation


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
