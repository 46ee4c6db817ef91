"""What sentences of several sources agree on and where they conflict, found without a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, zip_longest
from operator import attrgetter, itemgetter

import numpy as np
from numpy.typing import NDArray

from agent.answer.answer import Agreement
from agent.checks import Cited, Claim, NameMatcher
from agent.extractive.differences import find_difference, has_same_names, is_supported
from agent.extractive.near_duplicates import repeats_any
from vectorstore import Role, Span, is_same_language

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
    cited: Cited
    """The sentence with what surrounds it."""
    source: int
    """Number of its source; those of one source never support each other."""
    weight: float
    """How much it says of what is summarized."""
    vector: NDArray[np.float32]
    """(d,), unit length: of the sentence by itself, centred."""

    @property
    def claim(self) -> Claim:
        """What it says, about itself."""
        return Claim(self.cited.text, self.cited.language, (self.cited,))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said: by one sentence, by several in agreement, or in two versions."""

    agreement: Agreement
    versions: tuple[tuple[Extract, ...], ...]
    """One, or the two of a conflict; in each the sentence that says it, then those that support it."""

    @property
    def lead(self) -> Extract:
        """The sentence that represents it."""
        return self.versions[0][0]

    @property
    def extracts(self) -> tuple[Extract, ...]:
        """The sentences of all versions."""
        return tuple(chain(*self.versions))

    @property
    def weight(self) -> float:
        """That of its best sentence."""
        return max(extract.weight for extract in self.extracts)


def find_facts(extracts: Sequence[Extract], matcher: NameMatcher | None) -> tuple[Fact, ...]:
    """Return every extract in exactly one fact, but for those that support another or repeat it; best first.

    Two sentences agree when they are near each other and one passes every check against the other; they
    contradict each other when they are near, name the same, and differ in a number, a date or by a negation.
    """
    near = _find_near(extracts)
    facts = _find_conflicts(near, matcher)
    used = set(chain(*map(attrgetter("extracts"), facts)))
    best_first = sorted(extracts, key=_by_weight)
    for extract in best_first:
        if extract in used:
            continue
        unused = [other for other in _neighbours(extract, near) if other not in used]
        support = _support(extract, unused, matcher)
        if support:
            facts.append(Fact(Agreement.AGREED, ((extract, *support),)))
            used.update((extract, *support))
    said = [extract.cited.text for extract in used]
    for extract in best_first:
        if extract not in used and not repeats_any(extract.cited.text, said, extract.cited.language):
            facts.append(Fact(Agreement.SINGLE_SOURCE, ((extract,),)))
            said.append(extract.cited.text)
    return tuple(sorted(facts, key=_by_weight))


def choose_facts(facts: Sequence[Fact], count: int) -> tuple[Fact, ...]:
    """Return at most `count`: half agreed, a quarter conflicts, the others of single sources by turns."""
    # What one kind leaves is taken by the next.
    by_kind: dict[Agreement, list[Fact]] = {kind: [] for kind in Agreement}
    for fact in facts:
        by_kind[fact.agreement].append(fact)
    agreed, conflicting = by_kind[Agreement.AGREED], by_kind[Agreement.CONFLICTING]
    half, quarter = math.ceil(count / 2), math.ceil(count / 4)
    preferred = agreed[:half] + conflicting[:quarter] + _by_turns(by_kind[Agreement.SINGLE_SOURCE])
    return tuple((preferred + agreed[half:] + conflicting[quarter:])[:count])


def _by_weight(weighed: Extract | Fact) -> float:
    """Sort the best first."""
    return -weighed.weight


def _by_turns(facts: Sequence[Fact]) -> list[Fact]:
    """Return the best of every source, then the second of every source, and so on."""
    by_source: dict[int, list[Fact]] = {}
    for fact in facts:
        by_source.setdefault(fact.lead.source, []).append(fact)
    return list(filter(None, chain(*zip_longest(*by_source.values()))))


def _find_conflicts(near: Sequence[tuple[Extract, Extract]], matcher: NameMatcher | None) -> list[Fact]:
    conflicts: list[Fact] = []
    used: set[Extract] = set()
    for pair in near:
        if used.isdisjoint(pair) and _contradict(*pair, matcher):
            better, worse = sorted(pair, key=_by_weight)
            conflicts.append(Fact(Agreement.CONFLICTING, ((better,), (worse,))))
            used.update(pair)
    return conflicts


def _neighbours(extract: Extract, near: Sequence[tuple[Extract, Extract]]) -> list[Extract]:
    """Return what is near the extract, the nearest first."""
    found = []
    for one, two in near:
        if extract is one:
            found.append(two)
        elif extract is two:
            found.append(one)
    return found


def _find_near(extracts: Sequence[Extract]) -> list[tuple[Extract, Extract]]:
    """Return pairs, the nearest first: of two sources, and nearest to each other of their articles."""
    by_article: dict[str, list[Extract]] = {}
    for extract in extracts:
        by_article.setdefault(extract.article_id, []).append(extract)
    found = []
    for ours, theirs in combinations(by_article.values(), 2):
        if ours[0].source == theirs[0].source:
            continue
        nearness = _vectors(ours) @ _vectors(theirs).T
        for row, column in np.argwhere(nearness >= NEAR):
            near = nearness[row, column]
            # By being nearest alone, what nothing in the other article matches would match something.
            if near - _second(nearness, row, column) >= _AHEAD:
                found.append((float(near), (ours[row], theirs[column])))
    found.sort(key=itemgetter(0), reverse=True)
    return list(map(itemgetter(1), found))


def _vectors(extracts: Sequence[Extract]) -> NDArray[np.float32]:
    return np.stack([extract.vector for extract in extracts])


def _second(nearness: NDArray[np.float32], row: int, column: int) -> float:
    """Return the next best of the row and of the column."""
    beside = np.concatenate((np.delete(nearness[row], column), np.delete(nearness[:, column], row)))
    return float(beside.max(initial=-1.0))


def _contradict(one: Extract, two: Extract, matcher: NameMatcher | None) -> bool:
    difference = find_difference(one.claim, two.claim, matcher)
    # A negation of one language is missed in another too often: see `_SURE`.
    if difference == "negation" and not is_same_language(one.cited.language, two.cited.language):
        return False
    return difference in _SURE and has_same_names(one.claim, two.claim, matcher)


def _support(extract: Extract, others: Sequence[Extract], matcher: NameMatcher | None) -> list[Extract]:
    """Return of the others one for each source that supports the extract, the nearest first."""
    found: dict[int, Extract] = {}
    for other in others:
        claim = replace(extract.claim, cited=(other.cited,))
        if other.source not in found and is_supported(claim, matcher):
            found[other.source] = other
    return list(found.values())
