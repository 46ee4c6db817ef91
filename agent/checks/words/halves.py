"""Numbers that end in a half: "two and a half million", "zweieinhalb", "deux millions et demi"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from agent.checks.words.folding import fold_words
from agent.checks.words.lexicons import load_lexicon
from agent.checks.words.numerals import Parsed, Table, is_scale

HALF = Decimal("0.5")
LEAST_HALVED = 10**6
"""The smallest magnitude that a half may follow: "deux millions et demi", but not "mille et demi"."""


class Spelled(NamedTuple):
    """A number made of words `[first, end)`."""

    first: int
    end: int
    value: Decimal
    is_ordinal: bool
    parts: int
    """How many table entries it was made of."""
    whole: int | None = None
    """What precedes "and a half"; None for a number without a half."""
    is_halved_scale: bool = False
    """The half is of a magnitude that `value` has taken in: 2,500,000 for "deux millions et demi"."""


def read_spelled(folded: Sequence[str], table: Table) -> Iterator[Spelled]:
    """Yield the numbers in folded words that follow one another, with the halves after or in them."""
    start = 0
    for at, word in enumerate(folded):
        if at < start:
            continue
        length = count_half_words(folded, at, table.language)
        before = list(table.parse(folded[start:at])) if length else []
        if before and start + before[-1].end == at and not before[-1].is_ordinal:
            for number in before[:-1]:
                yield _plain(number, start)
            halved = _add_half(before[-1], folded, (start, at, at + length), table)
            yield halved
            start = halved.end
            continue
        whole = None if length else whole_of_half_word(word, table)
        if whole is not None:
            for number in table.parse(folded[start:at]):
                yield _plain(number, start)
            yield Spelled(at, at + 1, whole + HALF, False, 1, whole)
            start = at + 1
    for number in table.parse(folded[start:]):
        yield _add_half_before(_plain(number, start), folded, table)


def count_half_words(folded: Sequence[str], at: int, language: str) -> int:
    """Return how many words from `at` on say "and a half" in a language; 0 for none."""
    for phrase in _phrases("halves", language):
        if tuple(folded[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def whole_of_half_word(word: str, table: Table) -> int | None:
    """Return the number before the half in one folded word: 2 in tweeënhalf; None where there is none."""
    for phrase in _phrases("halves", table.language):
        ending = "".join(phrase)
        if not word.endswith(ending):
            continue
        numbers = list(table.parse([word.removesuffix(ending)]))
        if numbers and not numbers[0].is_ordinal:
            return numbers[0].value
    return None


def _plain(number: Parsed, start: int) -> Spelled:
    return Spelled(
        start + number.first, start + number.end, Decimal(number.value), number.is_ordinal, number.parts
    )


def _add_half_before(number: Spelled, folded: Sequence[str], table: Table) -> Spelled:
    """Add half of the magnitude, or of one, where Hindi's word for it precedes the number."""
    before = tuple(folded[number.first - 1 : number.first])
    if number.is_ordinal or before not in _phrases("halves_before", table.language):
        return number
    last = table.cardinals.get(folded[number.end - 1], 1)
    scale = last if is_scale(last) else 1
    value = number.value + scale * HALF
    return Spelled(number.first - 1, number.end, value, False, number.parts + 1, int(number.value), scale > 1)


def _add_half(number: Parsed, folded: Sequence[str], bounds: tuple[int, int, int], table: Table) -> Spelled:
    """Add a half to the number, or half of its magnitude, "milioni", when it ends in one."""
    start, at, end = bounds
    scale = table.cardinals.get(folded[at - 1], 0)
    if scale < LEAST_HALVED:
        return Spelled(start + number.first, end, number.value + HALF, False, number.parts + 1, number.value)
    # The dual of "million" is one word, and "dos mil millones" are thousands of millions.
    scale = 1000 ** ((len(str(number.value)) - 1) // 3)
    # Arabic names the magnitude again: "two million and half the million".
    repeated = list(table.parse(folded[end : end + 1]))
    if repeated and repeated[0].value == scale:
        end += 1
    value = number.value + scale * HALF
    return Spelled(start + number.first, end, value, False, number.parts + 1, number.value, True)


@cache
def _phrases(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the expressions of a language, as folded words, those of most words first."""
    expressions = load_lexicon("number_meanings")[kind].get(language, ())
    phrases = (tuple(fold_words(expression).split()) for expression in expressions)
    return tuple(sorted(phrases, key=len, reverse=True))
