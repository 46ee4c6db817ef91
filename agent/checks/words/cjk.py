"""Chinese, Japanese and Korean numerals, alone or after digits: 二十三, 1亿3000万, 二〇一八, 3만."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import regex

from agent.checks.words.digits import to_ascii_digits
from agent.checks.words.lexicons import load_lexicon

_TABLES = load_lexicon("cjk")


def _by_letter(table: str) -> dict[str, int]:
    return {letter: int(number) for number, letters in _TABLES[table].items() for letter in letters}


_DIGITS = _by_letter("digits")
_SMALL = {letter: 10**power for letter, power in _by_letter("small").items()}
_LARGE = {letter: 10**power for letter, power in _by_letter("large").items()}
_VAGUE_BEFORE, _COUNTERS = frozenset(_TABLES["vague_before"]), frozenset(_TABLES["counters"])
_UNITS = "".join((*_SMALL, *_LARGE))
_NUMERAL = regex.compile(rf"(?:\d[\d,]*(?:\.\d+)?\s?(?=[{_UNITS}])|[{''.join(_DIGITS)}{_UNITS}])+")
_TOKEN = regex.compile(r"\d[\d,]*(?:\.\d+)?|\S")
_ASCII_DIGITS = frozenset("0123456789")
_HANGUL_UNITS = frozenset("십백천만억조")


class CjkNumber(NamedTuple):
    """A numeral at `[start, end)`."""

    start: int
    end: int
    value: Decimal
    is_weak: bool
    """It may be part of a word: a single character that counts nothing, or a bare unit."""


def find_cjk(text: str) -> Iterator[CjkNumber]:
    """Yield numerals with at least one ideograph (or Hangul unit) in them."""
    ascii_text = to_ascii_digits(text)
    for run in _NUMERAL.finditer(ascii_text):
        numeral = run.group()
        has_digits = not _ASCII_DIGITS.isdisjoint(numeral)
        if not has_digits and set(numeral) & _HANGUL_UNITS:
            continue  # 만 and 천 alone are mostly particles and words
        value = read_cjk(numeral)
        if value is None:
            continue
        before, after = ascii_text[: run.start()][-1:], ascii_text[run.end() : run.end() + 1]
        is_ten = numeral[0] in "十拾"
        starts_with_unit = not is_ten and (numeral[0] in _LARGE or numeral[0] in _SMALL)
        if (starts_with_unit or is_ten) and before in _VAGUE_BEFORE:
            continue
        counts = (after in _COUNTERS and numeral + after not in _TABLES["words"]) or before == "第"
        is_weak = not has_digits and (starts_with_unit or (len(numeral) == 1 and not counts))
        yield CjkNumber(run.start(), run.end(), value, is_weak)


def read_cjk(numeral: str) -> Decimal | None:
    """Return the value of one numeral: place by place (二〇一八) or by units (二千零一十八, 1亿3000万)."""
    tokens = _TOKEN.findall(numeral)
    if _DIGITS.keys() >= set(tokens):
        return Decimal("".join(str(_DIGITS[token]) for token in tokens))
    total, section, pending = Decimal(0), Decimal(0), None
    for token in tokens:
        if token in _DIGITS or token[0].isdigit():
            if pending not in (None, Decimal(0)):
                return None
            pending = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token.replace(",", ""))
        elif token in _SMALL:
            section += (Decimal(1) if pending is None else pending) * _SMALL[token]
            pending = None
        else:
            is_bare = not section and pending is None
            section += pending or 0
            total += (Decimal(1) if is_bare else section) * _LARGE[token]
            section, pending = Decimal(0), None
    return total + section + (pending or 0)
