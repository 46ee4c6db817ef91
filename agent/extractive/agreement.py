"""What several sources say alike, what only one says, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import regex

from agent.answer.answer import Agreement, Check, Citation, Statement
from agent.checks import (
    Cited,
    Claim,
    NameMatcher,
    check_claim,
    check_dates,
    check_names,
    check_negation,
    check_numbers,
)
from agent.checks.numbers.quantities import find_quantities
from agent.checks.stance.clauses import closest, read_sentences
from agent.extractive.sources import Sources

CONFLICT = "conflict"

_RELATED = 0.25
"""Content words that two statements of one language share at least when they are about one thing."""
_IMPERIAL = regex.compile(
    r"[\s-]?(?:\w+[\s-])?(?:inch(?:es)?|feet|foot|ft|yards?|miles?|mph|pounds?|lbs?|ounces?|acres?|gallons?"
    r"|degrees?|fahrenheit)\b",
    regex.IGNORECASE,
)
_SAME_SUBJECT = 0.4
"""The same where nothing but a name tells them apart: most sentences name somebody the next one does not."""

DescribeCited = Callable[[Citation], Cited]


@dataclass(frozen=True, slots=True)
class Side:
    """One version of something: a sentence, and what it cites."""

    text: str
    language: str
    """BCP 47."""
    cited: tuple[Cited, ...]


def find_difference(one: Side, two: Side, matcher: NameMatcher | None) -> str | None:
    """In what two sentences contradict each other: "numbers", "dates", "negation" or "names"; else None.

    Each has to have a number, a date or a name that the other side's words and quotes do not have; that one
    says more than the other is no contradiction. One that denies what the other says is enough.
    """
    sides = ((one, two), (two, one))
    if not _is_related(one, two, _RELATED):
        return None
    claims = [_hold(side, other) for side, other in sides]
    if all(_fails(check_numbers(claim)) for claim in claims) and not _may_be_converted(one, two):
        return "numbers"
    if all(_fails(check_dates(claim)) for claim in claims):
        return "dates"
    if any(_fails(check_negation(claim)) for claim in claims):
        return "negation"
    if _is_related(one, two, _SAME_SUBJECT) and all(_fails(check_names(claim, matcher)) for claim in claims):
        return "names"
    return None


def has_same_names(one: Side, two: Side, matcher: NameMatcher | None) -> bool:
    """Whether neither side names what the other does not."""
    return not any(_fails(check_names(claim, matcher)) for claim in (_hold(one, two), _hold(two, one)))


def bears_out(claim: Claim, matcher: NameMatcher | None) -> bool:
    """Whether a statement passes every check against what the claim cites, and nothing else."""
    return all(check.passed for check in check_claim(claim, matcher))


class Assessor:
    """Tells for the statements of one summary how they stand among the sources."""

    def __init__(
        self, sources: Sources, describe: DescribeCited, language: str, matcher: NameMatcher | None
    ) -> None:
        """Take the parts.

        Args:
            sources: of every article that may be cited.
            describe: gives what a check needs to know of a citation.
            language: BCP 47, of the statements.
            matcher: finds names in other languages.
        """
        self._sources = sources
        self._describe = describe
        self._language = language
        self._matcher = matcher

    def assess(self, statements: Sequence[Statement], claimed: Sequence[int | None]) -> tuple[Statement, ...]:
        """Every statement with its standing: what is agreed, then what one source says, then conflicts.

        `claimed` are the numbers by which somebody holds statements to contradict each other, None for none.
        That is believed of statements that cite different sources and differ in a number, a date, a name or
        by a negation; of others it is dropped. A statement is agreed when two sources, each by itself, bear
        it out. With one source in all, nothing is told.
        """
        if len(self._sources.groups) < 2:
            return tuple(statements)
        details = [self._find_contradiction(row, statements, claimed) for row in range(len(statements))]
        numbers = {
            number: place
            for place, number in enumerate(
                dict.fromkeys(
                    number for number, detail in zip(claimed, details, strict=True) if number and detail
                ),
                start=1,
            )
        }
        assessed = []
        for statement, number, detail in zip(statements, claimed, details, strict=True):
            if number is not None and detail:
                check = Check(name=CONFLICT, passed=True, detail=detail)
                changes: dict[str, object] = {
                    "agreement": Agreement.CONFLICTING,
                    "conflict": numbers[number],
                    "checks": (*statement.checks, check),
                }
            else:
                agreed = len(self._supporting(statement)) > 1
                changes = {"agreement": Agreement.AGREED if agreed else Agreement.SINGLE_SOURCE}
            assessed.append(statement.model_copy(update=changes))
        return arrange(assessed)

    def _find_contradiction(
        self, row: int, statements: Sequence[Statement], claimed: Sequence[int | None]
    ) -> str:
        """In what the statement differs from another with its number; "" when from none."""
        if claimed[row] is None:
            return ""
        for other, number in enumerate(claimed):
            if other == row or number != claimed[row]:
                continue
            ours, theirs = self._cited_by(statements[row]), self._cited_by(statements[other])
            if not ours - theirs or not theirs - ours:
                continue
            found = find_difference(self._side(statements[row]), self._side(statements[other]), self._matcher)
            if found:
                return found
        return ""

    def _supporting(self, statement: Statement) -> set[int]:
        """The sources that bear the statement out, each by what is cited of it alone."""
        return {
            source
            for source in self._cited_by(statement)
            if bears_out(
                Claim(
                    statement.text,
                    self._language,
                    tuple(
                        self._describe(citation)
                        for citation in statement.citations
                        if self._sources.of(citation.article) == source
                    ),
                ),
                self._matcher,
            )
        }

    def _cited_by(self, statement: Statement) -> set[int]:
        return {self._sources.of(citation.article) for citation in statement.citations}

    def _side(self, statement: Statement) -> Side:
        return Side(
            statement.text, self._language, tuple(self._describe(cited) for cited in statement.citations)
        )


_ORDER = tuple(Agreement)


def arrange(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """What is agreed first, then what one source says, then conflicts, their versions together."""
    return tuple(
        sorted(
            statements,
            key=lambda statement: (
                _ORDER.index(statement.agreement) if statement.agreement else -1,
                statement.conflict or 0,
            ),
        )
    )


def _hold(one: Side, two: Side) -> Claim:
    """One side's sentence as a claim about the other's words and quotes, without what stands around them."""
    bare = (replace(cited, passage="", about=()) for cited in two.cited)
    published = {cited.published for cited in two.cited}
    own = Cited(two.text, two.language, published=next(iter(published)) if len(published) == 1 else None)
    return Claim(one.text, one.language, (own, *bare))


def _may_be_converted(one: Side, two: Side) -> bool:
    """Whether one is English with inches, miles or degrees and the other is not: 4 inches are 10 cm there."""
    english, other = sorted((one, two), key=lambda side: not _is_english(side.language))
    if not _is_english(english.language) or _is_english(other.language):
        return False
    return any(
        _IMPERIAL.match(english.text, quantity.end)
        for quantity in find_quantities(english.text, english.language)
    )


def _is_english(language: str) -> bool:
    return language.partition("-")[0] == "en"


def _is_related(one: Side, two: Side, least: float) -> bool:
    """Whether they share enough words; across languages that cannot be told and is taken for granted."""
    language = one.language.partition("-")[0]
    if language != two.language.partition("-")[0]:
        return True
    others = read_sentences(two.text, language)
    return any(closest(sentence, others, least) for sentence in read_sentences(one.text, language))


def _fails(check: Check | None) -> bool:
    return check is not None and not check.passed
