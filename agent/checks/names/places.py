"""Countries and cities in every language of CLDR: the names that a dictionary can translate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from agent.checks.names.matching import is_same_word
from agent.checks.words.folding import fold_words
from agent.checks.words.lexicons import load_lexicon, load_locale

_OF_MANY = frozenset({"ar", "sw", "ff", "ha", "zu", "ln", "qu", "ku"})
"""Languages that stand for no one country."""
_FRONT = 4
"""Letters by which inflected names are looked up."""


@cache
def places(language: str) -> Mapping[str, str]:
    """Folded names, a space between words, to what they name.

    Countries and continents by ISO 3166 and UN M49, the cities of time zones by their zone. The name of a
    language stands for the country it is most spoken in, as "Swedish" does: in many languages it is the
    adjective as well.
    """
    from babel.core import get_global

    locale = load_locale(language)
    if locale is None:
        return {}
    likely = get_global("likely_subtags")
    tongues = {code for code in map(str, locale.languages) if len(code) == 2 and code in likely} - _OF_MANY
    spoken = {code: str(likely[code]).split("_")[-1] for code in tongues} | {"pt": "PT", "en": "GB"}
    zones = map(str, get_global("zone_territories"))
    cities = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones if "/" in zone}
    cities |= {zone: entry["city"] for zone, entry in locale.time_zones.items() if "city" in entry}
    found = {fold_words(locale.languages[code]): country for code, country in spoken.items()}
    found |= {fold_words(city): zone for zone, city in cities.items()}
    found |= {fold_words(name): code for code, name in locale.territories.items()}
    return {**found, **load_lexicon("places").get(language, {})}


@cache
def _by_front(language: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in places(language):
        if " " not in name and len(name) >= _FRONT:
            found[name[:_FRONT]].append(name)
    return {front: tuple(names) for front, names in found.items()}


def look_up(folded: str, language: str) -> str | None:
    """What a name of one or more words stands for, inflected or not; None when CLDR does not know it."""
    known = places(language)
    if folded in known or " " in folded:
        return known.get(folded)
    for name in _by_front(language).get(folded[:_FRONT], ()):
        if is_same_word(folded, name, {language}):
            return known[name]
    return None
