"""Every number of a text, however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import regex

from agent.checks.numbers.magnitudes import find_currency, is_percent, magnitudes
from agent.checks.words.cjk import find_cjk
from agent.checks.words.digits import find_digits
from agent.checks.words.folding import Word, find_words, fold, is_unspaced
from agent.checks.words.lexicons import load_lexicon
from agent.checks.words.numerals import Table, load_table
from vectorstore import primary_language

_GAP = regex.compile(r"[\s\u00a0\u202f-]{0,2}\.?$")
_ONLY_SPACE = regex.compile(r"[\s\u00a0-]+(?:’|')?$")
_MERIDIEM = regex.compile(r"\s*([ap])\.?\s?m\b\.?", regex.IGNORECASE)
_CLOCK = regex.compile(
    r"[h](\d{2})(?!\d)|\s*(?:uur|uhr|heures?|u\b|h\b|ч\b|часов|時|时|点|點|시)", regex.IGNORECASE
)
_CLOCK_TIME = regex.compile(r"(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_SHORT_YEAR = regex.compile(r"(?<!\d)(1[5-9]|20)(\d\d)\s?[-–/]\s?(\d\d)(?!\d)")
_TWO_WAYS = frozenset({"ar", "es", "und"})
"""Languages in which 1.300 is 1300 in one country and 1.3 in another."""
_DECADE = regex.compile(r"['’]?s\b|er\b|-?[eхх]\b", regex.IGNORECASE)
_ROMAN = regex.compile(r"(?<![\p{L}\p{N}])(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})(?![\p{L}\p{N}])")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}

_LARGEST = 10**15
"""What is longer is a code, not a number that goes on in another."""
_BETWEEN = frozenset(
    {"-", "–", "—", ":", "&", "：", "比", " - ", " – ", "/", " مقابل ", " zu ", " à ", " a "}
)
"""What stands between the two numbers of a score."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number at `[start, end)`."""

    start: int
    end: int
    text: str
    value: Decimal
    others: frozenset[Decimal] = frozenset()
    """Other values the same words stand for: 15 for "3 p.m.", 90 for "1990s"."""
    parts: frozenset[Decimal] = frozenset()
    """What it is in parts: 116 and 123 for "116 123"."""
    pair: frozenset[Decimal] | None = None
    """Both numbers of a score or a range, for each of them."""
    is_article: bool = False
    """It is a word for one that is an article or a pronoun as well."""
    is_weak: bool = False
    """Supports a number, but may be an article, a pronoun or part of a word and needs no support."""
    is_percent: bool = False
    currency: str | None = None

    @property
    def values(self) -> frozenset[Decimal]:
        """All values it may stand for."""
        return self.others | {self.value}


@lru_cache(maxsize=1024)
def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """All numbers in order. `language` is BCP 47."""
    base = primary_language(language)
    found = list(_in_digits(text, language, base))
    taken = [(quantity.start, quantity.end) for quantity in found]
    for quantity in (*_in_ideographs(text), *_in_words(text, base), *_roman(text)):
        if all(quantity.end <= start or end <= quantity.start for start, end in taken):
            found.append(quantity)
            if not quantity.is_weak:
                taken.append((quantity.start, quantity.end))
    merged = _merge_descending(sorted(found, key=lambda quantity: quantity.start), text)
    return tuple(_with_units(quantity, text, base) for quantity in _pair_up(merged, text))


def _in_digits(text: str, language: str, base: str) -> Iterator[Quantity]:
    ideographs = {(number.start, number.end): number for number in find_cjk(text)}
    words = find_words(text)
    short_years = {
        match.start(3): Decimal(match.group(1) + match.group(3)) for match in _SHORT_YEAR.finditer(text)
    }
    plain = _CLOCK_TIME.sub(lambda match: match.group().replace(":", "."), text)  # 15:00 is 15, 7:55 is 7.55
    for digits in find_digits(plain, language):
        if any(start <= digits.start < end for start, end in ideographs):
            continue
        end, value = _apply_magnitude(text, words, digits.end, digits.value, base)
        others = set(_decade(text, end, value, digits.start))
        others |= _other_readings(plain[digits.start : digits.end], base)
        parts = _parts(plain[digits.start : digits.end])
        if end == digits.end:
            others |= _clock_readings(plain, text, digits.start, end, value)
        if digits.start in short_years:
            others.add(short_years[digits.start])
        yield Quantity(digits.start, end, text[digits.start : end], value, frozenset(others), parts)


