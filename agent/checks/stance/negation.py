"""Whether a statement denies and hedges what its evidence denies and hedges. Within one language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

import regex

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.stance.clauses import (
    Cues,
    Sentence,
    Unit,
    closest,
    cue_pattern,
    fold_quotes,
    read_sentences,
)
from agent.checks.words.folding import is_unspaced, stem
from vectorstore import primary_language

NEGATION = "negation"
MODALITY = "modality"

_LEAST_SHARED = 0.4
"""Content words two sentences share before one is held against the other."""
_SCOPE = 4
"""Content words on either side of a cue, in its clause, that it is about."""
_NEAR = 6
"""Units between a shared word and a cue on the other side that still count as said of it."""
_UNSPACED_FACTOR = 2
_SHORT = 14
"""Words of a statement whose negation its evidence in another language is expected to show.

Of 245 negations in sentences of up to twelve words 6 % are missing in their translation, of all 1,223 11 %.
"""
_CONFIDENT = frozenset({"en", "nl", "de", "fr", "es", "it", "pt", "pl", "ru"})
"""Languages between which that is checked: Turkish, Arabic and Chinese negate in more ways than listed."""
_VERBATIM = 0.7
"""Share of words in the same order from which two sentences are compared place by place."""

Span: TypeAlias = tuple[int, int]
"""Code points of a folded sentence."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What one check compares."""

    name: str
    cues: Cues
    excuses: Cues
    """What the other side may have in place of a cue."""
    of_statement: str
    """What the detail says of the statement's surplus; empty where the statement may have one."""
    of_evidence: str


_DENIALS = _Comparison(NEGATION, "negation", "soft", "the statement denies", "what is cited denies")
_DOUBTS = _Comparison(MODALITY, "hedges", "hedges", "", "what is cited is not sure of")


def check_negation(claim: Claim) -> Check | None:
    """Return whether both sides deny the same; None when neither denies anything that the other speaks of."""
    # Across languages only one thing is checked: that a short statement denies and nothing cited does.
    return _check(claim, _DENIALS) if claim.cited_in_its_language() else _check_abroad(claim)


def check_modality(claim: Claim) -> Check | None:
    """The same for "may", "reportedly" and their like; a statement must not be surer than its evidence."""
    return _check(claim, _DOUBTS)


def _check_abroad(claim: Claim) -> Check | None:
    language = primary_language(claim.language)
    if language not in _CONFIDENT:
        return None
    own, sentences = cue_pattern("negation", language), read_sentences(claim.text, language)
    if own is None or len(sentences) != 1 or len(sentences[0].units) > _SHORT or not _find(sentences[0], own):
        return None
    for cited in claim.cited:
        tongue, text = primary_language(cited.language), fold_quotes(cited.text)
        hard, soft = cue_pattern("negation", tongue), cue_pattern("soft", tongue)
        if tongue not in _CONFIDENT or hard is None or soft is None or hard.search(text) or soft.search(text):
            return None
    detail = "the statement denies something, what is cited denies nothing"
    return Check(name=NEGATION, passed=False, detail=detail)


def _check(claim: Claim, comparison: _Comparison) -> Check | None:
    language = primary_language(claim.language)
    evidence: list[Sentence] = []
    for cited in claim.cited_in_its_language():
        evidence += read_sentences(cited.text, language)
    if not evidence or cue_pattern(comparison.cues, language) is None:
        return None
    compared = False
    for sentence in read_sentences(claim.text, language):
        outcomes: list[str] = []
        for other in closest(sentence, evidence, _LEAST_SHARED):
            outcome = _compare(sentence, other, comparison, language)
            if outcome is not None:
                outcomes.append(outcome)
        compared = compared or bool(outcomes)
        if outcomes and all(outcomes):
            return Check(name=comparison.name, passed=False, detail=outcomes[0])
    return Check(name=comparison.name, passed=True) if compared else None


