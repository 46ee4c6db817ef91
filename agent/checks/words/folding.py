"""What all checks read text with: words, their folded forms, clauses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

import regex

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_UNMARKED = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}]")
# Plain shapes, as search engines have them.
_ARABIC = str.maketrans("أإآٱىئؤة", "ااااييوه", "ـ\u200c\u200d")
_PLAIN = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ʼ": "", "­": "",
}  # fmt: skip
_LATIN = str.maketrans(_PLAIN)

UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
"""Letters of scripts that put no space between words."""

_STEM = 5
"""Letters at the front that two forms of a word share at least; of longer words two thirds."""


class _Span(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Located = TypeVar("Located", bound=_Span)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits, at `[start, end)` code points of its text."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        """Return the word as it is compared."""
        return fold(self.text)

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with an upper- or title-case letter."""
        return self.text[:1].isupper() or self.text[:1].istitle()


def find_words(text: str) -> list[Word]:
    """Return all words in order. Apostrophes, hyphens and every other sign end a word."""
    return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def fold_all(words: Iterable[Word]) -> list[str]:
    """Return words as they are compared."""
    return [word.folded for word in words]


def is_inside(at: int, items: Iterable[Located]) -> bool:
    """Whether one of `items` is at a place of their text."""
    return any(item.start <= at < item.end for item in items)


def is_apart(item: Located, others: Iterable[Located]) -> bool:
    """Whether an item shares no place with any of `others`."""
    return all(item.end <= other.start or other.end <= item.start for other in others)


def group_adjacent(items: Iterable[Located], text: str, gap: regex.Pattern[str]) -> list[list[Located]]:
    """Return words or names of `text` in groups: those with nothing but a `gap` between them are together."""
    groups: list[list[Located]] = []
    for item in items:
        if groups and gap.fullmatch(text, groups[-1][-1].end, item.start):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def fold_words(text: str) -> str:
    """Return the words of `text`, folded, with one space between."""
    return " ".join(fold_all(find_words(text)))


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return compatible forms unified, case folded, without marks where a script can do without them."""
    decomposed = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LATIN)
    )
    folded: list[str] = []
    base_is_plain = True
    for char in decomposed:
        is_mark = unicodedata.category(char) == "Mn"
        if not is_mark:
            base_is_plain = _UNMARKED.match(char) is not None
        # Marks are vowels in Devanagari, Thai and their kin, and stay there.
        if not (is_mark and base_is_plain):
            folded.append(char)
    return unicodedata.normalize("NFC", "".join(folded)).translate(_ARABIC)


def stem(word: str) -> str:
    """Return the front of a word, by which its forms are compared."""
    return word if len(word) <= _STEM else word[: max(_STEM, len(word) * 2 // 3)]


def is_unspaced(text: str) -> bool:
    """Whether any letter of `text` belongs to a script without spaces between words."""
    return UNSPACED.search(text) is not None
