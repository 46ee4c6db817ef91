"""Measures of an answer's words against accepted answers, in any script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import regex

_UNPOINTED = regex.compile(r"[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Greek}]")
"""Scripts whose marks are left out in ordinary writing or in capitals; elsewhere marks are letters."""
_TATWEEL = "\u0640"
_GROUPED = regex.compile(r"(?<=\p{Nd})[.,'’\u00a0\u202f\u2009](?=\p{Nd}{3}(?!\p{Nd}))")
"""Between thousands: `1,200`, `1.200` and `1 200` are one number."""
_TOKEN = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]"
    r"|(?:(?=[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])\X)"
    r"|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}"
    r"\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{M}\p{N}])+"
)
"""A word; in scripts written without spaces a character with its marks."""


def normalize(text: str) -> str:
    """`text` as it is compared: compatibility forms, case, digits and optional marks folded."""
    # Nothing is dropped by a language's rules: SQuAD's `normalize_answer` takes away a, an and the, which is
    # English, and splits at spaces, which leaves Chinese or Thai one word.
    folded = unicodedata.normalize("NFKC", _GROUPED.sub("", text)).casefold()
    # The capital İ of Turkish folds to an i with a dot of its own.
    folded = folded.replace("i\u0307", "i").replace(_TATWEEL, "")
    parts: list[str] = []
    last = ""
    for character in unicodedata.normalize("NFD", folded):
        if unicodedata.category(character) == "Mn":
            if last and _UNPOINTED.match(last):
                continue
        else:
            last = character
        digit = unicodedata.decimal(character, None)
        parts.append(str(digit) if digit is not None else character)
    return unicodedata.normalize("NFC", "".join(parts))


def split_tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared; in scripts without spaces its characters."""
    return _TOKEN.findall(normalize(text))


def contains_answer(text: str, accepted: Sequence[str]) -> float:
    """1 when an accepted answer's words are together in `text`, else 0. ValueError if none has a word."""
    words = split_tokens(text)
    return float(any(_is_inside(answer, words) for answer in _split_all(accepted)))


def token_f1(text: str, accepted: Sequence[str]) -> float:
    """Best F1 of shared words over the accepted answers (Rajpurkar et al., EMNLP 2016).

    `2PR / (P + R)`, with P the shared words over those of `text` and R over those of the answer, repeats
    counted as often as both have them. Raises ValueError if no accepted answer has a word.
    """
    words = Counter(split_tokens(text))
    return max(_f1(words, Counter(answer)) for answer in _split_all(accepted))


def find_forbidden(text: str, forbidden: Sequence[str]) -> list[str]:
    """Return which of these are in `text`."""
    words = split_tokens(text)
    return [each for each in forbidden if (tokens := split_tokens(each)) and _is_inside(tokens, words)]


def _split_all(accepted: Sequence[str]) -> list[list[str]]:
    found = [tokens for answer in accepted if (tokens := split_tokens(answer))]
    if not found:
        raise ValueError("no accepted answer has a word to compare")
    return found


def _is_inside(answer: Sequence[str], words: Sequence[str]) -> bool:
    size = len(answer)
    return any(list(words[row : row + size]) == list(answer) for row in range(len(words) - size + 1))


def _f1(words: Counter[str], answer: Counter[str]) -> float:
    shared = (words & answer).total()
    return 2 * shared / (words.total() + answer.total()) if shared else 0.0
