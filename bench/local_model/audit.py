"""Whether an answer keeps its promises, found out without the code that makes them.

The store is read by `sqlite3` and cut here, the article's id is recomputed, and each statement of a model is
put to the checks a second time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.answer.answer import Answer, Citation, Mode, Statement
from agent.checks import Cited, Claim, NameMatcher, check_claim
from agent.generative import AgentSettings
from vectorstore import Library

GRACE_SECONDS = 10.0
"""Beyond `agent.max_seconds`: the search before it begins and the checks after, on a busy machine."""


class AuditFault(StrEnum):
    """A promise that an answer has broken."""

    CITATION = "invalid citations"
    UNCHECKED = "unchecked statements"
    STREAMED = "statements shown and taken back"
    BUDGET = "answers past their budget"
    CRASH = "crashes"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One broken promise, in words."""

    fault: AuditFault
    detail: str


class Auditor:
    """Looks answers of one library over."""

    def __init__(self, library: Library, database: Path, settings: AgentSettings) -> None:
        """Take the library, the file it is kept in, and the budget of an answer."""
        self._library = library
        self._database = database
        self._settings = settings
        self._matcher = NameMatcher(library.embedder, library.center_tokens)

    def find_faults(
        self, answer: Answer, streamed: Sequence[Statement], asked_in: str, seconds: float
    ) -> list[AuditFinding]:
        """Everything that is wrong with an answer that took `seconds`.

        Args:
            answer: as a face gets it.
            streamed: what was shown while it was written.
            asked_in: the language its statements were asked for, BCP 47.
            seconds: of the wall clock, search and checks included.
        """
        found = [
            AuditFinding(AuditFault.CITATION, f"{problem}: {citation.quote[:60]!r}")
            for citation in answer.citations()
            if (problem := self._find_problem(citation))
        ]
        for statement in answer.statements:
            if any(map(self._find_problem, statement.citations)):
                continue  # There is nothing to check it against.
            if problem := self._find_unchecked(statement, answer, asked_in):
                found.append(AuditFinding(AuditFault.UNCHECKED, f"{problem}: {statement.text[:60]!r}"))
        final = [_identify(statement) for statement in answer.statements]
        for statement in streamed:
            if _identify(statement) not in final:
                found.append(AuditFinding(AuditFault.STREAMED, statement.text[:60]))
        found += [AuditFinding(AuditFault.BUDGET, excess) for excess in self._find_excess(answer, seconds)]
        return found

    def _find_problem(self, citation: Citation) -> str | None:
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as store:
            row = store.execute("select text from texts where article_id = ?", [citation.article]).fetchone()
        if row is None:
            return "no such article"
        text = str(row[0])
        if hashlib.sha256(text.encode()).hexdigest()[:16] != citation.article:
            return "another text than the one cited"
        if not 0 <= citation.start < citation.end <= len(text):
            return "outside the article"
        return None if text[citation.start : citation.end] == citation.quote else "other words than quoted"

    def _find_unchecked(self, statement: Statement, answer: Answer, asked_in: str) -> str | None:
        if not statement.citations:
            return "cites nothing"
        failed = [check.name for check in statement.checks if not check.passed]
        if failed:
            return f"shown although {', '.join(failed)} failed"
        pointers = sum(check.name == "pointer" for check in statement.checks)
        if pointers != len(statement.citations):
            return f"{pointers} of {len(statement.citations)} citations were compared with the store"
        if answer.mode is not Mode.AGENT:
            return None if all(c.quote in statement.text for c in statement.citations) else "is not its quote"
        again = check_claim(self._make_claim(statement, answer, asked_in), self._matcher)
        recorded = {check.name for check in statement.checks} - {"pointer"}
        if missed := {check.name for check in again} - recorded:
            return f"never put to {', '.join(sorted(missed))}"
        failed = [check.name for check in again if not check.passed]
        return f"fails {', '.join(failed)} when checked again" if failed else None

    def _make_claim(self, statement: Statement, answer: Answer, asked_in: str) -> Claim:
        cited = []
        for citation in statement.citations:
            article = self._library.articles.get(citation.article)
            around = next(
                (
                    article.text[passage.span.start : passage.span.end]
                    for passage in self._library.passages.of_article(citation.article)
                    if passage.span.start <= citation.start and citation.end <= passage.span.end
                ),
                citation.quote,
            )
            published = article.published.at.date() if article.published else None
            about = tuple(part for part in (article.title, article.outlet, *article.authors) if part)
            cited.append(Cited(citation.quote, article.language, around, published, about))
        return Claim(statement.text, asked_in, tuple(cited), answer.question, answer.language)

    def _find_excess(self, answer: Answer, seconds: float) -> list[str]:
        usage, allowed = answer.usage, self._settings
        tokens = usage.prompt_tokens + usage.completion_tokens
        excess = []
        if usage.model_calls > allowed.max_calls:
            excess.append(f"{usage.model_calls} calls of {allowed.max_calls}")
        if tokens > allowed.max_tokens:
            excess.append(f"{tokens} tokens of {allowed.max_tokens}")
        if seconds > allowed.max_seconds + GRACE_SECONDS:
            excess.append(f"{seconds:.1f} seconds of {allowed.max_seconds:.0f}")
        return excess


def _identify(statement: Statement) -> tuple[str, list[tuple[str, int, int, str]]]:
    """What a reader must find again: the words and the places; a translation comes later."""
    return statement.text, [(c.article, c.start, c.end, c.quote) for c in statement.citations]
