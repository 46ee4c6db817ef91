"""An answer shown while a model writes it."""

from __future__ import annotations

import sys

from agent.answer.answer import Answer, Statement, Step
from agent.render.text import render_statements
from agent.terminal.output import print_notice, print_text
from agent.terminal.safe_text import clean


class LiveAnswer:
    """Prints statements as they pass their checks, on a terminal."""

    def __init__(self, *, is_live: bool) -> None:
        self._is_live = is_live and sys.stdout.isatty()
        self._shown: list[Statement] = []
        self._next = 1

    def show_statement(self, statement: Statement) -> None:
        """One more line of the answer."""
        if self._is_live:
            print_text(render_statements([statement], self._next))
        self._next += len(statement.citations)
        self._shown.append(statement)

    def show_step(self, step: Step) -> None:
        """What the model looks for, on a terminal's stderr."""
        if self._is_live and sys.stderr.isatty():
            print_notice(f"{step.tool.replace('_', ' ')}: {clean(step.query)}")

    def has_shown(self, answer: Answer) -> bool:
        """Whether the answer's statements are on the screen already, with their right numbers."""
        shown = [statement.identity for statement in self._shown]
        return self._is_live and bool(shown) and shown == [each.identity for each in answer.statements]
