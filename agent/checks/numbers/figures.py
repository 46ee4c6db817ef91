"""Numbers in figures, with the magnitude after them and the other values they may mean."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal

import regex

from agent.checks.numbers.magnitudes import Quantity, magnitudes, read_magnitude
from agent.checks.words.cjk import find_cjk
from agent.checks.words.digits import find_digits
from agent.checks.words.folding import Word, find_words, fold, fold_all, is_inside
from agent.checks.words.halves import HALF, LEAST_HALVED, count_half_words

_GAP = regex.compile(r"[\s\u00a0\u202f-]{0,2}\.?$")
_MERIDIEM = regex.compile(r"\s*([ap])\.?\s?m\b\.?", regex.IGNORECASE)
_CLOCK = regex.compile(
    r"[h](\d{2})(?!\d)|\s*(?:uur|uhr|heures?|u\b|h\b|ч\b|часов|時|时|点|點|시)", regex.IGNORECASE
)
_CLOCK_TIME = regex.compile(r"(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_SHORT_YEAR = regex.compile(r"(?<!\d)(1[5-9]|20)(\d\d)\s?[-–/]\s?(\d\d)(?!\d)")
_DECADE = regex.compile(r"['’]?s\b|er\b|-?[eхх]\b", regex.IGNORECASE)
_GLUED = {"K": 3, "M": 6, "B": 9, "bn": 9, "tn": 12}
"""What English newsrooms join to the digits, as powers of ten."""
_TWO_WAYS = frozenset({"ar", "es", "und"})
"""Languages in which 1.300 is 1300 in one country and 1.3 in another."""


def find_figures(text: str, language: str, base: str) -> Iterator[Quantity]:
    """Yield numbers that begin with digits; `base` is `language` without region."""
    ideographs = list(find_cjk(text))
    words = find_words(text)
    short_years = {match.start(3): Decimal(match[1] + match[3]) for match in _SHORT_YEAR.finditer(text)}
    plain = _CLOCK_TIME.sub(lambda match: match.group().replace(":", "."), text)  # 15:00 is 15, 7:55 is 7.55
    for digits in find_digits(plain, language):
        if is_inside(digits.start, ideographs):
            continue
        run = plain[digits.start : digits.end]
        end, value = _take_magnitude(text, words, digits.end, digits.value, base)
        others = _read_decade(text, digits.start, end, value) | _read_both_ways(run, base)
        if end == digits.end:
            is_clock = run != text[digits.start : end]
            others |= clock_readings(text, end, value, is_clock)
        if digits.start in short_years:
            others.add(short_years[digits.start])
        yield Quantity(digits.start, end, text[digits.start : end], value, frozenset(others), _parts(run))


def clock_readings(text: str, end: int, value: Decimal, is_clock: bool = False) -> set[Decimal]:
    """Return the hour on the other half of the clock, when the number that ends at `end` is an hour."""
    if not 0 <= value < 25 or not (is_clock or _MERIDIEM.match(text, end) or _CLOCK.match(text, end)):
        return set()
    return {value + 12 if value < 13 else value - 12}


def _parts(run: str) -> frozenset[Decimal]:
    """Return what is a number to some and two to others: 116 123."""
    parts = regex.split(r"[\s\u00a0\u202f]", run)
    return frozenset(map(Decimal, filter(str.isdecimal, parts))) if len(parts) > 1 else frozenset()


def _read_both_ways(run: str, language: str) -> set[Decimal]:
    if language in _TWO_WAYS and regex.fullmatch(r"\d{1,3}[.,]\d{3}", run):
        return {Decimal(regex.sub(r"\D", "", run)), Decimal(regex.sub(r"\D", ".", run))}
    return set()


def _read_decade(text: str, start: int, end: int, value: Decimal) -> set[Decimal]:
    if 1800 <= value <= 2090 and value % 10 == 0:
        return {value % 100} if _DECADE.match(text, end) else set()
    if text[:start].endswith(("'", "’")) and 0 <= value < 100:
        return {1900 + value, 2000 + value}
    if 10 <= value <= 90 and value % 10 == 0 and _DECADE.match(text, end):
        return {1900 + value}
    return set()


def _take_magnitude(
    text: str, words: list[Word], end: int, value: Decimal, language: str
) -> tuple[int, Decimal]:
    """Return the number with "million" (or "mil millones") taken in, and a half before or after it."""
    at = bisect_right(words, end, key=lambda word: word.end)
    following = words[at : at + 6]
    if following and following[0].start < end:  # "5m": the letters are of the same word as the digits
        return _take_glued(text, following[0], end, value, language)
    if not following or not _GAP.match(text[end : following[0].start]):
        return end, value
    folded = fold_all(following)
    half = count_half_words(folded, 0, language)
    taken, factor = read_magnitude(folded[half:], language)
    # Without a magnitude, "2 and a half" may be two numbers; one word for it can only belong to the 2.
    if half and (taken or half == 1):
        return following[half + taken - 1].end, (value + HALF) * factor
    taken, factor = read_magnitude(folded, language)
    if not taken:
        return end, value
    half = count_half_words(folded, taken, language) if factor >= LEAST_HALVED else 0
    if half:
        value += HALF
    return following[taken + half - 1].end, value * factor


def _take_glued(text: str, word: Word, end: int, value: Decimal, language: str) -> tuple[int, Decimal]:
    glued, known = text[end : word.end], magnitudes(language)
    if glued in _GLUED or fold(glued) in known:
        return word.end, value * known.get(fold(glued), Decimal(10) ** _GLUED.get(glued, 0))
    return end, value
