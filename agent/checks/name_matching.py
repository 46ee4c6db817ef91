"""Whether two written names can be one: equal, inflected, or in another script. Nothing here knows any name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import regex

from agent.checks.words import fold

_ENDINGS: Mapping[str, str] = {
    "en": "s es n an ian ans ians ish ese i is ic",
    "nl": "s se e en er ers aan aanse aans ees ese isch ische",
    "de": "s es e en er ern ers n r in innen isch ische ischen ischer isches ischem ner",
    "fr": "s e es n ne ns nes en enne ens ennes ien ienne ais aise ois oise",
    "es": "s es o a os as no na nos nas ano ana anos anas ense enses eno",
    "it": "i e o a no na ni ne ano ana ani ane ese esi",
    "pt": "s o a os as no na nos nas ano ana es esa",
    "pl": "a u owi em ie e i y o om ami ach ow ow ego emu ej im ym iem a ę ą ą ię ii ia ie iej ska ski skie skiego skiej skich skim sku czyk czycy",
    "cs": "a u ovi em e i y o um ech ach ove ho mu m ou ska sky ske skeho ske",
    "ru": "а у ом ем е ы и ой ей ою я ю ь ов ев ам ами ах ого ому ым ым их ых ая ий ые ский ская ское ские ского ской ским ских скую",
    "uk": "а у ом ем і и ою ею я ю ь ів ові еві ам ами ах ого ому им их ий ська ський ське ські",
    "tr": "i u in un nin nun a e ya ye na ne da de ta te dan den tan ten nda nde ndan nden yi yu la le lar ler lari leri li lu lilar liler ca ce",
    "fi": "n a ta ssa sta an en in lla lta lle na ksi t in iin lainen laisen",
    "hu": "t at et ot k ak ek ban ben nak nek val vel on en ra re rol tol hoz hez i",
    "sv": "s en et n sk ska ske ar or er", "da": "s en et n sk ske er", "nb": "s en et n sk ske er",
    "el": "ς υ ν ου η ης α ας ο ος ον ι ων ους ες",
    "ro": "ul ului a ei i ii lui u ui le lor an ana ani ane",
    "id": "nya", "ar": "ي ية يه يين ين ون ا ان ات", "he": "י ית ים", "hi": "ी े ों ियों",
}  # fmt: skip
"""Folded endings of names: cases, plurals, and what makes a people of a country."""

_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "ar": ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "ك"), "he": ("ו", "ב", "ל", "ה", "מ", "ש", "כ"),
}  # fmt: skip
"""What Arabic and Hebrew write as one with the word after it."""

_SHORTEST_STEM = 4
"""Letters that two forms of one name share at least; in three, Iran and Iraq would be one."""

_SPELLINGS = [
    (regex.compile(pattern), to)
    for pattern, to in (
        ("tsch|tch|tsj|cz|ch(?=[eiy])|c(?=i\\b)|ç", "C"), ("sch(?=[oalrmnw])|sc(?=[oa])", "sk"), ("sch|sh|sj|sz|ch", "S"), ("dzh|dj|dsch|j(?=[aou])", "J"), ("ph", "f"),
        ("kh|x", "h"), ("ck|q|c(?![CSh])", "k"), ("w", "v"), ("ts|tz|z", "s"), ("y|ij|j", "i"), ("ou|oe|u", "u"), ("th", "t"),
        ("ii+", "i"), ("(.)\\1", "\\1"),
    )
]  # fmt: skip
"""One sound, written by one language so and by another so: Iwanow and Ivanov, Poutine and Putin."""

_CONSONANTS = [
    (regex.compile(pattern), to)
    for pattern, to in (
        ("sch|shch|sh|ch|tsch|tch|zh|dzh|dj|j(?!$)|g(?=[eiy])|ç|ş", "s"), ("ph|f|v|w|b|p", "p"), ("ck|kh|gh|g|q|k|x|c|h", "k"),
        ("th|dh|d|t", "t"), ("ts|tz|z|s", "s"), ("r|l", "r"), ("m|n", "n"), ("[^pktsrn]", ""), ("(.)\\1+", "\\1"),
    )
]  # fmt: skip
"""What is left of a name when it has gone through an alphabet without vowels, p or v."""


def is_same_word(name: str, other: str, languages: Iterable[str]) -> bool:
    """Whether two folded words are equal or two inflections of one name in any of `languages`."""
    if name == other:
        return True
    codes = tuple(sorted(set(languages)))
    return any(_is_inflected(one, two, codes) for one in _bare(name, codes) for two in _bare(other, codes))


def _bare(word: str, languages: tuple[str, ...]) -> Iterable[str]:
    yield word
    for language in languages:
        for prefix in _PREFIXES.get(language, ()):
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
    own = {fold(ending) for language in languages for ending in _ENDINGS.get(language, "").split()}
    return frozenset(own | {""})


def is_same_in_other_script(name: str, other: str) -> bool:
    """Whether two words of different scripts sound alike: their consonants in Latin letters are the same.

    Needs three consonants, or the vowels as well.
    """
    if script_of(name) == script_of(other):
        return False
    one, two = romanize(name), romanize(other)
    if not one or not two:
        return False
    if spelling_key(one) == spelling_key(two):
        return True
    first, second = consonants(one), consonants(two)
    return first == second and len(first) >= 3


def is_same_spelling(name: str, other: str) -> bool:
    """Whether two words of one script differ only by what languages write differently for the same sound."""
    return script_of(name) == script_of(other) and spelling_key(romanize(name)) == spelling_key(
        romanize(other)
    )


def looks_alike(name: str, other: str) -> bool:
    """Whether two folded words of one script are so close that only their letters can tell them apart."""
    if min(len(name), len(other)) < 4 or script_of(name) != script_of(other) or name[0] != other[0]:
        return False
    if name[-1] != other[-1]:
        return False  # Europe and Europa: languages end names in their own way
    return name != other and _distance(name, other) <= (1 if min(len(name), len(other)) < 7 else 2)


@lru_cache(maxsize=65_536)
def romanize(word: str) -> str:
    """A word in lower-case Latin letters."""
    from anyascii import anyascii

    return regex.sub(r"[^a-z]", "", anyascii(word).lower())


@lru_cache(maxsize=65_536)
def spelling_key(latin: str) -> str:
    """What spellings of one name in several languages have in common."""
    for pattern, to in _SPELLINGS:
        latin = pattern.sub(to, latin)
    return regex.sub("e$", "", latin)


@lru_cache(maxsize=65_536)
def consonants(latin: str) -> str:
    """The classes of a word's consonants."""
    for pattern, to in _CONSONANTS:
        latin = pattern.sub(to, latin)
    return latin


@lru_cache(maxsize=65_536)
def script_of(word: str) -> str:
    """The script of a word's first letter, by its Unicode name; kana and ideographs apart."""
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
