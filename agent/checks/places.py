"""Countries and continents in every language of CLDR: the one kind of name that a dictionary translates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from agent.checks.lexicons import load_lexicon
from agent.checks.words import find_words


@cache
def territories(language: str) -> Mapping[str, str]:
    """Folded names of countries and continents, a space between words, to their ISO 3166 and UN M49 codes."""
    from babel.core import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return {}
    found = {
        " ".join(word.folded for word in find_words(name)): code
        for code, name in names.items()
        if len(code) == 2
    }
    also: Mapping[str, str] = load_lexicon("places").get(language, {})
    return {**found, **also}
