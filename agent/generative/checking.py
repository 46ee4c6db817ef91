"""Statements put to the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from agent.answer.answer import Check
from agent.answer.citations import LoadArticle
from agent.checks import Claim, TokenNameMatcher, check_claim, describe_cited
from agent.generative.labels import Labelled
from agent.telemetry import span
from vectorstore import Library, Passage

if TYPE_CHECKING:
    from agent.generative.judging import Judge

LoadPassages = Callable[[str], Sequence[Passage]]


class CheckStatement(Protocol):
    """Judges one statement against what it cites; every outcome is returned, passed or not."""

    def __call__(self, claim: Claim, /) -> Sequence[Check]: ...


def make_claim(
    text: str,
    language: str,
    cited: Sequence[Labelled],
    question: tuple[str, str],
    load: LoadArticle,
    load_passages: LoadPassages,
) -> Claim:
    """The statement as the checks take it; `question` comes with its language."""
    return Claim(
        text=text,
        language=language,
        cited=tuple(
            describe_cited(load(sentence.article_id), sentence.span, load_passages(sentence.article_id))
            for sentence in cited
        ),
        question=question[0],
        question_language=question[1],
    )


def make_check(library: Library, judge: Judge | None = None) -> CheckStatement:
    """The checks that need no model, names across languages by the library's embedder; then the `judge`.

    It is asked about statements that pass all the others, and adds no check about one it cannot judge.
    """
    matcher = TokenNameMatcher(library.embedder, library.center_tokens)

    def check(claim: Claim) -> Sequence[Check]:
        with span("pullquote.check") as here:
            checks = check_claim(claim, matcher)
            failed = [outcome.name for outcome in checks if not outcome.passed]
            here.set({"pullquote.check.passed": not failed, "pullquote.check.failed": failed})
            here.tell({"pullquote.statement": claim.text})
        if judge is None or not all(outcome.passed for outcome in checks):
            return checks
        judged = judge.judge(claim)
        return checks if judged is None else (*checks, judged)

    return check
