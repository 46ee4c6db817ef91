"""Countries and continents in every language of CLDR: the one kind of name that a dictionary translates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from agent.checks.words import find_words


@cache
def territories(language: str) -> Mapping[str, str]:
    """Folded names of countries and continents, words joined by a space, to their ISO 3166 and UN M49 codes."""
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
    return found | {form: code for form, code in _ALSO.get(language, {}).items()}


_ALSO: Mapping[str, Mapping[str, str]] = {
    "en": {"us": "US", "usa": "US", "u s": "US", "u s a": "US", "america": "US", "uk": "GB", "u k": "GB", "britain": "GB",
           "great britain": "GB", "england": "GB", "north korea": "KP", "south korea": "KR", "russia": "RU", "syria": "SY", "czech republic": "CZ", "turkey": "TR", "un": "UN", "u n": "UN", "eu": "EU", "e u": "EU"},
    "nl": {"vn": "UN", "eu": "EU", "vs": "US", "amerika": "US", "vk": "GB", "groot brittannie": "GB", "engeland": "GB"},
    "de": {"uno": "UN", "un": "UN", "eu": "EU", "tuerkei": "TR", "usa": "US", "us": "US", "amerika": "US", "grossbritannien": "GB", "england": "GB", "uk": "GB"},
    "fr": {"onu": "UN", "ue": "EU", "usa": "US", "amerique": "US", "grande bretagne": "GB", "angleterre": "GB", "uk": "GB"},
    "es": {"onu": "UN", "ue": "EU", "ee uu": "US", "eeuu": "US", "gran bretana": "GB", "inglaterra": "GB"},
    "it": {"onu": "UN", "ue": "EU", "usa": "US", "america": "US", "gran bretagna": "GB", "inghilterra": "GB", "uk": "GB"},
    "pt": {"onu": "UN", "ue": "EU", "eua": "US", "gra bretanha": "GB", "inglaterra": "GB"},
    "pl": {"onz": "UN", "ue": "EU", "unia europejska": "EU", "usa": "US", "wielka brytania": "GB", "wielkiej brytanii": "GB", "stanow zjednoczonych": "US", "stanach zjednoczonych": "US"},
    "ru": {"оон": "UN", "ес": "EU", "сша": "US", "великобритания": "GB", "великобритании": "GB", "россии": "RU", "британия": "GB"},
    "tr": {"bm": "UN", "ab": "EU", "abd": "US", "amerika": "US", "ingiltere": "GB", "britanya": "GB"},
    "ar": {"امريكا": "US", "بريطانيا": "GB", "المملكه المتحده": "GB"}, "zh": {"英国": "GB", "美国": "US"}, "ja": {"米国": "US", "英国": "GB", "アメリカ": "US", "イギリス": "GB"},
}  # fmt: skip
"""Short names and abbreviations of news."""
