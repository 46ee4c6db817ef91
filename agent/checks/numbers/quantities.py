"""Every number of a text, however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import regex

from agent.checks.numbers.figures import clock_readings, find_figures
from agent.checks.numbers.magnitudes import Quantity, find_currency, is_percent
from agent.checks.numbers.spelled import find_spelled
from agent.checks.words.cjk import find_cjk
from agent.checks.words.folding import is_apart, is_unspaced
from agent.checks.words.lexicons import load_lexicon
from vectorstore import primary_language

_ROMAN = regex.compile(r"(?<![\p{L}\p{N}])(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})(?![\p{L}\p{N}])")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_LARGEST = 10**15
"""What is longer is a code, not a number that another continues."""
_BETWEEN = frozenset((
    "-", "–", "—", ":", "&", "：", "比", " - ", " – ", "/", " مقابل ", " zu ", " à ", " a ",
))  # fmt: skip
"""What separates the two numbers of a score."""


@lru_cache(maxsize=1024)
def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return all numbers in order. `language` is BCP 47."""
    base = primary_language(language)
    found = list(find_figures(text, language, base))
    taken = list(found)
    for quantity in (*_find_ideographs(text), *find_spelled(text, base), *_find_roman(text)):
        if is_apart(quantity, taken):
            found.append(quantity)
            if not quantity.is_weak:
                taken.append(quantity)
    merged = _merge_descending(sorted(found, key=lambda quantity: quantity.start), text)
    return tuple(_with_units(quantity, text, base) for quantity in _pair_up(merged, text))


def _find_ideographs(text: str) -> Iterator[Quantity]:
    if not is_unspaced(text) and not regex.search(r"\p{Hangul}", text):
        return
    for number in find_cjk(text):
        others = frozenset(clock_readings(text, number.end, number.value))
        is_weak = number.is_weak or number.value == 1
        words = text[number.start : number.end]
        yield Quantity(number.start, number.end, words, number.value, others, is_weak=is_weak)
    for word, worth in load_lexicon("number_meanings")["ideographs"].items():
        value = Decimal(str(worth))
        others = frozenset({value * 100}) if value < 1 else frozenset()
        for match in regex.finditer(regex.escape(word), text):
            yield Quantity(*match.span(), word, value, others, is_weak=True)


def _find_roman(text: str) -> Iterator[Quantity]:
    for match in _ROMAN.finditer(text):
        value = 0
        for now, after in pairwise((*map(_ROMAN_VALUES.__getitem__, match.group()), 0)):
            value += -now if now < after else now  # IV is four
        yield Quantity(match.start(), match.end(), match.group(), Decimal(value), is_weak=True)


def _merge_descending(found: list[Quantity], text: str) -> list[Quantity]:
    """Make one of "12 bin 500" and "5 тысяч 200": a magnitude, then digits that fit below it."""
    merged: list[Quantity] = []
    for quantity in found:
        last = merged[-1] if merged else None
        if last and text[last.end : quantity.start] == " " and _continues(last, quantity):
            whole, value = text[last.start : quantity.end], last.value + quantity.value
            others = frozenset({last.value, quantity.value})
            merged[-1] = replace(last, end=quantity.end, text=whole, value=value, others=others)
        else:
            merged.append(quantity)
    return merged


def _continues(last: Quantity, quantity: Quantity) -> bool:
    """Whether digits with a magnitude are followed by digits that fit below it."""
    if last.is_weak or quantity.is_weak or not last.text[:1].isdigit() or not quantity.text[:1].isdigit():
        return False
    if last.text[-1:].isdigit() or not 1000 <= last.value < _LARGEST or last.value % 1000:
        return False
    whole = str(int(last.value))
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10 <= quantity.value < min(1000, int(10**zeros))


def _pair_up(found: list[Quantity], text: str) -> list[Quantity]:
    """Scores know both their numbers, in either order: 1-0 is 0:1 elsewhere."""
    paired = list(found)
    for at, (one, two) in enumerate(pairwise(found)):
        if text[one.end : two.start] in _BETWEEN and one.value < 200 and two.value < 200:
            both = frozenset({one.value, two.value})
            paired[at], paired[at + 1] = replace(paired[at], pair=both), replace(two, pair=both)
    return paired


def _with_units(quantity: Quantity, text: str, language: str) -> Quantity:
    percent = is_percent(text, quantity.start, quantity.end, language)
    currency = None if percent else find_currency(text, quantity.start, quantity.end)
    if not percent and currency is None:
        return quantity
    is_weak = quantity.is_weak and quantity.value == 1
    return replace(quantity, is_percent=percent, currency=currency, is_weak=is_weak)
