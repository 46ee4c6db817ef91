"""Chinese, Japanese and Korean numerals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checks.words.cjk import find_cjk, read_cjk

_DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """A number below ten thousand in ideographs, by the book."""
    pieces, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            pieces += ("零" if gap and pieces else "") + _DIGITS[digit] + sign
        gap = not digit
    return pieces or "零"


@given(st.integers(0, 9999))
def test_reads_what_is_spelled(number: int) -> None:
    assert read_cjk(spell(number)) == number


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_large_units_add_up(high: int, low: int) -> None:
    assert read_cjk(f"{high}万{spell(low) if low else ''}") == high * 10_000 + low
    assert read_cjk(f"{high}亿{low}万") == high * 10**8 + low * 10_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("二〇一八年", [("二〇一八", 2018, False)]),
        ("1亿3000万人", [("1亿3000万", 130_000_000, False)]),
        ("3.5万", [("3.5万", 35_000, False)]),
        ("三个人", [("三", 3, False)]),
        ("三明治", [("三", 3, True)]),
        ("数千人", []),
        ("十分清楚", [("十", 10, True)]),
        ("約１億２０００万円", [("１億２０００万", 120_000_000, False)]),
        ("3만 명", [("3만", 30_000, False)]),
    ],
)
def test_tells_numbers_from_words(text: str, found: list[tuple[str, int, bool]]) -> None:
    assert [(text[n.start : n.end], n.value, n.is_weak) for n in find_cjk(text)] == [
        (written, Decimal(value), weak) for written, value, weak in found
    ]
