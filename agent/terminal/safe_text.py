"""Text that can do nothing to a terminal, a list or a page but be read."""

from __future__ import annotations

_JOINERS = "\u200c\u200d"
"""Invisible, and without them Persian, Hindi and others are misspelt."""


def clean(text: str) -> str:
    """Return `text` with white space as spaces and without control or direction-changing characters."""
    shown = (" " if char.isspace() else char for char in text)
    return "".join(char for char in shown if char.isprintable() or char in _JOINERS)


def join_facts(*facts: str | None) -> str:
    """Return those that are known, cleaned, on one line."""
    return " · ".join(map(clean, filter(None, facts)))


def clean_lines(text: str) -> str:
    """Return `text` cleaned line by line."""
    return "\n".join(map(clean, text.split("\n")))


def squeeze(text: str) -> str:
    """Return `text` cleaned, on one line, with single spaces."""
    return clean(" ".join(text.split()))
