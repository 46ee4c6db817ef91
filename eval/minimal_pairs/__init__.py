"""Statements with one thing changed, and how many of them the checks and the rules of others tell."""

from eval.minimal_pairs.edits import Edit
from eval.minimal_pairs.judge import Judge, to_claim
from eval.minimal_pairs.pairs import Pair, make_pairs, spread, true_pairs

__all__ = ["Edit", "Judge", "Pair", "make_pairs", "spread", "to_claim", "true_pairs"]