def _parts(run: str) -> frozenset[Decimal]:
    """What is a number to some and two to others: 116 123."""
    parts = regex.split(r"[\s\u00a0\u202f]", run)
    return frozenset(Decimal(part) for part in parts if part.isdecimal()) if len(parts) > 1 else frozenset()


def _other_readings(run: str, language: str) -> set[Decimal]:
    if language in _TWO_WAYS and regex.fullmatch(r"\d{1,3}[.,]\d{3}", run):
        return {Decimal(regex.sub(r"\D", "", run)), Decimal(regex.sub(r"\D", ".", run))}
    return set()


_GLUED = {"K": 3, "M": 6, "B": 9, "bn": 9, "tn": 12}


def _apply_magnitude(
    text: str, words: list[Word], end: int, value: Decimal, language: str
) -> tuple[int, Decimal]:
    """The number with "million" (or "mil millones") taken in, and Turkish "buçuk" before it."""
    known = magnitudes(language)
    at = next((index for index, word in enumerate(words) if word.end > end), len(words))
    following = words[at : at + 3]
    if following and following[0].start < end:  # "5m": the letters are of the same word as the digits
        glued = text[end : following[0].end]
        if glued in _GLUED or fold(glued) in known:
            return following[0].end, value * known.get(fold(glued), Decimal(10) ** _GLUED.get(glued, 0))
        return end, value
    if following and language == "tr" and following[0].folded == "bucuk":
        value, end, following = value + Decimal("0.5"), following[0].end, following[1:]
    for count in (2, 1):
        taken = following[:count]
        if len(taken) < count or not _GAP.match(text[end : taken[0].start]):
            continue
        phrase = " ".join(word.folded for word in taken)
        if phrase in known and len(phrase) > 1:
            factor, last = known[phrase], taken[-1]
            beyond = following[count : count + 1]
            if beyond and known.get(beyond[0].folded, 0) > factor:  # "3 thousand million"
                factor, last = factor * known[beyond[0].folded], beyond[0]
            return last.end, value * factor
    return end, value


def _clock_readings(plain: str, text: str, start: int, end: int, value: Decimal) -> set[Decimal]:
    if not 0 <= value < 25:
        return set()
    is_clock = plain[start:end] != text[start:end] or _MERIDIEM.match(text, end) or _CLOCK.match(text, end)
    return {value + 12 if value < 13 else value - 12} if is_clock else set()


def _decade(text: str, end: int, value: Decimal, start: int) -> frozenset[Decimal]:
    if 1800 <= value <= 2090 and value % 10 == 0:
        return frozenset({value % 100}) if _DECADE.match(text, end) else frozenset()
    if text[:start].endswith(("'", "’")) and 0 <= value < 100:
        return frozenset({1900 + value, 2000 + value})
    if 10 <= value <= 90 and value % 10 == 0 and _DECADE.match(text, end):
        return frozenset({1900 + value})
    return frozenset()


def _in_ideographs(text: str) -> Iterator[Quantity]:
    if not is_unspaced(text) and not regex.search(r"\p{Hangul}", text):
        return
    for number in find_cjk(text):
        others = frozenset(_clock_readings(text, text, number.start, number.end, number.value))
        is_weak = number.is_weak or number.value == 1
        words = text[number.start : number.end]
        yield Quantity(number.start, number.end, words, number.value, others, is_weak=is_weak)
    for word, worth in load_lexicon("number_meanings")["ideographs"].items():
        value = Decimal(str(worth))
        others = frozenset({value * 100}) if value < 1 else frozenset()
        for match in regex.finditer(regex.escape(word), text):
            yield Quantity(*match.span(), word, value, others, is_weak=True)


def _in_words(text: str, language: str) -> Iterator[Quantity]:
    table = load_table(language)
    fractions = load_lexicon("number_meanings")["supporting"].get(language, {})
    for run in _runs(text):
        folded = [word.folded for word in run]
        for first, word in enumerate(folded):
            if word in fractions:
                yield _fraction(text, run, first, Decimal(str(fractions[word])), language)
        if table is not None:
            yield from _spelled(text, run, folded, table)


