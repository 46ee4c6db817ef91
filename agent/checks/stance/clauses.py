"""Sentences word by word: which words two of one language share, and which deny, hedge or report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from agent.checks.words.folding import find_words, fold, is_unspaced, stem
from agent.checks.words.lexicons import compile_words, function_words
from vectorstore import primary_language

SENTENCE = regex.compile(r"[^.!?。！？؟\n]+(?:[.!?](?=[\p{L}\d])[^.!?。！？؟\n]+)*[.!?。！？؟]*[\"”’»」』)]*")
"""A sentence by its marks; a mark before a letter or a digit ends none (U.S., 3.5)."""
_CLAUSE = regex.compile(r"[,;:()\"“”„«»。，、；：！？—–]|\n")

Cues = Literal["negation", "soft", "hedges", "reports"]
"""What negates; what denies without a negation, which excuses one on the other side and asks for none; what
makes a claim uncertain; and what says that somebody said so."""


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
        """Return the stems of its content words."""
        return frozenset(stem(unit.text) for unit in self.units if unit.is_content)


def cue_pattern(cues: Cues, language: str) -> regex.Pattern[str] | None:
    """Return the pattern of cues over folded text; None for a language (without region) that has no list."""
    return compile_words("cues", cues, language, are_whole=language not in ("zh", "ja"))


@lru_cache(maxsize=4096)
def read_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text, split at their marks: close enough to see what is near what."""
    found = []
    for match in SENTENCE.finditer(text):
        sentence = _read(fold_quotes(match.group()), language)
        if sentence.units:
            found.append(sentence)
    return tuple(found)


def fold_quotes(text: str) -> str:
    """Return `text` folded, with one kind of apostrophe."""
    return fold(text.replace("’", "'"))


def _read(text: str, language: str) -> Sentence:
    ignored = function_words(primary_language(language))
    breaks = [mark.start() for mark in _CLAUSE.finditer(text)]
    units: list[Unit] = []
    for word in find_words(text):
        clause = bisect_left(breaks, word.start)
        if is_unspaced(word.text):
            for at in range(max(1, len(word.text) - 1)):
                units.append(Unit(word.text[at : at + 2], word.start + at, word.start + at + 2, clause, True))
        else:
            is_content = word.text not in ignored and (len(word.text) > 2 or word.text.isdecimal())
            units.append(Unit(word.text, word.start, word.end, clause, is_content))
    return Sentence(text, tuple(units))


def closest(sentence: Sentence, others: Sequence[Sentence], least: float) -> tuple[Sentence, ...]:
    """Return those of `others`, the best and the nearly best, that share `least` of the shorter's words."""
    own = sentence.content()
    shared = [len(own & other.content()) for other in others]
    best = max(shared, default=0)
    if not best:
        return ()
    found = []
    for other, count in zip(others, shared, strict=True):
        shorter = min(len(own), max(1, len(other.content())))
        if count >= 0.8 * best and count >= least * shorter:
            found.append(other)
    return tuple(found)
