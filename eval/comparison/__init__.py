"""Runs beside each other: differences with their uncertainty, flips, and a gate for CI."""

from eval.comparison.gate import ALPHA, EXIT_CODES, GateOutcome, Ruling, judge
from eval.comparison.pairs import (
    Comparison,
    Difference,
    Flip,
    FlippedCase,
    compare_runs,
    group_flips,
    measure_difference,
)

__all__ = [
    "ALPHA",
    "EXIT_CODES",
    "Comparison",
    "Difference",
    "Flip",
    "FlippedCase",
    "GateOutcome",
    "Ruling",
    "compare_runs",
    "group_flips",
    "judge",
    "measure_difference",
]
