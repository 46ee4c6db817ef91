"""Which statements of a summary several sources agree on, which only one makes, and which conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.answer.answer import Agreement, Check, Citation, Statement
from agent.checks import Cited, Claim, NameMatcher
from agent.extractive.differences import find_difference, is_supported
from agent.extractive.sources import Sources

CONFLICT = "conflict"
_ORDER = tuple(Agreement)

DescribeCited = Callable[[Citation], Cited]


@dataclass(frozen=True, slots=True)
class Assessor:
    """Compares the statements of one summary with what each of its sources says."""

    sources: Sources
    describe: DescribeCited
    language: str
    """BCP 47, of the statements."""
    matcher: NameMatcher | None

    def assess(self, statements: Sequence[Statement], claimed: Sequence[int | None]) -> tuple[Statement, ...]:
        """Return every statement with its agreement: agreed ones, then single-source ones, then conflicts.

        `claimed` are the numbers by which a model says that statements contradict each other, None for none.
        That is believed of statements that cite different sources and differ in a number, a date, a name or
        by a negation; of others it is dropped. A statement is agreed when two sources, each by itself,
        support it. With one source in all, statements are left as they are.
        """
        if len(self.sources.groups) < 2:
            return tuple(statements)
        numbers: dict[int, int] = {}
        assessed = []
        for row, statement in enumerate(statements):
            claim = claimed[row]
            detail = self._find_contradiction(row, statements, claimed)
            if claim is not None and detail:
                number = numbers.setdefault(claim, len(numbers) + 1)
                checks = (*statement.checks, Check(name=CONFLICT, passed=True, detail=detail))
                changes = {"agreement": Agreement.CONFLICTING, "conflict": number, "checks": checks}
                assessed.append(statement.model_copy(update=changes))
            else:
                is_agreed = len(self._supporting(statement)) > 1
                agreement = Agreement.AGREED if is_agreed else Agreement.SINGLE_SOURCE
                assessed.append(statement.model_copy(update={"agreement": agreement}))
        return arrange(assessed)

    def _find_contradiction(
        self, row: int, statements: Sequence[Statement], claimed: Sequence[int | None]
    ) -> str | None:
        """Return in what the statement differs from another with its number; None when from none."""
        if claimed[row] is None:
            return None
        ours, claim = self._cited_by(statements[row]), self._claim(statements[row])
        for other, number in enumerate(claimed):
            if other == row or number != claimed[row]:
                continue
            theirs = self._cited_by(statements[other])
            # One source may say two things that differ, and mean both.
            if ours <= theirs or theirs <= ours:
                continue
            found = find_difference(claim, self._claim(statements[other]), self.matcher)
            if found:
                return found
        return None

    def _supporting(self, statement: Statement) -> set[int]:
        """Return the sources that support the statement, each by what is cited of it alone."""
        cited_of: dict[int, list[Cited]] = {}
        for citation in statement.citations:
            cited_of.setdefault(self.sources.of(citation.article), []).append(self.describe(citation))
        supporting = set()
        for source, cited in cited_of.items():
            if is_supported(Claim(statement.text, self.language, tuple(cited)), self.matcher):
                supporting.add(source)
        return supporting

    def _cited_by(self, statement: Statement) -> set[int]:
        return {self.sources.of(citation.article) for citation in statement.citations}

    def _claim(self, statement: Statement) -> Claim:
        return Claim(statement.text, self.language, tuple(map(self.describe, statement.citations)))


def arrange(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return what is agreed first, then what one source says, then conflicts, their versions together."""
    return tuple(sorted(statements, key=_place))


def _place(statement: Statement) -> tuple[int, int]:
    kind = _ORDER.index(statement.agreement) if statement.agreement else -1
    return kind, statement.conflict or 0
