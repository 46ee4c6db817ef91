"""Numbers in words: of the language's table, and fractions, "both" and their like."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import regex

from agent.checks.numbers.magnitudes import Quantity, magnitudes, read_magnitude
from agent.checks.words.folding import Word, find_words, fold_all, group_adjacent
from agent.checks.words.halves import HALF, read_spelled
from agent.checks.words.lexicons import load_lexicon, word_set
from agent.checks.words.numerals import Spelled, Table, load_table

_SPACE = regex.compile(r"[\s\u00a0-]+(?:’|')?\n?")


def find_spelled(text: str, language: str) -> Iterator[Quantity]:
    """Yield numbers in words; `language` is without region."""
    table = load_table(language)
    fractions = load_lexicon("number_meanings")["supporting"].get(language, {})
    for run in group_adjacent(find_words(text), text, _SPACE):
        numbers = list(read_spelled(fold_all(run), table)) if table else []
        halved: set[int] = set()
        for number in numbers:
            if number.whole is not None:
                halved.update(range(number.first, number.end))
        for first, word in enumerate(run):
            # The half of "two and a half percent" is no half a percent.
            if word.folded in fractions and first not in halved:
                yield _read_fraction(text, run, first, Decimal(str(fractions[word.folded])), language)
        if table is not None:
            yield from _read_run(text, run, numbers, table)


def _read_fraction(text: str, run: list[Word], first: int, value: Decimal, language: str) -> Quantity:
    """Read a fraction with the magnitude it takes: "half a million", "полтора миллиона"."""
    start, known = run[first].start, magnitudes(language)
    for word in run[first + 1 : first + 3]:
        if word.folded in known and value != 1:
            is_weak = value < 1 or value % 1 == 0
            return Quantity(
                start, word.end, text[start : word.end], value * known[word.folded], is_weak=is_weak
            )
        if len(word.folded) > 3:
            break
    others = frozenset({value * 100}) if value < 1 else frozenset()
    return Quantity(start, run[first].end, run[first].text, value, others, is_weak=True)


def _read_run(text: str, run: list[Word], numbers: list[Spelled], table: Table) -> Iterator[Quantity]:
    at = 0
    while at < len(numbers):
        number = numbers[at]
        at += 1
        if number.whole is not None:
            yield _read_half(text, run, number, table.language)
            continue
        following = numbers[at] if at < len(numbers) else None
        if following and _is_year(number, following):
            at += 1
            start, end = run[number.first].start, run[following.end - 1].end
            yield Quantity(start, end, text[start:end], number.value * 100 + following.value)
            continue
        start, end = run[number.first].start, run[number.end - 1].end
        yield Quantity(start, end, text[start:end], number.value, is_weak=_is_weak(number, run, table))


def _is_year(number: Spelled, following: Spelled) -> bool:
    """Whether two numbers are read as one: "nineteen ninety-nine"."""
    is_next = following.first == number.end and following.whole is None
    return is_next and 10 <= number.value <= 20 and 10 <= following.value <= 99


def _read_half(text: str, run: list[Word], number: Spelled, language: str) -> Quantity:
    """Read "two and a half" with the magnitude it takes; by itself it is the parts it names as well."""
    assert number.whole is not None
    value, end = number.value, number.end
    taken = 0
    if not number.is_halved_scale:
        taken, factor = read_magnitude(fold_all(run[end : end + 3]), language)
        value *= factor
    start, stop = run[number.first].start, run[end + taken - 1].end
    if taken or number.is_halved_scale:
        return Quantity(start, stop, text[start:stop], value)
    # One word, "tweeënhalf", is often other units elsewhere: thirty months.
    is_weak = number.parts == 1 or number.whole == 1
    return Quantity(
        start, stop, text[start:stop], value, parts=frozenset({Decimal(number.whole), HALF}), is_weak=is_weak
    )


def _is_weak(number: Spelled, run: list[Word], table: Table) -> bool:
    """Whether a number in words may be an article, a name, or another word altogether."""
    if number.is_ordinal and number.value == 1:
        return True
    if number.parts > 1:
        return False
    word, language = run[number.first], table.language
    is_article = number.value == 1
    is_bare_scale = number.value >= 100 and number.end == number.first + 1
    is_name = word.is_capitalised and number.first > 0 and language != "de"
    if is_article or is_bare_scale or is_name:
        return True
    following = run[number.end] if number.end < len(run) else None
    ambiguous = load_lexicon("number_meanings")["ambiguous"].get(language, "").split()
    return word.folded in ambiguous and not _counts(language, word.folded, following)


def _counts(language: str, word: str, following: Word | None) -> bool:
    """Whether what follows shows an ambiguous word to be a number: a noun in German, a plural in French."""
    if following is None:
        return False
    if language == "de":
        return following.is_capitalised or following.text[0].isdecimal()
    if language == "fr":
        return following.folded.endswith(("s", "x"))
    if language == "nl":
        return following.folded not in word_set("dutch_idioms")
    return language == "it" and word == "sei" and following.folded.endswith(("i", "e"))
