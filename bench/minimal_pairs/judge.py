"""Pairs put to the checks, and to the rules of others beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.checks import Cited, Claim, NameMatcher, check_claim
from agent.settings.paths import find_paths
from bench.minimal_pairs.edits import Edit
from bench.minimal_pairs.pairs import Pair
from bench.minimal_pairs.rules import accepts_like_kotaemon, accepts_like_langchain
from bench.statistics import MeanInterval, mean_with_interval
from vectorstore import Centering, E5Embedder, Prefix, to_bcp47

_DATED = frozenset({"numbers", "dates"})
OWN_CHECK = {
    Edit.NUMBER: _DATED,
    Edit.YEAR: _DATED,
    Edit.DATE: _DATED,
    Edit.NAME: frozenset({"names"}),
    Edit.SPEAKER: frozenset({"attribution"}),
    Edit.DROPPED: frozenset({"negation"}),
    Edit.ADDED: frozenset({"negation"}),
}
"""The checks that should find each edit: a number can be the day of a date, and is then checked as one."""


def to_claim(pair: Pair) -> Claim:
    """What the checks are given."""
    cited = Cited(pair.evidence, to_bcp47(pair.evidence_language), pair.passage)
    return Claim(pair.statement, to_bcp47(pair.language), (cited,))


def name_matcher() -> NameMatcher:
    """Names by the token states of the bundled embedder, centred by the shipped means."""
    embedder = E5Embedder.bundled(find_paths().cache, threads=1)
    centering = Centering.shipped()
    return NameMatcher(
        embedder, lambda states, language: centering.center_tokens(states, language, Prefix.PASSAGE)
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of cases that something is found wrong with, with 95 % intervals over documents."""

    cases: int
    own: MeanInterval
    """By the check that is there for the edit; by any where nothing was changed, or it is not known what."""
    checks: MeanInterval
    """By any check."""
    kotaemon: MeanInterval
    langchain: MeanInterval | None
    """On some of the cases, because it takes seconds; None when it was tried on none."""


class Judge:
    """The checks and the two rules, each pair judged once."""

    def __init__(self, matcher: NameMatcher) -> None:
        """Take what finds names in other languages."""
        self._matcher = matcher
        self._failed: dict[Pair, frozenset[str]] = {}

    def failed(self, pair: Pair) -> frozenset[str]:
        """Names of the checks that the pair fails."""
        if pair not in self._failed:
            checks = check_claim(to_claim(pair), self._matcher)
            self._failed[pair] = frozenset(check.name for check in checks if not check.passed)
        return self._failed[pair]

    def measure(self, cases: Sequence[Sequence[Pair]], fuzzy: int) -> Rates:
        """Judge cases of one or more pairs; something is wrong with a case when it is with any of its pairs.

        Args:
            cases: none of them empty.
            fuzzy: about how many of them LangChain's rule is tried on.
        """
        few = cases[:: max(1, len(cases) // fuzzy)] if fuzzy else []
        return Rates(
            len(cases),
            _share(cases, self._fails_own),
            _share(cases, lambda pair: bool(self.failed(pair))),
            _share(cases, lambda pair: not accepts_like_kotaemon(pair.statement, pair.evidence)),
            _share(few, lambda pair: not accepts_like_langchain(pair.statement, pair.evidence))
            if few
            else None,
        )

    def measure_check(self, name: str, pairs: Sequence[Pair]) -> MeanInterval:
        """Share of pairs that fail one check."""
        return _share([(pair,) for pair in pairs], lambda pair: name in self.failed(pair))

    def _fails_own(self, pair: Pair) -> bool:
        failed = self.failed(pair)
        return bool(failed & OWN_CHECK[pair.edit] if pair.edit else failed)


def _share(cases: Sequence[Sequence[Pair]], is_wrong: Callable[[Pair], bool]) -> MeanInterval:
    found = [float(any(is_wrong(pair) for pair in case)) for case in cases]
    return mean_with_interval(found, [case[0].doc for case in cases])
