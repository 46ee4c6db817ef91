"""Questions put to the agent, each answer looked over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent import ask
from agent.answer.answer import Answer, Mode, Statement
from agent.generative import AgentSettings, Writer
from agent.llm import ChatModel
from bench.local_model.audit import AuditFault, AuditFinding, Auditor
from bench.questions import BenchQuestion
from vectorstore import Library

SMALL = AgentSettings(
    max_calls=4,
    max_tokens=6000,
    max_seconds=60,
    max_answer_tokens=150,
    evidence=3,
    evidence_tokens=120,
)
"""What an answer may take here: a model of 135 million parameters reads 300 tokens a second and understands
none of them."""


@dataclass(slots=True)
class Tally:
    """What came of the questions."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """By verdict of a model's answer, or `quotes` when the model could not be used."""
    statements: int = 0
    """Written by the model and shown."""
    withheld: int = 0
    citations: int = 0
    calls: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[tuple[BenchQuestion, AuditFinding]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """Questions put, those that crashed included."""
        return len(self.seconds)

    def count(self, fault: AuditFault) -> int:
        """How often a promise was broken."""
        return sum(finding.fault is fault for _, finding in self.faults)

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        is_written = answer.mode is Mode.AGENT
        self.outcomes[answer.verdict.value if is_written else "quotes"] += 1
        self.statements += len(answer.statements) if is_written else 0
        self.withheld += answer.withheld
        self.citations += len(answer.citations())
        self.calls.append(answer.usage.model_calls)
        self.tokens.append(answer.usage.prompt_tokens + answer.usage.completion_tokens)


def put_questions(
    library: Library,
    database: Path,
    questions: Sequence[BenchQuestion],
    model: ChatModel,
    settings: AgentSettings = SMALL,
    on_answer: Callable[[BenchQuestion, Answer], object] = lambda asked, answer: None,
) -> Tally:
    """Ask every question as `pullquote ask` does, and look every answer over.

    Whatever is raised is a crash, even what a face would have told the user of: nothing is wrong with these
    questions.
    """
    tally = Tally()
    auditor = Auditor(library, database, settings)
    for asked in questions:
        streamed: list[Statement] = []
        writer = Writer(model, settings, on_statement=streamed.append)
        began = time.perf_counter()
        try:
            answer = ask(library, asked.text, writer=writer)
        except Exception as error:
            tally.faults.append((asked, AuditFinding(AuditFault.CRASH, f"{type(error).__name__}: {error}")))
            tally.seconds.append(time.perf_counter() - began)
            continue
        tally.seconds.append(time.perf_counter() - began)
        tally.add(answer)
        faults = auditor.find_faults(answer, streamed, answer.language, tally.seconds[-1])
        tally.faults += [(asked, finding) for finding in faults]
        on_answer(asked, answer)
    return tally
