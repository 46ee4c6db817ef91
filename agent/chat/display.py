"""An answer while it is written, and once it is."""

from __future__ import annotations

from agent.answer.answer import Answer, Statement, Step
from agent.answer.numbering import Numbering
from agent.chat.screen import Screen
from agent.generative import Withheld
from agent.render.text import render_answer, render_rest, render_statements
from agent.terminal.safe_text import clean


class Display:
    """Shows one answer: statement by statement where somebody is looking, whole where not."""

    def __init__(self, screen: Screen, numbering: Numbering) -> None:
        """Take the screen and the numbers of the session."""
        self._screen = screen
        self._numbering = numbering
        self._shown: list[Statement] = []
        self.withheld: list[Withheld] = []
        """What failed its checks; for those who ask why, and not shown before."""

    def show_statement(self, statement: Statement) -> None:
        """A statement that has passed its checks."""
        if self._screen.is_terminal:
            self._screen.show(render_statements([statement], numbering=self._numbering))
            self._shown.append(statement)

    def show_step(self, step: Step) -> None:
        """What the model looks for."""
        if self._screen.is_terminal:
            self._screen.say(f"{step.tool.replace('_', ' ')}: {clean(step.query)}")

    def finish(self, answer: Answer) -> None:
        """Whatever of the answer is not on the screen yet."""
        shown = [statement.identity for statement in self._shown]
        if shown and shown == [statement.identity for statement in answer.statements[: len(shown)]]:
            rest = answer.statements[len(shown) :]
            if rest:
                self._screen.show(render_statements(rest, numbering=self._numbering))
            self._screen.show(render_rest(answer, is_last=False, numbering=self._numbering))
        else:
            self._screen.show(render_answer(answer, is_last=False, numbering=self._numbering))
