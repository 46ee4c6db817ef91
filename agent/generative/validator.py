"""From candidate statements of a model to statements that may be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from agent import telemetry
from agent.answer.answer import Check, Statement
from agent.answer.citations import check_pointer, cite
from agent.checks import Claim, NameMatcher, check_claim, describe_cited
from agent.generative.answer_json import CandidateStatement
from agent.generative.judging import Judge
from agent.generative.sanitize import LONGEST, find_invented_addresses, sanitize
from agent.generative.sentence_ids import IdentifiedSentence
from vectorstore import UnknownArticleError

if TYPE_CHECKING:
    from agent.generative.run import Run

OnStatement = Callable[[Statement], None]

MOST_CITED = 8
"""Citations of one statement; what a model cites beyond that it has not read for this statement."""


@dataclass(frozen=True, slots=True)
class FailedStatement:
    """A statement that is not shown as it is, and why."""

    candidate: CandidateStatement
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementContext:
    """The question that statements answer, and the languages of both, BCP 47."""

    question: str
    question_language: str
    language: str
    """In which the statements are written."""


class StatementValidator:
    """Shows the statements that are cited and pass every check; the rest of the program sees only those."""

    def __init__(
        self, run: Run, asked: StatementContext, on_statement: OnStatement, judge: Judge | None = None
    ) -> None:
        self._run = run
        self._asked = asked
        self._on_statement = on_statement
        self._judge = judge
        # Names across languages are found by the library's embedder.
        self.names = NameMatcher(run.library.embedder, run.library.center_tokens)
        self._texts: set[str] = set()
        self._claimed: dict[str, int] = {}
        self.shown: list[Statement] = []
        self.failed: list[FailedStatement] = []
        """Statements that failed and have not been corrected."""
        self.uncited = 0
        """Statements that cite nothing the model was shown."""

    def take(self, candidate: CandidateStatement) -> bool:
        """Check one statement, and show it when it passes; True when it did."""
        text = sanitize(candidate.text)
        known = filter(None, map(self._run.ids.resolve, candidate.ids))
        cited = list(dict.fromkeys(known))[:MOST_CITED]
        if not text or not cited:
            self.uncited += 1
            return False
        if text in self._texts:
            return False
        try:
            statement = self._state(text, cited)
            checks = self._check(statement, cited)
        except UnknownArticleError:
            # The article was removed while the model was writing.
            self.uncited += 1
            return False
        reasons = tuple(check.detail or check.name for check in checks if not check.passed)
        if reasons:
            ids = tuple(sentence.id for sentence in cited)
            self.failed.append(FailedStatement(CandidateStatement(text, ids, candidate.conflict), reasons))
            return False
        self.adopt(statement.model_copy(update={"checks": tuple(checks)}), candidate.conflict)
        return True

    def take_repaired(self, candidates: Sequence[CandidateStatement]) -> None:
        """Check what the model wrote in place of what failed; what fails again is not tried again."""
        sent_back, uncited = self.failed, self.uncited
        self.failed = []
        if len(candidates) == len(sent_back):
            # A repair does not ask again what contradicts what.
            candidates = [
                replace(candidate, conflict=candidate.conflict or entry.candidate.conflict)
                for candidate, entry in zip(candidates, sent_back, strict=True)
            ]
        repaired = 0
        try:
            for candidate in candidates[: len(sent_back)]:
                repaired += self.take(candidate)
        finally:
            self.failed, self.uncited = sent_back[repaired:], uncited

    def adopt(self, statement: Statement, conflict: int | None) -> None:
        """Show a statement that has passed its checks."""
        if statement.text in self._texts:
            return
        if conflict is not None:
            self._claimed[statement.text] = conflict
        self._texts.add(statement.text)
        self.shown.append(statement)
        self._on_statement(statement)

    def conflict_of(self, statement: Statement) -> int | None:
        """Return the number the model gives to statements that contradict this one; it is not checked."""
        return self._claimed.get(statement.text)

    @property
    def withheld(self) -> int:
        """Statements that were written and are not shown."""
        return len(self.failed) + self.uncited

    def _state(self, text: str, cited: Sequence[IdentifiedSentence]) -> Statement:
        # Read again from the library, not from the cache: a citation is made of what is stored now.
        load = cache(self._run.library.articles.get)
        citations = tuple(cite(load(entry.article_id), entry.span, entry.role) for entry in cited)
        return Statement(text=text, citations=citations)

    def _check(self, statement: Statement, cited: Sequence[IdentifiedSentence]) -> list[Check]:
        # Pointers, addresses and length first: they are cheap, and the other checks presuppose them.
        checks = []
        for citation in statement.citations:
            pointer = check_pointer(citation, self._run.library.articles.get(citation.article))
            if not pointer.passed:
                checks.append(pointer)
        quotes = [citation.quote for citation in statement.citations]
        invented = find_invented_addresses(statement.text, quotes)
        if invented:
            shown = ", ".join(map("“{}”".format, invented))
            checks.append(Check(name="links", passed=False, detail=f"{shown} is not in what is cited"))
        if len(statement.text) > LONGEST:
            detail = f"it has {len(statement.text)} characters; a statement is one sentence"
            checks.append(Check(name="length", passed=False, detail=detail))
        return checks or self._check_claim(self._make_claim(statement.text, cited))

    def _make_claim(self, text: str, cited: Sequence[IdentifiedSentence]) -> Claim:
        run, described = self._run, []
        for entry in cited:
            article = run.library.articles.get(entry.article_id)
            described.append(describe_cited(article, entry.span, run.load_passages(entry.article_id)))
        return Claim(
            text=text,
            language=self._asked.language,
            cited=tuple(described),
            question=self._asked.question,
            question_language=self._asked.question_language,
        )

    def _check_claim(self, claim: Claim) -> list[Check]:
        """The checks that need no model, then the judge, which adds no check when it cannot judge."""
        with telemetry.span("pullquote.check") as here:
            checks = list(check_claim(claim, self.names))
            failed = [check.name for check in checks if not check.passed]
            here.set({"pullquote.check.passed": not failed, "pullquote.check.failed": failed})
            here.set_content({"pullquote.statement": claim.text})
        judged = self._judge.judge(claim) if self._judge is not None and not failed else None
        return checks if judged is None else [*checks, judged]
