"""Runs made of plain rows: no library, no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.answer.answer import Answer, Citation, Mode, Statement, Verdict
from agent.extractive.quotes import state_quote
from eval.judge.scoring import score_run
from eval.runs.folder import ScoredRun, begin_run
from eval.runs.rows import (
    AnswerRow,
    ArticleRow,
    Environment,
    Ranked,
    RunManifest,
    SuiteIdentity,
    SystemIdentity,
)
from eval.suites.cases import Case, GoldPlace, PlannedCase

TEXT = "The harbour did not burn. Lund paid 40 crowns in May."
FIRST, SECOND = "The harbour did not burn.", "Lund paid 40 crowns in May."
HASH = "0" * 64
NOON = datetime(2025, 5, 13, 12, tzinfo=UTC)
ARTICLE = ArticleRow(id="a" * 16, text=TEXT, language="en", outlet="The Courier", key="a.md")


def cite(quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation(
        article=ARTICLE.id,
        start=start,
        end=start + len(quote),
        quote=quote,
        outlet=ARTICLE.outlet,
        language="en",
    )


def plan(number: int, *, cluster: str | None = None, **fields: object) -> PlannedCase:
    """A case whose gold is the first sentence, or as `fields` say."""
    parts: dict[str, object] = {
        "id": f"c{number}",
        "question": "Did the harbour burn?",
        "language": "en",
        "gold": [{"article": "a.md", "quote": FIRST}],
    }
    case = Case.model_validate(parts | fields)
    start = TEXT.index(FIRST)
    gold = GoldPlace(article=ARTICLE.id, start=start, end=start + len(FIRST), quote=FIRST, fact="#0")
    return PlannedCase(
        case=case,
        gold=(gold,) if case.gold else (),
        cluster=cluster or case.id,
        library="articles",
        article_language="en",
    )


def answer(*statements: Statement, mode: Mode = Mode.QUOTES, confidence: float = 0.9) -> Answer:
    return Answer(
        question="Did the harbour burn?",
        mode=mode,
        verdict=Verdict.ANSWERED if statements else Verdict.NOT_FOUND,
        confidence=confidence,
        statements=statements,
        language="en",
        generation=1,
    )


def say(text: str, quote: str = FIRST) -> Answer:
    """A model's answer of one statement."""
    return answer(Statement(text=text, citations=(cite(quote),)), mode=Mode.AGENT)


def quote(words: str = FIRST) -> Answer:
    return answer(state_quote(cite(words)))


def row(case: str, given: Answer | None = None, *, repeat: int = 0, failure: str | None = None) -> AnswerRow:
    """An answer whose ranking is what it cites."""
    cited = [c for s in given.statements for c in s.citations] if given is not None else []
    return AnswerRow(
        case=case,
        repeat=repeat,
        asked=NOON,
        answer=given,
        ranking=tuple(Ranked(article=c.article, start=c.start, end=c.end, score=1.0) for c in cited),
        failure=failure,
    )


def manifest(folder: str, cases: int, **suite: object) -> RunManifest:
    parts: dict[str, object] = {"name": "plain", "sha256": HASH, "library": HASH, "gate": ("passed",)}
    return RunManifest(
        id=folder,
        created=NOON,
        identity=HASH,
        suite=SuiteIdentity.model_validate(parts | suite),
        system=SystemIdentity(pullquote="0", code=HASH, embedder="e5"),
        environment=Environment(python="3", platform="test", processors=1),
        repeats=1,
        cases=cases,
    )


def make_run(
    out: Path, folder: str, cases: Sequence[PlannedCase], rows: Sequence[AnswerRow], **suite: object
) -> ScoredRun:
    """A finished and scored run on the disk."""
    run = begin_run(out, manifest(folder, len(cases), **suite), cases)
    for each in rows:
        run.add(each, [ARTICLE])
    run.finish()
    return score_run(run.folder)


def make_runs(
    out: Path, size: int, after: Callable[[int], AnswerRow], **suite: object
) -> tuple[ScoredRun, ScoredRun]:
    """A run that gets everything right, and one of the same cases as `after` has it."""
    cases = [plan(number) for number in range(size)]
    right = [row(f"c{number}", quote()) for number in range(size)]
    return (
        make_run(out, "before", cases, right, **suite),
        make_run(out, "after", cases, [after(number) for number in range(size)], **suite),
    )
