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
    from agent.checks.attribution_check import check_attribution
    from agent.checks.claim import Cited, Claim, describe_cited
    from agent.checks.date_check import check_dates
    from agent.checks.every_check import check_claim
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
_PLACES = {
    "Cited": "claim",
    "Claim": "claim",
    "NameMatcher": "name_states",
    "TokenNameMatcher": "name_states",
    "check_attribution": "attribution_check",
    "check_claim": "every_check",
    "check_dates": "date_check",
    "check_modality": "negation_check",
    "check_names": "name_check",
    "check_negation": "negation_check",
    "check_numbers": "number_check",
    "describe_cited": "claim",
    "find_unnamed": "name_check",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
