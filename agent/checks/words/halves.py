"""Numbers that end in a half: "two and a half million", "zweieinhalb", "deux millions et demi"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from agent.checks.words.folding import fold_words
from agent.checks.words.lexicons import load_lexicon
from agent.checks.words.numerals import Spelled, Table, is_scale

HALF = Decimal("0.5")
LEAST_HALVED = 10**6
"""The smallest magnitude that a half may follow: "deux millions et demi", but not "mille et demi"."""


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
                yield _shift(number, start)
            halved = _add_half(before[-1], folded, (start, at, at + length), table)
            yield halved
            start = halved.end
            continue
        whole = None if length else whole_of_half_word(word, table)
        if whole is not None:
            for number in table.parse(folded[start:at]):
                yield _shift(number, start)
            yield Spelled(at, at + 1, whole + HALF, False, 1, whole)
            start = at + 1
    for number in table.parse(folded[start:]):
        yield _add_half_before(_shift(number, start), folded, table)


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
            return int(numbers[0].value)
    return None


def _shift(number: Spelled, start: int) -> Spelled:
    return number._replace(first=start + number.first, end=start + number.end)


def _add_half_before(number: Spelled, folded: Sequence[str], table: Table) -> Spelled:
    """Add half of the magnitude, or of one, where Hindi's word for it precedes the number."""
    before = tuple(folded[number.first - 1 : number.first])
    if number.is_ordinal or before not in _phrases("halves_before", table.language):
        return number
    last = table.cardinals.get(folded[number.end - 1], 1)
    scale = last if is_scale(last) else 1
    value, whole = number.value + scale * HALF, int(number.value)
    first, parts = number.first - 1, number.parts + 1
    return number._replace(first=first, value=value, parts=parts, whole=whole, is_halved_scale=scale > 1)


def _add_half(number: Spelled, folded: Sequence[str], bounds: tuple[int, int, int], table: Table) -> Spelled:
    """Add a half to the number, or half of its magnitude, "milioni", when it ends in one."""
    start, at, end = bounds
    whole, scale = int(number.value), table.cardinals.get(folded[at - 1], 0)
    halved = number._replace(first=start + number.first, parts=number.parts + 1, whole=whole)
    if scale < LEAST_HALVED:
        return halved._replace(end=end, value=number.value + HALF)
    # The dual of "million" is one word, and "dos mil millones" are thousands of millions.
    scale = 1000 ** ((len(str(whole)) - 1) // 3)
    # Arabic names the magnitude again: "two million and half the million".
    repeated = list(table.parse(folded[end : end + 1]))
    if repeated and repeated[0].value == scale:
        end += 1
    return halved._replace(end=end, value=number.value + scale * HALF, is_halved_scale=True)


@cache
def _phrases(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the expressions of a language, as folded words, those of most words first."""
    expressions = load_lexicon("number_meanings")[kind].get(language, ())
    phrases = map(str.split, map(fold_words, expressions))
    return tuple(sorted(map(tuple, phrases), key=len, reverse=True))
