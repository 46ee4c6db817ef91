"""What may stand after a number and changes what it is worth: million, Mio., тыс., %, $."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import regex

from agent.checks.words.folding import find_words, fold
from agent.checks.words.lexicons import load_lexicon
from agent.checks.words.numerals import is_scale, load_table


@cache
def magnitudes(language: str) -> Mapping[str, Decimal]:
    """Folded words that multiply the number before them; some are of two words, "mil millones"."""
    found: dict[str, Decimal] = {}
    for word, value in _from_cldr(language):
        found.setdefault(word, value)
    table = load_table(language)
    if table:
        found |= {word: Decimal(value) for word, value in table.cardinals.items() if is_scale(value)}
    for word, power in load_lexicon("magnitudes")["newsroom"].get(language, {}).items():
        found[fold(word)] = Decimal(10) ** power
    return found


def _from_cldr(language: str) -> list[tuple[str, Decimal]]:
    from babel.core import Locale, UnknownLocaleError

    try:
        formats = Locale.parse(language, sep="-").compact_decimal_formats
    except (UnknownLocaleError, ValueError):
        return []
    found: list[tuple[str, Decimal]] = []
    for length in ("long", "short"):
        for patterns in formats.get(length, {}).values():
            for power, pattern in patterns.items():
                zeros = pattern.pattern.count("0")
                words = " ".join(
                    fold(word.text) for word in find_words(pattern.pattern.replace("'", "").replace("0", " "))
                )
                if zeros and words and (length == "long" or len(words) > 1):
                    found.append((words, Decimal(power) / 10 ** (zeros - 1)))
    return found


@cache
def _percent_after(language: str) -> regex.Pattern[str]:
    words = load_lexicon("magnitudes")["percent"]
    either = "|".join([*words[""], *words.get(language, [])])
    return regex.compile(rf"[\s\u00a0\u202f-]*(?:{either})", regex.IGNORECASE)


@cache
def _percent_before(language: str) -> regex.Pattern[str]:
    words = load_lexicon("magnitudes")["percent_before"].get(language, ["%"])
    return regex.compile(rf"(?:{'|'.join(words)})$", regex.IGNORECASE)


def is_percent(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number at `[start, end)` of `text` is a percentage."""
    after, before = fold(text[end : end + 24]), fold(text[max(0, start - 16) : start])
    return bool(_percent_after(language).match(after) or _percent_before(language).search(before))


def find_currency(text: str, start: int, end: int) -> str | None:
    """The kind of money the number at `[start, end)` counts: all dollars are one kind."""
    before, after = fold(text[max(0, start - 8) : start]), fold(text[end : end + 20])
    kinds = _currencies()
    found = (kind for kind, (_, preceding) in kinds.items() if preceding.search(before))
    return next(found, None) or next(
        (kind for kind, (following, _) in kinds.items() if following.match(after)), None
    )


@cache
def _currencies() -> Mapping[str, tuple[regex.Pattern[str], regex.Pattern[str]]]:
    """By kind of money, what follows a number and what stands before it."""
    return {
        kind: (regex.compile(rf"\s*(?:{'|'.join(words)})"), regex.compile(rf"(?:{'|'.join(words)})\s*$"))
        for kind, words in load_lexicon("magnitudes")["currency"].items()
    }