def _compare(statement: Sentence, evidence: Sentence, comparison: _Comparison, language: str) -> str | None:
    """Return what one denies and the other does not; "" when they agree, None when neither has a cue."""
    pattern, excuse = cue_pattern(comparison.cues, language), cue_pattern(comparison.excuses, language)
    here, there = _find(statement, pattern), _find(evidence, pattern)
    if not there and (not here or not comparison.of_statement):
        return None
    words, other_words = ([unit.text for unit in side.units] for side in (statement, evidence))
    matcher = SequenceMatcher(None, words, other_words, autojunk=False)
    if matcher.ratio() >= _VERBATIM:
        return _compare_in_place(statement, evidence, matcher, (here, there), excuse, comparison)
    compared = False
    for one, other, cues, saying in (
        (statement, evidence, here, comparison.of_statement),
        (evidence, statement, there, comparison.of_evidence),
    ):
        for cue in cues:
            scope = _scope(one, cue)
            shared = _shared(scope, other)
            if not saying or not shared or len(shared) < min(2, len(scope)):
                continue
            compared = True
            if not _is_near(other, shared, pattern) and not _is_near(other, shared, excuse):
                return _explain(saying, one, min(cue[0], scope[0].start), max(cue[1], scope[-1].end))
    return "" if compared else None


def _compare_in_place(
    statement: Sentence,
    evidence: Sentence,
    matcher: SequenceMatcher[str],
    cues: tuple[Sequence[Span], Sequence[Span]],
    excuse: regex.Pattern[str] | None,
    comparison: _Comparison,
) -> str:
    """Compare sentences that repeat each other: only the stretches that differ count."""
    surplus = 0
    detail = ""
    for kind, first, last, from_, to in matcher.get_opcodes():
        if kind == "equal":
            continue
        here, there = _inside(statement, first, last, cues[0]), _inside(evidence, from_, to, cues[1])
        surplus += here - there
        if here > there and comparison.of_statement and not _excuses(excuse, evidence, from_, to):
            detail = _explain(comparison.of_statement, statement, *_around(statement, first, last))
        elif there > here and not _excuses(excuse, statement, first, last):
            detail = _explain(comparison.of_evidence, evidence, *_around(evidence, from_, to))
    return detail if surplus else ""


def _inside(sentence: Sentence, first: int, last: int, cues: Sequence[Span]) -> int:
    """Return how many cues are within units `[first, last)`."""
    inside = 0
    for start, end in cues:
        inside += any(unit.start < end and unit.end > start for unit in sentence.units[first:last])
    return inside


def _excuses(pattern: regex.Pattern[str] | None, sentence: Sentence, first: int, last: int) -> bool:
    units = sentence.units[first:last]
    return bool(units and pattern and pattern.search(sentence.text[units[0].start : units[-1].end]))


def _around(sentence: Sentence, first: int, last: int) -> Span:
    units = sentence.units[max(0, first - 2) : last + 3]
    return units[0].start, units[-1].end


def _explain(saying: str, sentence: Sentence, start: int, end: int) -> str:
    return f"{saying} “{sentence.text[start:end].strip()}”, the other side does not"


def _find(sentence: Sentence, pattern: regex.Pattern[str] | None) -> list[Span]:
    return [match.span() for match in pattern.finditer(sentence.text)] if pattern else []


def _scope(sentence: Sentence, cue: Span) -> list[Unit]:
    """Return the nearest content words of the cue's clause, in order."""
    at = bisect_left(sentence.units, cue[1], key=lambda unit: unit.start) - 1
    clause = sentence.units[at].clause if at >= 0 else 0
    before: list[Unit] = []
    after: list[Unit] = []
    for unit in sentence.units:
        if not unit.is_content or unit.clause != clause:
            continue
        if unit.end <= cue[0]:
            before.append(unit)
        elif unit.start >= cue[1]:
            after.append(unit)
    return before[-_SCOPE:] + after[:_SCOPE]


def _shared(scope: Sequence[Unit], other: Sentence) -> list[int]:
    """Return the indices of the content words of `other` that `scope` has too."""
    wanted = {stem(unit.text) for unit in scope}
    return [at for at, unit in enumerate(other.units) if unit.is_content and stem(unit.text) in wanted]


def _is_near(sentence: Sentence, shared: Sequence[int], pattern: regex.Pattern[str] | None) -> bool:
    reach = _NEAR * (_UNSPACED_FACTOR if is_unspaced(sentence.text) else 1)
    for start, _ in _find(sentence, pattern):
        cue = bisect_right(sentence.units, start, key=lambda unit: unit.end)
        if any(abs(index - cue) <= reach for index in shared):
            return True
    return False
