"""Dates: found in a text, absolute or relative, and checked against what is cited."""
