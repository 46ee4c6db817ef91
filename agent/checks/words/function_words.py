"""Words that open sentences or stand before names and are no names themselves."""

from __future__ import annotations

from functools import cache

from agent.checks.words.folding import fold
from agent.checks.words.lexicons import load_lexicon


@cache
def function_words(language: str) -> frozenset[str]:
    """Folded, of a language (BCP 47 without region); those of all languages for one without a list."""
    lexicon = load_lexicon("function_words")
    lists = [lexicon[language]] if language in lexicon else lexicon.values()
    return frozenset(fold(word) for words in lists for word in words.split())
