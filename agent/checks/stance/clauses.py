"""Two texts of one language word by word: which words they share, and what stands near those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from agent.checks.words.folding import find_words, fold, is_unspaced, stem
from agent.checks.words.function_words import function_words
from vectorstore import primary_language

SENTENCE = regex.compile(r"[^.!?。！？؟\n]+(?:[.!?](?=[\p{L}\d])[^.!?。！？؟\n]+)*[.!?。！？؟]*[\"”’»」』)]*")
"""A sentence by its marks; a mark before a letter or a digit ends none (U.S., 3.5)."""
_CLAUSE = regex.compile(r"[,;:()\"“”„«»。，、；：！？—–]|\n")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word (in scripts without spaces, two letters in a row) with its place among a sentence's units."""

    text: str
    start: int
    end: int
    clause: int
    is_content: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, folded; offsets are into the folded text."""

    text: str
    units: tuple[Unit, ...]

    def content(self) -> frozenset[str]:
        """Stems of its content words."""
        return frozenset(stem(unit.text) for unit in self.units if unit.is_content)


@lru_cache(maxsize=4096)
def read_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a text, split at their marks: close enough to see what stands near what."""
    return tuple(
        sentence
        for match in SENTENCE.finditer(text)
        if (sentence := _read(fold_quotes(match.group()), language)).units
    )


def fold_quotes(text: str) -> str:
    """Folded, with one kind of apostrophe."""
    return fold(text.replace("’", "'"))


def _read(text: str, language: str) -> Sentence:
    ignored = function_words(primary_language(language))
    breaks = [mark.start() for mark in _CLAUSE.finditer(text)]
    units: list[Unit] = []
    for word in find_words(text):
        clause = sum(mark < word.start for mark in breaks)
        if is_unspaced(word.text):
            for at in range(max(1, len(word.text) - 1)):
                units.append(Unit(word.text[at : at + 2], word.start + at, word.start + at + 2, clause, True))
        else:
            is_content = word.text not in ignored and (len(word.text) > 2 or word.text.isdecimal())
            units.append(Unit(word.text, word.start, word.end, clause, is_content))
    return Sentence(text, tuple(units))


def closest(sentence: Sentence, others: Sequence[Sentence], least: float) -> tuple[Sentence, ...]:
    """The sentences of `others` that share most content words with `sentence`: the best and the nearly best.

    None when even the best shares less than `least` of the shorter one's content words.
    """
    own = sentence.content()
    scored = [(len(own & other.content()), other) for other in others]
    best = max((shared for shared, _ in scored), default=0)
    if not own or not best:
        return ()
    return tuple(
        other
        for shared, other in scored
        if shared >= 0.8 * best and shared >= least * min(len(own), max(1, len(other.content())))
    )
