"""Whether a sentence says what another has already said in nearly the same words, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

import regex

from agent.checks.stance.clauses import cue_pattern, fold_quotes
from agent.checks.words.folding import Word, find_words, is_unspaced
from agent.checks.words.numerals import load_table
from vectorstore import UNDETERMINED, fold, primary_language

_SHARED = 0.8
"""Share of a sentence's trigrams that must be in the other.

Of 47,000 pairs of sentences of one article in the development news (six languages) 99 % share less than .51;
those above .8 are reprints, a headline and the lead that repeats it, and quotes of a part.
"""
_FORM = 0.7
"""Share of the shorter word that two forms of one begin with ("adopted" and "adopts", not "million" and
"milliard"); a name and a short word whole ("Iran", "Iran's")."""
_LONGEST = 10_000
"""Code points of two sentences that are compared word by word, which takes the square of them: half a second.
What is longer (a table without full stops) is one only when it is equal."""
_SHORT = 4
_PARTICLES = regex.compile(r"[\p{Hiragana}ーのを]*")
"""What may differ in Japanese without a word being another; negations are looked for by themselves."""


def repeats(sentence: str, other: str, language: str = UNDETERMINED) -> bool:
    """Whether nearly all of `sentence` is already in `other`, and what differs is only form.

    Broder's containment of character trigrams, which needs no words and so works in every script. Sentences
    that differ in a number, a name, a negation or another word repeat nothing, however much they share:
    "three were killed", "five were killed". A longer one that adds something to a shorter one does
    not repeat it. Sentences of fewer than three letters must be equal. `language` is both sentences', BCP 47.
    """
    own, known = _trigrams(sentence), _trigrams(other)
    if not own or not known:
        return _fold_letters(sentence) == _fold_letters(other)
    return len(own & known) >= _SHARED * len(own) and not find_difference(sentence, other, language)


def is_revised(sentence: str, others: Iterable[str], language: str) -> bool:
    """Whether one of `others` says nearly the same, but for a number, a name or a negation."""
    own = _trigrams(sentence)
    differences = []
    for other in others:
        if own and len(own & _trigrams(other)) >= _SHARED * len(own):
            differences.append(find_difference(sentence, other, language))
    return min(differences, default=Difference.FORM) is Difference.FACT


class Difference(IntEnum):
    """In what a sentence differs from another that shares most of its words."""

    FORM = 0
    WORD = 1
    """It has a word in the place of another."""
    FACT = 2
    """It has another number or name, or a number, a name or a negation more or less."""


def find_difference(sentence: str, other: str, language: str) -> Difference:
    """Return in what a sentence differs from what `other` says in nearly its words.

    What `other` has before and behind it does not count: a part repeats the whole.
    """
    if _fold_letters(sentence) == _fold_letters(other):
        return Difference.FORM
    if len(sentence) + len(other) > _LONGEST:
        return Difference.WORD
    ours, theirs = _units(sentence), _units(other)
    matcher = SequenceMatcher(None, [unit.folded for unit in ours], [unit.folded for unit in theirs], False)
    blocks = [code for code in matcher.get_opcodes() if not _is_outside(code, len(theirs))]
    if _negations(sentence, language) != _negations(_aligned(other, theirs, blocks), language):
        return Difference.FACT
    found = Difference.FORM
    for kind, start, end, their_start, their_end in blocks:
        gone, come = ours[start:end], theirs[their_start:their_end]
        if kind == "equal":
            continue
        if kind == "replace":
            found = max(found, _compare(gone, come, language))
        elif any(_is_number(unit, language) for unit in (*gone, *come)) or (
            kind == "delete" and start > 0 and end < len(ours) and _has_name(gone, sentence)
        ):
            return Difference.FACT
    return found


def _has_name(words: Sequence[Word], sentence: str) -> bool:
    return not sentence.isupper() and any(word.is_capitalised for word in words)


def _compare(ours: Sequence[Word], theirs: Sequence[Word], language: str) -> Difference:
    """Return in what words differ that are in each other's place."""
    both = (*ours, *theirs)
    if _are_forms(ours, theirs):
        return Difference.FORM
    is_named = all(one.is_capitalised for one in both)
    return Difference.FACT if is_named or any(_is_number(one, language) for one in both) else Difference.WORD


def repeats_any(sentence: str, others: Iterable[str], language: str) -> bool:
    """Whether one of the others already says the same; see `repeats`."""
    return any(repeats(sentence, other, language) for other in others)


@lru_cache(maxsize=4096)
def _trigrams(sentence: str) -> frozenset[str]:
    # Cached, for each sentence of a summary is compared with all that is said already.
    return find_shingles(sentence, 3)


def find_shingles(text: str, length: int) -> frozenset[str]:
    """Return every run of `length` letters and digits; case, width and all between them do not count."""
    folded = _fold_letters(text)
    return frozenset(folded[at : at + length] for at in range(len(folded) - length + 1))


def _fold_letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _units(text: str) -> list[Word]:
    """Return the words of a text, and where no spaces are written its letters."""
    units: list[Word] = []
    for word in find_words(text):
        if is_unspaced(word.text):
            for at, letter in enumerate(word.text, word.start):
                units.append(Word(letter, at, at + 1))
        else:
            units.append(word)
    return units


def _is_outside(code: tuple[str, int, int, int, int], length: int) -> bool:
    """Whether it is what the other has before or behind the sentence."""
    kind, _, _, start, end = code
    return kind == "insert" and (start == 0 or end == length)


def _are_forms(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether words are the same but for their forms."""
    if all(is_unspaced(unit.text) for unit in (*ours, *theirs)):
        return all(_PARTICLES.fullmatch(unit.text) for unit in (*ours, *theirs))
    if len(ours) != len(theirs):
        return False
    return all(map(_is_form, ours, theirs))


def _is_form(one: Word, other: Word) -> bool:
    if any(map(str.isnumeric, one.text + other.text)):
        return one.folded == other.folded
    shorter, longer = sorted((one.folded, other.folded), key=len)
    has_to_be_whole = one.is_capitalised or other.is_capitalised or len(shorter) <= _SHORT
    common = len(shorter) if has_to_be_whole else max(_SHORT, int(_FORM * len(shorter) + 0.5))
    return longer.startswith(shorter[:common])


def _is_number(unit: Word, language: str) -> bool:
    table = load_table(primary_language(language))
    return any(map(str.isnumeric, unit.text)) or (table is not None and any(table.parse([unit.folded])))


def _aligned(other: str, units: Sequence[Word], blocks: Sequence[tuple[str, int, int, int, int]]) -> str:
    """Return the part of the other sentence that the sentence was compared with, and two words before.

    Arabic and Russian negate in front of the verb, which may begin the sentence.
    """
    first, last = max(0, blocks[0][3] - 2), blocks[-1][4]
    return other[units[first].start : units[last - 1].end] if first < last else ""


@lru_cache(maxsize=4096)
def _negations(text: str, language: str) -> int:
    pattern = cue_pattern("negation", primary_language(language))
    return len(pattern.findall(fold_quotes(text))) if pattern else 0
