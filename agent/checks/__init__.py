"""Deterministic checks of a statement against what it cites: pure functions, the same answer every time.

Each check says nothing (None) where it has nothing to say, passes, or fails with a detail that names what is
not supported. docs/decisions/0005-checks.md says how they were chosen and what they miss.

Everything loads when it is first asked for: the settings in this package are read by every command, and the
checks bring numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.checks.claim import Cited, Claim, describe_cited
    from agent.checks.dates.check import check_dates
    from agent.checks.every_check import check_claim
    from agent.checks.names.check import check_names, find_unnamed
    from agent.checks.names.states import NameMatcher, TokenNameMatcher
    from agent.checks.numbers.check import check_numbers
    from agent.checks.stance.attribution import check_attribution
    from agent.checks.stance.negation import check_modality, check_negation

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
_PLACES = {
    "Cited": "claim",
    "Claim": "claim",
    "NameMatcher": "names.states",
    "TokenNameMatcher": "names.states",
    "check_attribution": "stance.attribution",
    "check_claim": "every_check",
    "check_dates": "dates.check",
    "check_modality": "stance.negation",
    "check_names": "names.check",
    "check_negation": "stance.negation",
    "check_numbers": "numbers.check",
    "describe_cited": "claim",
    "find_unnamed": "names.check",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
