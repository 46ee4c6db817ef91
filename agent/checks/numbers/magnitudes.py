"""A number of a text, and what beside it changes its worth: million, Mio., тыс., %, $."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import regex

from agent.checks.words.folding import fold, fold_words
from agent.checks.words.lexicons import load_lexicon, load_locale
from agent.checks.words.numerals import is_scale, load_table


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number at `[start, end)`."""

    start: int
    end: int
    text: str
    value: Decimal
    others: frozenset[Decimal] = frozenset()
    """Other values the same words may mean: 15 for "3 p.m.", 90 for "1990s"."""
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
        """Return all values it may mean."""
        return self.others | {self.value}


@cache
def magnitudes(language: str) -> Mapping[str, Decimal]:
    """Return the folded words that multiply the number before them; some are of two words, "mil millones"."""
    found = _from_cldr(language)
    table = load_table(language)
    for word, value in table.cardinals.items() if table else ():
        if is_scale(value):
            found[word] = Decimal(value)
    for word, power in load_lexicon("magnitudes")["newsroom"].get(language, {}).items():
        found[fold(word)] = Decimal(10) ** power
    return found


def read_magnitude(folded: Sequence[str], language: str) -> tuple[int, Decimal]:
    """Return how many of the folded words, from the first on, are a magnitude, and its worth; 0 for none."""
    known = magnitudes(language)
    for count in (2, 1):
        phrase = " ".join(folded[:count])
        if len(folded) < count or len(phrase) < 2 or phrase not in known:
            continue
        factor = known[phrase]
        beyond = known.get(folded[count], Decimal(0)) if len(folded) > count else Decimal(0)
        return (count + 1, factor * beyond) if beyond > factor else (count, factor)  # "3 thousand million"
    return 0, Decimal(1)


def _from_cldr(language: str) -> dict[str, Decimal]:
    locale = load_locale(language)
    if locale is None:
        return {}
    found: dict[str, Decimal] = {}
    for length in ("long", "short"):
        for patterns in locale.compact_decimal_formats.get(length, {}).values():
            for power, pattern in patterns.items():
                zeros = pattern.pattern.count("0")
                words = fold_words(pattern.pattern.replace("'", "").replace("0", " "))
                if zeros and words and (length == "long" or len(words) > 1):
                    found.setdefault(words, Decimal(power) / 10 ** (zeros - 1))
    return found


@cache
def _percent_patterns(language: str) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Return the patterns of what follows and what precedes a percentage."""
    words, before = load_lexicon("magnitudes")["percent"], load_lexicon("magnitudes")["percent_before"]
    following = "|".join([*words[""], *words.get(language, [])])
    preceding = "|".join(before.get(language, ["%"]))
    patterns = (rf"[\s\u00a0\u202f-]*(?:{following})", rf"(?:{preceding})$")
    return regex.compile(patterns[0], regex.IGNORECASE), regex.compile(patterns[1], regex.IGNORECASE)


def is_percent(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number at `[start, end)` of `text` is a percentage."""
    after, before = fold(text[end : end + 24]), fold(text[max(0, start - 16) : start])
    following, preceding = _percent_patterns(language)
    return bool(following.match(after) or preceding.search(before))


def find_currency(text: str, start: int, end: int) -> str | None:
    """Return the kind of money that the number at `[start, end)` counts: all dollars are one kind."""
    before, after = fold(text[max(0, start - 8) : start]), fold(text[end : end + 20])
    kinds = _currencies()
    for kind, (_, preceding) in kinds.items():
        if preceding.search(before):
            return kind
    for kind, (following, _) in kinds.items():
        if following.match(after):
            return kind
    return None


@cache
def _currencies() -> Mapping[str, tuple[regex.Pattern[str], regex.Pattern[str]]]:
    """Return patterns of what follows and what precedes a number, by kind of money."""
    found = {}
    for kind, words in load_lexicon("magnitudes")["currency"].items():
        either = "|".join(words)
        found[kind] = regex.compile(rf"\s*(?:{either})"), regex.compile(rf"(?:{either})\s*$")
    return found
