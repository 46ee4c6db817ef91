"""Suites: cases with what must hold of their answers, and the articles they are asked of."""
