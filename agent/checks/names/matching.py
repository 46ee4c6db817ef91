"""Whether two written names can be one: equal, inflected, or in another script, by rules alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import regex

from agent.checks.words.folding import fold
from agent.checks.words.lexicons import load_lexicon

_SHORTEST_STEM = 4
"""Letters that two forms of one name share at least; in three, Iran and Iraq would be one."""


def is_same_word(name: str, other: str, languages: Iterable[str]) -> bool:
    """Whether two folded words are equal or two inflections of one name in any of `languages`."""
    if name == other:
        return True
    codes = tuple(sorted(set(languages)))
    return any(_is_inflected(one, two, codes) for one in _bare(name, codes) for two in _bare(other, codes))


def _bare(word: str, languages: tuple[str, ...]) -> Iterable[str]:
    yield word
    for language in languages:
        for prefix in load_lexicon("name_forms")["prefixes"].get(language, ()):
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM - 1:
                yield word[len(prefix) :]


@lru_cache(maxsize=65_536)
def _is_inflected(one: str, two: str, languages: tuple[str, ...]) -> bool:
    if one == two:
        return True
    shared = next(
        (at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two))
    )
    endings = _endings(languages)
    for stem in range(shared, _SHORTEST_STEM - 1, -1):
        if one[stem:] in endings and two[stem:] in endings:
            return True
    return False


@lru_cache(maxsize=256)
def _endings(languages: tuple[str, ...]) -> frozenset[str]:
    endings = load_lexicon("name_forms")["endings"]
    own = {fold(ending) for language in languages for ending in endings.get(language, "").split()}
    return frozenset(own | {""})


def is_same_in_other_script(name: str, other: str) -> bool:
    """Whether the consonants of two words of different scripts agree, three at least, or the vowels too."""
    if script_of(name) == script_of(other):
        return False
    one, two = romanize(name), romanize(other)
    if not one or not two:
        return False
    if _reduce("spelling", one) == _reduce("spelling", two):
        return True
    first, second = _reduce("consonants", one), _reduce("consonants", two)
    return first == second and len(first) >= 3


def is_same_spelling(name: str, other: str) -> bool:
    """Whether two words of one script differ only by what languages write differently for the same sound."""
    spellings = _reduce("spelling", romanize(name)), _reduce("spelling", romanize(other))
    return script_of(name) == script_of(other) and spellings[0] == spellings[1]


def is_same_by_sound(name: str, other: str) -> bool:
    """Whether two words sound the same, in one script or two."""
    return is_same_spelling(name, other) or is_same_in_other_script(name, other)


def looks_alike(name: str, other: str) -> bool:
    """Whether two folded words of one script differ in so few letters that they are easily confused."""
    if min(len(name), len(other)) < 4 or script_of(name) != script_of(other) or name[0] != other[0]:
        return False
    if name[-1] != other[-1]:
        return False  # Europe and Europa: languages end names in their own way
    return name != other and _distance(name, other) <= (1 if min(len(name), len(other)) < 7 else 2)


@lru_cache(maxsize=65_536)
def romanize(word: str) -> str:
    """Return a word in lower-case Latin letters."""
    from anyascii import anyascii

    return regex.sub(r"[^a-z]", "", anyascii(word).lower())


@lru_cache(maxsize=131_072)
def _reduce(rules: str, latin: str) -> str:
    """Return what the rules of `name_sounds.toml` leave of a name: of its spelling, or of its consonants."""
    for pattern, to in load_lexicon("name_sounds")[rules]:
        latin = regex.sub(pattern, to, latin)
    return latin


@lru_cache(maxsize=65_536)
def script_of(word: str) -> str:
    """Return the script of a word's first letter, by its Unicode name; kana and ideographs apart."""
    import unicodedata

    for char in word:
        if char.isalpha():
            return unicodedata.name(char, "?").split(" ")[0]
    return "?"


def _distance(one: str, two: str) -> int:
    """Levenshtein's."""
    row = list(range(len(two) + 1))
    for at, a in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, b in enumerate(two, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (a != b))
    return row[-1]
