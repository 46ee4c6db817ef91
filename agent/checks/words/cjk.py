"""Chinese, Japanese and Korean numerals, alone or after digits: 二十三, 1亿3000万, 二〇一八, 3만."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import regex

from agent.checks.words.digits import to_ascii_digits

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {
    "○": 0, "两": 2, "兩": 2, "壹": 1, "貳": 2, "贰": 2, "參": 3, "叁": 3, "肆": 4, "伍": 5,
    "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "십": 10, "백": 100, "천": 1000}
_LARGE = {
    "万": 10 ** 4, "萬": 10 ** 4, "亿": 10 ** 8, "億": 10 ** 8, "兆": 10 ** 12, "만": 10 ** 4, "억": 10 ** 8,
    "조": 10 ** 12,
}  # fmt: skip
_UNITS = "".join((*_SMALL, *_LARGE))
_NUMERAL = regex.compile(rf"(?:\d[\d,]*(?:\.\d+)?\s?(?=[{_UNITS}])|[{''.join(_DIGITS)}{_UNITS}])+")
_TOKEN = regex.compile(r"\d[\d,]*(?:\.\d+)?|\S")
_ASCII_DIGITS = frozenset("0123456789")
_HANGUL_UNITS = frozenset("십백천만억조")
_WORDS = frozenset({"十分", "万分", "三军", "一时", "一点", "一级", "一部", "一口", "一家", "一日", "一年"})
"""Words that look like a count."""
VAGUE_BEFORE = frozenset("数數几幾上成多半何")
"""Before a bare unit these make it "thousands of"."""
COUNTERS = frozenset(
    "人名个個位家天日月年岁歳次回场場分秒点點時时小周週届屆级級层層期倍成美欧歐円圆元磅英米公架艘辆輛台件条條所座支只隻州省项項种種つ番代目号號ヶか箇球轮輪席票份节節章部部間间季口头頭匹本枚杯着着階段道組组批"
)
"""What follows a numeral that counts something; elsewhere 一, 三 and 十 are mostly parts of words."""


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
        if (starts_with_unit or is_ten) and before in VAGUE_BEFORE:
            continue
        counts = (after in COUNTERS and numeral + after not in _WORDS) or before == "第"
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
