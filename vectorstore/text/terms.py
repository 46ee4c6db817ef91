"""Words as the lexical index stores them, for any script; pure, without the index itself.

The index splits at white space only, so what a word is gets decided here, the same way for passages
and questions. Scripts written without spaces are cut into overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, pairwise

LONGEST_TERM = 64
"""Code points stored of one term: longer than any word, short enough that a base64 blob or a 200,000
character line costs the index nothing."""

_HEBREW_POINTS_TO_SYRIAC = range(10, 37)
_DIACRITICS_FROM = 200
_OVERLAY = 1
"""Canonical combining classes (Unicode Character Database, UAX #44 table 15) of the accents, points and
strokes that writers leave out. Marks of the other classes are vowels, tones and voicing of Indic, Thai
and Japanese text, without which different words fall together."""

_LETTER_VARIANTS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "",
}  # fmt: skip
"""Letters that Unicode does not decompose and that are typed either way (Łódź and Lodz); the Arabic ones
as in Lucene's ArabicNormalizer and PersianNormalizer, with the tatweel that only stretches a word."""

_UNSPACED = (
    "\u3005-\u3007\u3021-\u3029"  # marks and numerals used among Han
    "\u3041-\u30ff\u31f0-\u31ff"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul: spaced, but particles grow on to the words
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff"  # Khmer
)
_RUNS = re.compile(f"([{_UNSPACED}]+)|[^{_UNSPACED}]+")


class _Folding(dict[int, str]):
    """Code point of decomposed, case-folded text to what the index sees of it; filled as texts need it."""

    def __missing__(self, code_point: int) -> str:
        self[code_point] = folded = _fold(chr(code_point))
        return folded


def _fold(character: str) -> str:
    if character in _LETTER_VARIANTS:
        return _LETTER_VARIANTS[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or (category == "Mn" and _is_left_out(character)):
        return ""
    return character if category[0] in "LNM" else " "


def _is_left_out(mark: str) -> bool:
    if "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef":
        return True  # A variation selector.
    combining = unicodedata.combining(mark)
    return combining == _OVERLAY or combining in _HEBREW_POINTS_TO_SYRIAC or combining >= _DIACRITICS_FROM


_FOLDING = _Folding()


def split_terms(text: str) -> list[str]:
    """Split `text` into terms, in order and with repetitions.

    Case, width, accents, points, tatweel, soft hyphens, joiners and the shape of digits do not count;
    everything that is neither letter, number nor mark separates.
    """
    # Twice, as folding case can give letters that decompose further.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = unicodedata.normalize("NFC", decomposed.translate(_FOLDING))
    return list(chain.from_iterable(map(_cut, folded.split())))


def index_terms(text: str) -> str:
    """Return the terms of `text` with single spaces between, as the lexical index stores them."""
    return " ".join(split_terms(text))


def query_terms(question: str) -> tuple[str, ...]:
    """Return the different terms of a question, in order of appearance."""
    return tuple(dict.fromkeys(split_terms(question)))


def _cut(word: str) -> Iterator[str]:
    if word.isascii():
        yield word[:LONGEST_TERM]
        return
    for run in _RUNS.finditer(word):
        if run[1] is None:
            yield run[0][:LONGEST_TERM]
        else:
            yield from _pairs(run[1])


def _pairs(run: str) -> Iterator[str]:
    """Yield overlapping pairs of characters, each with its marks; a lone character is returned alone."""
    characters: list[str] = []
    for code_point in run:
        if characters and unicodedata.category(code_point)[0] == "M":
            characters[-1] += code_point
        else:
            characters.append(code_point)
    if len(characters) == 1:
        yield characters[0][:LONGEST_TERM]
    for first, second in pairwise(characters):
        yield (first + second)[:LONGEST_TERM]
