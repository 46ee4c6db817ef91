"""What a run says on stderr."""

from __future__ import annotations

import io
import re
from decimal import Decimal

from agent.answer.answer import Usage
from eval.runs.progress import RunProgress
from tests.eval.runs.rows import quote, row, say


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d+ s an", "N s an", text)


def test_a_log_gets_a_line_every_tenth() -> None:
    stream = io.StringIO()
    progress = RunProgress(stream, "seed", 30)
    for number in range(30):
        progress.show(row(f"c{number}", quote()))
    progress.close()
    lines = without_times(stream.getvalue()).splitlines()
    assert lines == [f"seed: {done} of 30 · N s an answer" for done in range(3, 31, 3)]


def test_cost_failures_and_what_was_kept_are_told() -> None:
    stream = io.StringIO()
    progress = RunProgress(stream, "seed", 4)
    usage = Usage(prompt_tokens=1000, completion_tokens=50, cost=Decimal("0.0015"))
    paid = row("c1", say("The harbour did not burn.").model_copy(update={"usage": usage}))
    for each in (paid, paid.model_copy(update={"reused": True}), row("c3", None, failure="x"), paid):
        progress.show(each)
    assert without_times(stream.getvalue()).splitlines()[-1] == (
        "seed: 4 of 4 · N s an answer · 2,100 tokens, $0.0030 so far · 1 cached from before · 1 failed"
    )


def test_a_terminal_has_one_line() -> None:
    stream = Terminal()
    progress = RunProgress(stream, "seed", 2, done=1)
    progress.show(row("c1", quote()))
    progress.close()
    assert without_times(stream.getvalue()) == "\r\x1b[Kseed: 2 of 2 · N s an answer\n"
