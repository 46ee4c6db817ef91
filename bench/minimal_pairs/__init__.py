"""Statements with one thing changed, and how many of them the checks and the rules of others tell."""

from bench.minimal_pairs.edits import Edit
from bench.minimal_pairs.judge import Judge, to_claim
from bench.minimal_pairs.pairs import Pair, make_pairs, spread, true_pairs

__all__ = ["Edit", "Judge", "Pair", "make_pairs", "spread", "to_claim", "true_pairs"]
