"""Number words: from a sequence of words to values, in the languages of `number_words.json`.

The table holds what CLDR's spell-out rules (through ICU) write for 0 to 99, the hundreds and the scales, in
every gender and case, less what the grammar below derives from smaller parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from agent.checks.words.lexicons import load_lexicon, load_number_words, word_set

_LONGEST = 6
"""Words in the longest entry, French "quatre vingt dix sept" with room."""


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


@dataclass(frozen=True, slots=True)
class Table:
    """One language's number words, folded; entries of several words are joined by a space."""

    language: str
    cardinals: Mapping[str, int]
    ordinals: Mapping[str, int]

    def parse(self, words: Sequence[str]) -> Iterator[Spelled]:
        """Yield numbers in folded `words` that follow one another with nothing but space between them."""
        at = 0
        while at < len(words):
            found = self._number_at(words, at)
            if found is None:
                at += 1
            else:
                yield found
                at = found.end

    def _number_at(self, words: Sequence[str], first: int) -> Spelled | None:
        connectors = load_lexicon("number_grammar")["connectors"].get(self.language, ())
        sum_ = _Sum()
        at, end, parts, joined, is_ordinal = first, first, 0, False, False
        while at < len(words):
            step = self._entry_at(words, at)
            if step is None:
                if not end or words[at] not in connectors or joined or at != end:
                    break
                joined, at = True, at + 1
                continue
            length, values, prefixed, is_last = step
            if is_ordinal and not (is_last or prefixed):
                break  # after "thirty-fourth" only an ordinal continues it, or the tens of Arabic
            taken = replace(sum_)
            if not all(
                taken.take(value, joined or prefixed or index > 0) for index, value in enumerate(values)
            ):
                break
            sum_, at, joined, parts = taken, at + length, False, parts + len(values)
            end = at
            is_ordinal = is_ordinal or is_last
        return Spelled(first, end, Decimal(sum_.value), is_ordinal, parts) if parts else None

    def _entry_at(self, words: Sequence[str], at: int) -> tuple[int, tuple[int, ...], bool, bool] | None:
        """Return how many words it takes, its values, whether a connector is prefixed, whether it is last."""
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            entry = " ".join(words[at : at + length])
            if entry in self.cardinals:
                return length, (self.cardinals[entry],), False, False
            if entry in self.ordinals:
                return length, (self.ordinals[entry],), False, True
        word = words[at]
        grammar = load_lexicon("number_grammar")
        prefix, article = (
            grammar["prefixed"].get(self.language, ""),
            grammar["articles"].get(self.language, ""),
        )
        for lead in filter(None, (prefix, prefix + article, article)):
            bare = word.removeprefix(lead)
            if bare != word and (bare in self.cardinals or bare in self.ordinals):
                value = self.cardinals.get(bare, self.ordinals.get(bare, 0))
                return 1, (value,), lead.startswith(prefix), bare not in self.cardinals
        if self.language in word_set("languages_compounding_numbers") and len(word) > 5:
            parts = split_compound(self, word)
            return None if parts is None else (1, parts[0], False, parts[1])
        return None


@dataclass(slots=True)
class _Sum:
    """A number as its words are read from the left."""

    total: int = 0
    current: int = 0
    is_empty: bool = True

    @property
    def value(self) -> int:
        return self.total + self.current

    def take(self, value: int, joined: bool) -> bool:
        """Add or multiply the next part; False when it belongs to another number."""
        if is_scale(value):
            return self._scale(value)
        if value >= 1000:  # an Arabic or Hebrew dual: "two thousand" in one word
            return self._add_whole(value)
        if value == 100 and 0 < self.current < 100:
            self.current *= 100
        elif self.is_empty or self._has_room_for(value):
            self.current += value
        elif joined and 20 <= value <= 90 and 0 < self.current % 100 < 10:
            self.current += value  # the unit precedes the ten: German, Dutch, Danish, Arabic
        else:
            return False
        self.is_empty = False
        return True

    def _scale(self, value: int) -> bool:
        if self.total and self.total < value:
            self.total = (self.total + self.current) * value  # "mil millones"
        elif self.total and ((not self.current and value > 1000) or self.total % self._room(value)):
            return False
        else:
            self.total += max(self.current, 1) * value
        self.current, self.is_empty = 0, False
        return True

    def _room(self, value: int) -> int:
        """Return the power of ten above what the next scale makes of the current part."""
        return int(10 ** len(str(max(self.current, 1) * value)))

    def _add_whole(self, value: int) -> bool:
        if self.current or (self.total and self.total % self._room(value)):
            return False
        self.total, self.is_empty = self.total + value, False
        return True

    def _has_room_for(self, value: int) -> bool:
        if self.current == 0:
            return self.total > 0 and value > 0
        if value == 0:
            return False
        if value < 10:
            return self.current % 10 == 0 and self.current % 100 != 10
        return value < 100 and self.current % 100 == 0


def is_scale(value: int) -> bool:
    """Whether a word for `value` multiplies what precedes it: a thousand, a lakh, a million."""
    return value >= 1000 and str(value).rstrip("0") == "1"


@cache
def load_table(language: str) -> Table | None:
    """Return the number words of a language (BCP 47, without region), or None when it has none here."""
    entry = load_number_words().get(language)
    return None if entry is None else Table(language, entry["cardinals"], entry["ordinals"])


def split_compound(table: Table, word: str) -> tuple[tuple[int, ...], bool] | None:
    """Return the values of the entries that `word` is made of, and whether the last is an ordinal."""
    connectors = load_lexicon("number_grammar")["connectors"].get(table.language, ())

    def split(at: int, sum_: _Sum, joined: bool) -> tuple[tuple[int, ...], bool] | None:
        for end in range(len(word), at, -1):
            piece = word[at:end]
            value = table.cardinals.get(piece)
            is_ordinal = value is None and end == len(word) and piece in table.ordinals
            if is_ordinal:
                value = table.ordinals[piece]
            if value is None:
                continue
            taken = replace(sum_)
            if not taken.take(value, joined):
                continue
            if end == len(word):
                return (value,), is_ordinal
            for connector in ("", *connectors):
                if word.startswith(connector, end) and end + len(connector) < len(word):
                    rest = split(end + len(connector), taken, bool(connector))
                    if rest is not None:
                        return (value, *rest[0]), rest[1]
        return None

    return split(0, _Sum(), False)
