"""What sentences of several sources say alike and otherwise, told without a model where it is plain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from agent.answer.answer import Agreement
from agent.checks import Cited, Claim, NameMatcher
from agent.extractive.agreement import Side, bears_out, find_difference, has_same_names
from agent.extractive.near_duplicates import repeats
from vectorstore import Role, Span

NEAR = 0.7
"""Cosine from which two sentences of different articles may say the same.

Of sentences embedded by themselves and centred by language. On 24 documents of the development news as
English, Dutch and German articles 76 % of 900 translated sentences reach it, and 14 of 14,639 pairs of
different sentences; with `_AHEAD` 75 % and none.
"""
_AHEAD = 0.05
"""How much nearer the two have to be to each other than to any other sentence of the other's article.

With every true match taken out of those documents, 10 of 400 pairs that are nearest to each other pass both,
and 9 of them the checks as well: two reports of one event that say different things about it.
"""
_SURE = ("numbers", "dates", "negation")
"""Differences that make a contradiction of two near sentences with the same names.

Of 150 sentences each with a number, a year, a date or a negation changed, in ten languages, 141, 150, 149 and
150 are found beside the true one. Of 895 sentences and their translations in those documents 655 are found to
agree and 13 to contradict each other, most of which do (25 cm of rain in German, 10 in Dutch). Negations of
two languages are not compared: they were 4 of 11 further ones.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """A sentence of an article that a summary may be made of."""

    article_id: str
    span: Span
    role: Role | None
    text: str
    language: str
    source: int
    """Number of its source; those of one source never support each other."""
    merit: float
    """How much it says of what is summarized."""
    vector: NDArray[np.float32]
    """(d,), unit length: of the sentence by itself, centred."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said: by one sentence, by several alike, or in two versions."""

    agreement: Agreement
    versions: tuple[tuple[Extract, ...], ...]
    """One, or the two of a conflict; in each the sentence that says it, then those that bear it out."""

    @property
    def lead(self) -> Extract:
        """The sentence that stands for it."""
        return self.versions[0][0]

    @property
    def merit(self) -> float:
        """That of its best sentence."""
        return max(extract.merit for version in self.versions for extract in version)


Describe = Callable[[Extract], Cited]


def find_facts(
    extracts: Sequence[Extract], describe: Describe, matcher: NameMatcher | None
) -> tuple[Fact, ...]:
    """Every extract in exactly one fact, but for those that support another or repeat it; best first.

    Two sentences agree when they are near each other and one passes every check against the other; they
    contradict each other when they are near, name the same, and differ in a number, a date or by a negation.
    """
    near = _find_near(extracts)
    facts: list[Fact] = []
    used: set[int] = set()
    for one, two in near:
        if one in used or two in used or not _contradict(extracts[one], extracts[two], describe, matcher):
            continue
        pair = sorted((extracts[one], extracts[two]), key=lambda extract: -extract.merit)
        facts.append(Fact(Agreement.CONFLICTING, tuple((extract,) for extract in pair)))
        used |= {one, two}
    for row in sorted(range(len(extracts)), key=lambda row: -extracts[row].merit):
        if row in used:
            continue
        others = [a + b - row for a, b in near if row in (a, b) and a + b - row not in used]
        support = _support(extracts[row], [extracts[other] for other in others], describe, matcher)
        if support:
            facts.append(Fact(Agreement.AGREED, ((extracts[row], *support),)))
            used |= {row, *(other for other in others if extracts[other] in support)}
    rest = [extracts[row] for row in range(len(extracts)) if row not in used]
    said = [extract.text for fact in facts for version in fact.versions for extract in version]
    for extract in sorted(rest, key=lambda extract: -extract.merit):
        if not any(repeats(extract.text, other) for other in said):
            facts.append(Fact(Agreement.SINGLE_SOURCE, ((extract,),)))
            said.append(extract.text)
    return tuple(sorted(facts, key=lambda fact: -fact.merit))


def choose_facts(facts: Sequence[Fact], count: int) -> tuple[Fact, ...]:
    """At most `count` of them: half agreed, a quarter conflicts, the others of one source, sources by turns.

    What one kind leaves is taken by the next.
    """
    agreed, single, conflicting = ([fact for fact in facts if fact.agreement is kind] for kind in Agreement)
    single = _by_turns(single)
    chosen = agreed[: -(-count // 2)] + conflicting[: -(-count // 4)]
    chosen += single[: max(0, count - len(chosen))]
    for spare in (agreed, conflicting):
        chosen += [fact for fact in spare if fact not in chosen][: max(0, count - len(chosen))]
    return tuple(chosen[:count])


def _by_turns(facts: Sequence[Fact]) -> list[Fact]:
    """The best of every source, then the second of every source, and so on."""
    turns: dict[int, int] = {}
    placed = []
    for fact in facts:
        turn = turns[fact.lead.source] = turns.get(fact.lead.source, 0) + 1
        placed.append((turn, fact))
    return [fact for _, fact in sorted(placed, key=lambda place: place[0])]


def _find_near(extracts: Sequence[Extract]) -> list[tuple[int, int]]:
    """Pairs of rows, the nearest first: of two sources, and nearest to each other of their articles."""
    by_article: dict[str, list[int]] = {}
    for row, extract in enumerate(extracts):
        by_article.setdefault(extract.article_id, []).append(row)
    found = []
    for ours, theirs in combinations(by_article.values(), 2):
        if extracts[ours[0]].source == extracts[theirs[0]].source:
            continue
        nearness = (
            np.stack([extracts[row].vector for row in ours])
            @ np.stack([extracts[row].vector for row in theirs]).T
        )
        found += [
            (float(nearness[at, to]), ours[at], theirs[to])
            for at, to in zip(*np.nonzero(nearness >= NEAR), strict=True)
            if nearness[at, to] - _second(nearness, int(at), int(to)) >= _AHEAD
        ]
    return [(one, two) for _, one, two in sorted(found, key=lambda pair: -pair[0])]


def _second(nearness: NDArray[np.float32], row: int, column: int) -> float:
    """The next best of the row and of the column."""
    beside = np.concatenate((np.delete(nearness[row], column), np.delete(nearness[:, column], row)))
    return float(beside.max(initial=-1.0))


def _contradict(one: Extract, two: Extract, describe: Describe, matcher: NameMatcher | None) -> bool:
    here, there = (Side(extract.text, extract.language, (describe(extract),)) for extract in (one, two))
    difference = find_difference(here, there, matcher)
    if difference == "negation" and one.language.partition("-")[0] != two.language.partition("-")[0]:
        return False
    return difference in _SURE and has_same_names(here, there, matcher)


def _support(
    extract: Extract, others: Sequence[Extract], describe: Describe, matcher: NameMatcher | None
) -> list[Extract]:
    """Of the others one for each source that bears the extract out, the nearest first."""
    found: dict[int, Extract] = {}
    for other in others:
        claim = Claim(extract.text, extract.language, (describe(other),))
        if other.source not in found and bears_out(claim, matcher):
            found[other.source] = other
    return list(found.values())
