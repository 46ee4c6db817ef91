"""A number of a text, with what it may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