def _fraction(text: str, run: list[Word], first: int, value: Decimal, language: str) -> Quantity:
    """A fraction with the magnitude it takes: "half a million", "полтора миллиона"."""
    known = magnitudes(language)
    for word in run[first + 1 : first + 3]:
        if word.folded in known and value != 1:
            return Quantity(
                run[first].start,
                word.end,
                text[run[first].start : word.end],
                value * known[word.folded],
                is_weak=True,
            )
        if len(word.folded) > 3:
            break
    others = frozenset({value * 100}) if value < 1 else frozenset()
    return Quantity(run[first].start, run[first].end, run[first].text, value, others, is_weak=True)


def _spelled(text: str, run: list[Word], folded: list[str], table: Table) -> Iterator[Quantity]:
    numbers = list(table.parse(folded))
    skip = False
    for at, number in enumerate(numbers):
        if skip:
            skip = False
            continue
        value, end = number.value, number.end
        following = numbers[at + 1] if at + 1 < len(numbers) else None
        if following and following.first == end and 10 <= value <= 20 and 10 <= following.value <= 99:
            value, end, skip = value * 100 + following.value, following.end, True  # "nineteen ninety-nine"
        words = run[number.first : end]
        is_word = number.parts == 1 and not skip
        is_article = is_word and value == 1
        is_bare_scale = is_word and value >= 100 and len(words) == 1
        following_word = run[end] if end < len(run) else None
        is_ambiguous = (
            is_word
            and words[0].folded
            in load_lexicon("number_meanings")["ambiguous"].get(table.language, "").split()
            and not _counts(table.language, words[0].folded, following_word)
        )
        is_name = is_word and words[0].is_capitalised and words[0] is not run[0] and table.language != "de"
        weak = is_article or is_ambiguous or is_name or is_bare_scale or (number.is_ordinal and value == 1)
        yield Quantity(
            words[0].start, words[-1].end, text[words[0].start : words[-1].end], Decimal(value), is_weak=weak
        )


def _counts(language: str, word: str, following: Word | None) -> bool:
    """Whether what follows shows an ambiguous word to be a number: a noun in German, a plural in French."""
    if following is None:
        return False
    if language == "de":
        return following.is_capitalised or following.text[0].isdecimal()
    if language == "fr":
        return following.folded.endswith(("s", "x"))
    if language == "nl":
        return following.folded not in (
            "slaan",
            "slaat",
            "sloeg",
            "geslagen",
            "nemen",
            "neemt",
            "nam",
            "genomen",
        )
    return language == "it" and word == "sei" and following.folded.endswith(("i", "e"))


def _runs(text: str) -> Iterator[list[Word]]:
    """Words with nothing but a space or a hyphen between them."""
    run: list[Word] = []
    for word in find_words(text):
        if run and not _ONLY_SPACE.match(text[run[-1].end : word.start]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _roman(text: str) -> Iterator[Quantity]:
    for match in _ROMAN.finditer(text):
        values = [_ROMAN_VALUES[char] for char in match.group()]
        value = sum(-now if now < after else now for now, after in zip(values, [*values[1:], 0], strict=True))
        yield Quantity(match.start(), match.end(), match.group(), Decimal(value), is_weak=True)


def _merge_descending(found: list[Quantity], text: str) -> list[Quantity]:
    """Make one of "12 bin 500" and "5 тысяч 200": a magnitude, then digits that fit below it."""
    merged: list[Quantity] = []
    for quantity in found:
        last = merged[-1] if merged else None
        if (
            last
            and not last.is_weak
            and not quantity.is_weak
            and last.text[:1].isdigit()
            and not last.text[-1:].isdigit()
            and quantity.text[:1].isdigit()
            and text[last.end : quantity.start] == " "
            and 1000 <= last.value < _LARGEST
            and 10
            <= quantity.value
            < Decimal(10) ** (len(str(int(last.value))) - len(str(int(last.value)).rstrip("0")) - 0)
            and quantity.value < 1000
            and last.value % 1000 == 0
        ):
            merged[-1] = replace(
                last,
                end=quantity.end,
                text=text[last.start : quantity.end],
                value=last.value + quantity.value,
                others=frozenset({last.value, quantity.value}),
            )
        else:
            merged.append(quantity)
    return merged


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
    return replace(
        quantity, is_percent=percent, currency=currency, is_weak=quantity.is_weak and quantity.value == 1
    )
