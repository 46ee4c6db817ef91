"""The audit finds what it is there to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.answer.answer import Answer, Check, Mode, Statement, Usage
from agent.answer.citations import recheck
from agent.generative import AgentSettings
from bench.local_model.audit import AuditFault, AuditFinding, Auditor
from tests.agent.newsroom import Newsroom, make_answer, quote
from vectorstore import Embedder, Library, LibrarySettings

NEWS = "The Norwegian minister warned of 14 floods.\n\nNobody in Bergen was hurt on Monday.\n"
WORDS = "Nobody in Bergen was hurt on Monday."


@pytest.fixture
def newsroom(tmp_path: Path, cache: Path, embedder: Embedder) -> Iterator[Newsroom]:
    folder = tmp_path / "news"
    folder.mkdir()
    settings = LibrarySettings(path=tmp_path / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as library:
        yield Newsroom(library, folder)


@pytest.fixture
def auditor(newsroom: Newsroom) -> Auditor:
    return Auditor(newsroom.library, newsroom.database, AgentSettings(max_calls=2, max_tokens=1000))


@pytest.fixture
def answer(newsroom: Newsroom) -> Answer:
    """A model's, as it should be: what it says stands there, and both checks and pointers were looked at."""
    said = quote(newsroom.publish("news.txt", NEWS), WORDS)
    names = ("dates", "names", "negation")
    said = said.model_copy(update={"checks": tuple(Check(name=name, passed=True) for name in names)})
    made = make_answer(newsroom.library, said).model_copy(update={"mode": Mode.AGENT, "language": "en"})
    return recheck(made, newsroom.library.articles.get)


def find(
    auditor: Auditor, answer: Answer, streamed: tuple[Statement, ...] = (), seconds: float = 1
) -> list[AuditFinding]:
    return auditor.find_faults(answer, streamed, "en", seconds)


def change(answer: Answer, statement: Statement) -> Answer:
    return answer.model_copy(update={"statements": (statement,)})


def change_citation(answer: Answer, **fields: object) -> Answer:
    (said,) = answer.statements
    cited = said.citations[0].model_copy(update=fields)
    return change(answer, said.model_copy(update={"citations": (cited,)}))


def test_nothing_is_wrong_with_a_checked_answer(auditor: Auditor, answer: Answer) -> None:
    assert find(auditor, answer, answer.statements, seconds=99) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"article": "0" * 16}, "no such article"),
        ({"start": 1, "end": 1 + len(WORDS)}, "other words than quoted"),
        ({"end": 1000}, "outside the article"),
        ({"quote": WORDS.replace("Nobody", "Somebod")}, "other words than quoted"),
    ],
)
def test_a_citation_that_does_not_stand_is_found(
    auditor: Auditor, answer: Answer, fields: dict[str, object], problem: str
) -> None:
    (finding,) = find(auditor, change_citation(answer, **fields))
    assert finding.fault is AuditFault.CITATION
    assert finding.detail.startswith(f"{problem}: ")


@pytest.mark.parametrize(
    ("text", "checks", "detail"),
    [
        (WORDS, (Check(name="dates", passed=False),), "shown although dates failed"),
        (WORDS, (), "0 of 1 citations were compared with the store"),
        (WORDS, (Check(name="pointer", passed=True),), "never put to dates, names, negation"),
        (
            "Somebody in Oslo was hurt on Monday.",
            tuple(Check(name=name, passed=True) for name in ("pointer", "dates", "names", "negation")),
            "fails names, negation when checked again",
        ),
    ],
)
def test_a_statement_that_was_not_checked_is_found(
    auditor: Auditor, answer: Answer, text: str, checks: tuple[Check, ...], detail: str
) -> None:
    said = answer.statements[0].model_copy(update={"text": text, "checks": checks})
    assert find(auditor, change(answer, said)) == [
        AuditFinding(AuditFault.UNCHECKED, f"{detail}: {text[:60]!r}")
    ]


def test_a_quote_says_its_quote(auditor: Auditor, answer: Answer) -> None:
    said = answer.statements[0].model_copy(update={"text": "All is well."})
    quoted = change(answer, said).model_copy(update={"mode": Mode.QUOTES})
    assert find(auditor, quoted) == [AuditFinding(AuditFault.UNCHECKED, "is not its quote: 'All is well.'")]


def test_a_translation_may_come_after_what_was_shown(auditor: Auditor, answer: Answer) -> None:
    assert (
        find(auditor, change_citation(answer, translation="Niemand raakte gewond."), answer.statements) == []
    )


def test_what_was_shown_and_taken_back_is_found(auditor: Auditor, answer: Answer) -> None:
    early = answer.statements[0].model_copy(update={"text": "Somebody was hurt."})
    assert find(auditor, answer, (early,)) == [AuditFinding(AuditFault.STREAMED, "Somebody was hurt.")]


def test_what_a_budget_does_not_allow_is_found(auditor: Auditor, answer: Answer) -> None:
    greedy = answer.model_copy(
        update={"usage": Usage(model_calls=3, prompt_tokens=800, completion_tokens=201)}
    )
    assert find(auditor, greedy, seconds=101) == [
        AuditFinding(AuditFault.BUDGET, "3 calls of 2"),
        AuditFinding(AuditFault.BUDGET, "1001 tokens of 1000"),
        AuditFinding(AuditFault.BUDGET, "101.0 seconds of 90"),
    ]
