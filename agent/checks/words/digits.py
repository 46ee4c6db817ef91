"""Numbers in digits: any script's, with separators read as the language writes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import regex

from agent.checks.words.lexicons import load_locale

_SPACES = "\u00a0\u202f\u2009 "
_RUN = regex.compile(rf"\d+(?:[.,'’٫٬،{_SPACES}]\d+)*")
_PART = regex.compile(r"\d+")
_ALWAYS_GROUP = frozenset("'’٬" + _SPACES)
_DECIMAL_ONLY = frozenset("٫")


class Digits(NamedTuple):
    """A number in digits at `[start, end)`."""

    start: int
    end: int
    value: Decimal


def to_ascii_digits(text: str) -> str:
    """Return `text` with every decimal digit in ASCII; offsets stay the same."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def find_digits(text: str, language: str) -> Iterator[Digits]:
    """Yield numbers in digits. `1.300` is 1300 in Dutch and 1.3 in English; `12.10.2024` is three numbers."""
    ascii_text = to_ascii_digits(text)
    for run in _RUN.finditer(ascii_text):
        yield from _read(run.group(), run.start(), language)


def _read(run: str, offset: int, language: str) -> Iterator[Digits]:
    """Yield one number if the run can be one; else what its spaces, then what all its marks separate."""
    value = read_number(run, language)
    if value is not None:
        yield Digits(offset, offset + len(run), value)
        return
    apart = run.rfind(" ")
    if apart > 0:
        yield from _read(run[:apart], offset, language)
        yield from _read(run[apart + 1 :], offset + apart + 1, language)
        return
    for part in _PART.finditer(run):
        yield Digits(offset + part.start(), offset + part.end(), Decimal(part.group()))


def read_number(run: str, language: str) -> Decimal | None:
    """Return the value of digits with separators, or None when they are not one number in `language`."""
    parts = regex.split(r"\D", run)
    marks = regex.findall(r"\D", run)
    if not marks:
        return Decimal(run)
    *groups, last = marks
    is_decimal = last in _DECIMAL_ONLY or (
        last in ".,،" and not (set(groups) and last in groups) and not (_groups(parts, marks, language))
    )
    if is_decimal and (not groups or _groups(parts[:-1], groups, language, is_whole=False)):
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    if _groups(parts, marks, language):
        return Decimal("".join(parts))
    return None


def _groups(parts: list[str], marks: list[str], language: str, is_whole: bool = True) -> bool:
    """Whether `marks` separate groups of digits: one kind of mark, threes, or India's twos before a three."""
    mark = marks[0]
    if len(set(marks)) > 1 or mark in _DECIMAL_ONLY or len(parts[0]) > 3 or parts[0].startswith("0"):
        return False
    inner = set(map(len, parts[1:-1]))
    is_indian = mark == "," and len(parts[0]) < 3 and inner == {2}
    if len(parts[-1]) != 3 or not (is_indian or inner <= {3}):
        return False
    if mark in _ALWAYS_GROUP:
        return mark != " " or parts[-1] == "000" or _writes_group_spaces(language)
    if len(marks) > 1 or not is_whole:
        return True
    return mark != decimal_mark(language)


@cache
def _number_symbols(language: str) -> Mapping[str, str]:
    """Return the marks of a language by CLDR; none when it is not known."""
    locale = load_locale(language)
    symbols: Mapping[str, Any] = locale.number_symbols if locale else {}
    latin: Mapping[str, str] = symbols.get("latn", symbols)
    return latin


def decimal_mark(language: str) -> str:
    """Return the decimal mark of a language; a full stop when it is not known. `،` counts as a comma."""
    return str(_number_symbols(language).get("decimal", "."))


def _writes_group_spaces(language: str) -> bool:
    """Whether a plain space may group digits: where the language's mark is a space, or is not known."""
    symbols = _number_symbols(language)
    return not symbols or str(symbols.get("group", "")) in ("\u00a0", "\u202f", " ")
