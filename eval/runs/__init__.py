"""Runs: immutable folders of answers, and the scores made of them."""
