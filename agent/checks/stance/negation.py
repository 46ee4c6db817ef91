"""Whether a statement denies and hedges what its evidence denies and hedges. Within one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

import regex

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.stance.clauses import Sentence, Unit, closest, fold_quotes, read_sentences
from agent.checks.stance.cues import hedges, negations, soft_negations
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

Of 245 negations in sentences of up to twelve words 6 % are gone in their translation, of all 1,223 11 %.
"""
_CONFIDENT = frozenset({"en", "nl", "de", "fr", "es", "it", "pt", "pl", "ru"})
"""Languages between which that is told; Turkish, Arabic and Chinese negate in more ways than are listed."""
_VERBATIM = 0.7
"""Share of words in the same order from which two sentences are compared place by place."""

Cues = Callable[[str], "regex.Pattern[str] | None"]


def check_negation(claim: Claim) -> Check | None:
    """None when neither side denies anything that the other speaks of.

    Across languages only one thing is told: that a short statement denies and nothing cited does.
    """
    if all(primary_language(cited.language) != primary_language(claim.language) for cited in claim.cited):
        return _check_abroad(claim)
    return _check(
        claim, NEGATION, negations, soft_negations, ("the statement denies", "what is cited denies")
    )


def check_modality(claim: Claim) -> Check | None:
    """The same for "may", "reportedly" and their like; a statement must not be surer than its evidence."""
    return _check(claim, MODALITY, hedges, hedges, ("", "what is cited is not sure of"))


def _check_abroad(claim: Claim) -> Check | None:
    if (
        not {primary_language(claim.language), *(primary_language(cited.language) for cited in claim.cited)}
        <= _CONFIDENT
    ):
        return None
    own = negations(primary_language(claim.language))
    sentences = read_sentences(claim.text, primary_language(claim.language))
    patterns = [
        (negations(primary_language(cited.language)), soft_negations(primary_language(cited.language)))
        for cited in claim.cited
    ]
    if own is None or len(sentences) != 1 or len(sentences[0].units) > _SHORT or not _find(sentences[0], own):
        return None
    for cited, (hard, soft) in zip(claim.cited, patterns, strict=True):
        text = fold_quotes(cited.text)
        if hard is None or soft is None or hard.search(text) or soft.search(text):
            return None
    return Check(
        name=NEGATION, passed=False, detail="the statement denies something, what is cited denies nothing"
    )


def _check(claim: Claim, name: str, cues: Cues, excuses: Cues, says: tuple[str, str]) -> Check | None:
    language = primary_language(claim.language)
    pattern, excuse = cues(language), excuses(language)
    evidence = [
        sentence
        for cited in claim.cited
        if primary_language(cited.language) == language
        for sentence in read_sentences(cited.text, language)
    ]
    if pattern is None or not evidence:
        return None
    compared = False
    for sentence in read_sentences(claim.text, language):
        matches = closest(sentence, evidence, _LEAST_SHARED)
        outcomes = [_compare(sentence, other, pattern, excuse, says) for other in matches]
        told = [outcome for outcome in outcomes if outcome is not None]
        compared = compared or bool(told)
        if told and all(told):
            return Check(name=name, passed=False, detail=told[0])
    return Check(name=name, passed=True) if compared else None


def _compare(
    statement: Sentence,
    evidence: Sentence,
    pattern: regex.Pattern[str],
    excuse: regex.Pattern[str] | None,
    says: tuple[str, str],
) -> str | None:
    """What one denies and the other does not; "" when they agree, None when neither has a cue."""
    here, there = _find(statement, pattern), _find(evidence, pattern)
    if not there and (not here or not says[0]):
        return None
    matcher = SequenceMatcher(None, _words(statement), _words(evidence), autojunk=False)
    if matcher.ratio() >= _VERBATIM:
        return _compare_in_place(statement, evidence, matcher, (here, there), excuse, says)
    compared = False
    for one, other, cues, saying in (
        (statement, evidence, here, says[0]),
        (evidence, statement, there, says[1]),
    ):
        for cue in cues:
            scope = list(_scope(one, cue))
            shared = _shared(scope, other)
            if not saying or len(shared) < min(2, len(scope)) or not shared:
                continue
            compared = True
            if not _is_near(other, shared, pattern) and not (excuse and _is_near(other, shared, excuse)):
                return _tell(saying, one, min(cue[0], scope[0].start), max(cue[1], scope[-1].end))
    return "" if compared else None


def _compare_in_place(
    statement: Sentence,
    evidence: Sentence,
    matcher: SequenceMatcher[str],
    cues: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    excuse: regex.Pattern[str] | None,
    says: tuple[str, str],
) -> str:
    """The same for sentences that repeat each other: only the stretches that differ count."""
    surplus = 0
    told = ""
    for kind, first, last, from_, to in matcher.get_opcodes():
        if kind == "equal":
            continue
        here, there = _inside(statement, first, last, cues[0]), _inside(evidence, from_, to, cues[1])
        surplus += here - there
        if here > there and says[0] and not _excuses(excuse, evidence, from_, to):
            told = _tell(says[0], statement, *_around(statement, first, last))
        elif there > here and not _excuses(excuse, statement, first, last):
            told = _tell(says[1], evidence, *_around(evidence, from_, to))
    return told if surplus else ""


def _words(sentence: Sentence) -> list[str]:
    return [unit.text for unit in sentence.units]


def _inside(sentence: Sentence, first: int, last: int, cues: Sequence[tuple[int, int]]) -> int:
    """How many cues lie within units `[first, last)`."""
    units = sentence.units[first:last]
    return sum(any(unit.start < end and unit.end > start for unit in units) for start, end in cues)


def _excuses(pattern: regex.Pattern[str] | None, sentence: Sentence, first: int, last: int) -> bool:
    units = sentence.units[first:last]
    return bool(units and pattern and pattern.search(sentence.text[units[0].start : units[-1].end]))


def _around(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    units = sentence.units[max(0, first - 2) : last + 3]
    return units[0].start, units[-1].end


def _tell(saying: str, sentence: Sentence, start: int, end: int) -> str:
    return f"{saying} “{sentence.text[start:end].strip()}”, the other side does not"


def _find(sentence: Sentence, pattern: regex.Pattern[str]) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(sentence.text)]


def _scope(sentence: Sentence, cue: tuple[int, int]) -> Iterator[Unit]:
    """The nearest content words of the cue's clause, in order."""
    clause = next((unit.clause for unit in reversed(sentence.units) if unit.start < cue[1]), 0)
    around = [unit for unit in sentence.units if unit.is_content and unit.clause == clause]
    before = [unit for unit in around if unit.end <= cue[0]][-_SCOPE:]
    after = [unit for unit in around if unit.start >= cue[1]][:_SCOPE]
    yield from before + after


def _shared(scope: Sequence[Unit], other: Sentence) -> list[Unit]:
    wanted = {stem(unit.text) for unit in scope}
    return [unit for unit in other.units if unit.is_content and stem(unit.text) in wanted]


def _is_near(sentence: Sentence, shared: Sequence[Unit], pattern: regex.Pattern[str]) -> bool:
    reach = _NEAR * (_UNSPACED_FACTOR if is_unspaced(sentence.text) else 1)
    places = {id(unit): at for at, unit in enumerate(sentence.units)}
    for start, _ in _find(sentence, pattern):
        at = next((at for at, unit in enumerate(sentence.units) if unit.end > start), len(sentence.units))
        if any(abs(places[id(unit)] - at) <= reach for unit in shared):
            return True
    return False
