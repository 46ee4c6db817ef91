"""Countries and cities in every language of CLDR: the names that a dictionary can translate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from agent.checks.names.matching import is_same_word
from agent.checks.words.folding import fold_words
from agent.checks.words.lexicons import load_lexicon, load_locale

_OF_MANY = frozenset({"ar", "sw", "ff", "ha", "zu", "ln", "qu", "ku"})
"""Languages that mean no one country."""
_SPOKEN_IN = {"pt": "PT", "en": "GB"}
_FRONT = 4
"""Letters by which inflected names are looked up."""


@cache
def places(language: str) -> Mapping[str, str]:
    """Return folded names of countries and continents (by ISO 3166, UN M49), and of cities by time zone."""
    from babel.core import get_global

    locale = load_locale(language)
    if locale is None:
        return {}
    likely = get_global("likely_subtags")
    found: dict[str, str] = {}
    # The name of a language is the adjective as well, so it names the country it is most spoken in.
    for code, name in locale.languages.items():
        if len(code) == 2 and code in likely and code not in _OF_MANY:
            found[fold_words(name)] = _SPOKEN_IN.get(code) or str(likely[code]).split("_")[-1]
    cities: dict[str, str] = {}
    for zone in map(str, get_global("zone_territories")):
        if "/" in zone:
            cities[zone] = zone.rpartition("/")[2].replace("_", " ")
    for zone, entry in locale.time_zones.items():
        if "city" in entry:
            cities[zone] = entry["city"]
    for zone, city in cities.items():
        found[fold_words(city)] = zone
    for code, name in locale.territories.items():
        found[fold_words(name)] = code
    return {**found, **load_lexicon("places").get(language, {})}


@cache
def _by_front(language: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in places(language):
        if " " not in name and len(name) >= _FRONT:
            found[name[:_FRONT]].append(name)
    return {front: tuple(names) for front, names in found.items()}


def look_up(folded: str, language: str) -> str | None:
    """Return what a name of one or more words means, inflected or not; None when CLDR does not know it."""
    known = places(language)
    if folded in known or " " in folded:
        return known.get(folded)
    for name in _by_front(language).get(folded[:_FRONT], ()):
        if is_same_word(folded, name, {language}):
            return known[name]
    return None
