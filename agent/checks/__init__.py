"""Deterministic checks of a statement against what it cites: pure functions, the same answer every time.

Each check returns None where it has nothing to say, passes, or fails with a detail that names what is not
supported. docs/decisions/0005-checks.md says how they were chosen and what they miss.
"""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from agent.answer.answer import Check
from agent.checks.claim import Cited, Claim, describe_cited, fails
from agent.checks.dates.check import check_dates
from agent.checks.names.check import check_names, find_missing_names
from agent.checks.names.states import NameMatcher
from agent.checks.numbers.check import check_numbers
from agent.checks.stance.attribution import check_attribution
from agent.checks.stance.negation import check_modality, check_negation


def check_claim(claim: Claim, matcher: NameMatcher | None = None) -> tuple[Check, ...]:
    """Return every check that has something to say; `check_names` says what a `matcher` is for."""
    outcomes = (
        check_numbers(claim),
        check_dates(claim),
        check_names(claim, matcher),
        check_negation(claim),
        check_modality(claim),
        check_attribution(claim),
    )
    return tuple(filter(None, outcomes))
