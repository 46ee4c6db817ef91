"""Whether the names of a statement are in what it cites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

import regex

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.names.finding import Name, find_names
from agent.checks.names.matching import is_same_by_sound, is_same_word, looks_alike
from agent.checks.names.places import look_up, places
from agent.checks.names.states import NameMatcher
from agent.checks.words.folding import find_words, fold, fold_all, group_adjacent, is_unspaced
from vectorstore import is_same_language, primary_language

NAME = "names"

ACROSS_LANGUAGES = 0.33
"""Similarity from which a name counts as mentioned in another language.

Calibrated on the development news between English and nine languages: of true names that no letters find
4 % lie below it, of names put in their place 61 %; docs/decisions/0005-checks.md has the curve.
"""
LOOSELY = 0.3
"""The same for words that may be translated or be no names: Committee, a German noun."""
PLACE = 0.4
"""The same for a country or a city, whose name CLDR has in most languages and was not found."""
SAME_LANGUAGE = 0.6
"""The same within one language, where a name is nearly always repeated: 95 % of wrong names lie below .45."""
NOUN = 0.45
"""And for a word of the same language that is perhaps no name at all."""

_DOTTED = regex.compile(r"(?<!\p{L})(?:\p{Lu}\.){2,}")
_LEAST = 2
_GAP = regex.compile(r"\s*-?\s*")
_COMPOUNDING = frozenset(("de", "nl", "sv", "da", "nb", "fi", "hu"))
_HEAD = 5
"""Letters of a name that may be the front of a compound: Brexit of Brexitplan, but not Iran of Irangeld."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One text that may support a name."""

    text: str
    language: str
    words: tuple[str, ...]
    spelled: tuple[str, ...]
    """The same words with their capitals."""
    folded: str
    acronyms: frozenset[str]
    countries: frozenset[str]


def check_names(claim: Claim, matcher: NameMatcher | None = None) -> Check | None:
    """Return whether the names are supported; None when the statement has none.

    A name is in the evidence when it is there equal, inflected, as an acronym, transliterated, as the
    same country, or, across languages, when `matcher` finds it. Without a matcher a name that may be
    translated is not held against a statement in another language, nor is a word that perhaps is no name.
    """
    checked, missing = _look_for(claim, matcher)
    if not missing:
        return Check(name=NAME, passed=True) if checked else None
    joined = _join(missing, claim.text)
    quoted = ", ".join(map("“{}”".format, joined))
    detail = f"{quoted} {'is' if len(joined) == 1 else 'are'} not named in what is cited"
    return Check(name=NAME, passed=False, detail=detail)


def find_missing_names(claim: Claim, matcher: NameMatcher | None = None) -> tuple[str, ...]:
    """Return the names of the statement that `check_names` does not find, words of one name together."""
    _, missing = _look_for(claim, matcher)
    return tuple(_join(missing, claim.text))


def _look_for(claim: Claim, matcher: NameMatcher | None) -> tuple[int, list[Name]]:
    """Return how many names could be judged, and those that are not there."""
    names = find_names(claim.text, claim.language)
    if not names:
        return 0, []
    sources = list(starmap(_read, claim.sources()))
    countries = _countries(claim.text, primary_language(claim.language))
    abroad = not all(is_same_language(source.language, claim.language) for source in sources)
    checked = 0
    missing: list[Name] = []
    for name in names:
        country = _country_at(name, countries)
        if any(_supports(source, name, country, claim.language) for source in sources):
            checked += 1
        elif matcher is None:
            if not (name.is_doubtful or abroad):
                missing.append(name)
        elif not (
            (name.opens and country is None and matcher.is_ordinary(name.text, opens=True))
            or (abroad and name.is_determined)
        ):
            checked += 1
            if not _is_found(name, claim, sources, matcher, abroad, country is not None):
                missing.append(name)
    return checked, missing


@lru_cache(maxsize=1024)
def _read(text: str, language: str) -> _Source:
    joined = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", text)
    words = find_words(joined)
    capitals = "".join(word.text[0] if word.text[0].isupper() else " " for word in words)
    acronyms: set[str] = set()
    for run in capitals.split():
        for at in range(len(run)):
            for end in range(at + _LEAST, min(len(run), at + 6) + 1):
                acronyms.add(run[at:end].casefold())
    return _Source(
        text, language, tuple(fold_all(words)), tuple(word.text for word in words), fold(text),
        frozenset(acronyms), frozenset(_countries(text, primary_language(language)).values()),
    )  # fmt: skip


def _countries(text: str, language: str) -> dict[tuple[int, int], str]:
    """Return where a text names countries, and which."""
    found: dict[tuple[int, int], str] = {}
    if is_unspaced(text):
        for name in filter(is_unspaced, places(language)):
            for match in regex.finditer(regex.escape(name), text):
                found[match.span()] = places(language)[name]
        return found
    words = find_words(text)
    for at, word in enumerate(words):
        for count in (4, 3, 2, 1):
            part = words[at : at + count]
            named = look_up(" ".join(fold_all(part)), language)
            if named and len(part) == count and (word.is_capitalised or not word.text.isascii()):
                found[word.start, part[-1].end] = named
                break
    return found


def _supports(source: _Source, name: Name, country: str | None, language: str) -> bool:
    """Whether a source has the name, written in one way or another, or the country it means."""
    folded = fold(name.text.replace(".", ""))
    own, other = primary_language(language), primary_language(source.language)
    if folded in source.words or folded in source.acronyms or country in source.countries:
        return True
    if is_unspaced(source.text) and folded in source.folded:
        return True
    if name.text.isupper() and _spells(folded, source.spelled):
        return True
    may_head = other in _COMPOUNDING and len(folded) >= _HEAD
    for word, spelled in zip(source.words, source.spelled, strict=True):
        if (may_head and word.startswith(folded)) or is_same_word(folded, word, (own, other)):
            return True
        if own != other and is_same_by_sound(name.text, spelled):
            return True
    return False


def _spells(acronym: str, words: Iterable[str]) -> bool:
    """Whether capitalised words in a row begin with the letters of an acronym, small words left out."""
    initials = "".join(fold(word[0]) for word in words if word[0].isupper() or word[0].isdigit())
    return len(acronym) >= _LEAST and acronym in initials


def _country_at(name: Name, countries: dict[tuple[int, int], str]) -> str | None:
    for (start, end), code in countries.items():
        if start <= name.start and name.end <= end:
            return code
    return None


def _is_found(
    name: Name,
    claim: Claim,
    sources: Sequence[_Source],
    matcher: NameMatcher,
    abroad: bool,
    name_of_place: bool,
) -> bool:
    folded = fold(name.text)
    is_word = name.is_noun or (abroad and matcher.is_ordinary(name.text, opens=False))
    if not is_word and any(looks_alike(folded, word) for source in sources for word in source.words):
        return False
    statement, place = (claim.text, claim.language), (name.start, name.end)
    similarity = matcher.similarity(statement, place, claim.sources())
    if name_of_place and abroad:
        return similarity >= PLACE
    if not abroad:
        return similarity >= (NOUN if name.is_noun else SAME_LANGUAGE)
    return similarity >= (LOOSELY if is_word else ACROSS_LANGUAGES)


def _join(names: Sequence[Name], text: str) -> list[str]:
    """Return names as they are written, those that only a space or a hyphen separates as one."""
    return [text[group[0].start : group[-1].end] for group in group_adjacent(names, text, _GAP)]
