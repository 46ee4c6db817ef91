"""Words that deny, hedge and report, by language, as patterns over folded text."""

from __future__ import annotations

import regex

from agent.checks.words.lexicons import compile_words

_UNSPACED = ("zh", "ja")


def negations(language: str) -> regex.Pattern[str] | None:
    """What negates; None for a language without a list. Here and below `language` is without region."""
    return _compile("negation", language)


def soft_negations(language: str) -> regex.Pattern[str] | None:
    """What denies without a negation: it excuses one on the other side and asks for none."""
    return _compile("soft", language)


def hedges(language: str) -> regex.Pattern[str] | None:
    """What makes a claim uncertain."""
    return _compile("hedges", language)


def reports(language: str) -> regex.Pattern[str] | None:
    """What says that somebody said so."""
    return _compile("reports", language)


def _compile(table: str, language: str) -> regex.Pattern[str] | None:
    return compile_words("cues", table, language, are_whole=language not in _UNSPACED)
