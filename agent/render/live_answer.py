"""An answer shown while a model writes it: statement by statement as they pass their checks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from rich.text import Text

from agent.answer.answer import Answer, Citation, Statement, Step
from agent.answer.numbering import Numbering
from agent.answer.styles import Style
from agent.answer.view import view_answer, view_statements
from agent.render.text import render_answer, render_rest, render_statements
from agent.terminal.safe_text import clean


class LiveAnswer:
    """Shows statements as they come, where somebody is looking, and in the end what is not shown yet."""

    def __init__(
        self,
        show: Callable[[Text], None],
        say: Callable[[str], None] | None,
        numbering: Numbering | None = None,
        *,
        is_live: bool,
    ) -> None:
        """Take where to show it.

        Args:
            show: Prints a part of the answer.
            say: Prints what the model looks for; None where that is not wanted.
            numbering: The session's; without it citations count from 1.
            is_live: Whether to show anything before the answer is finished.
        """
        self._show = show
        self._say = say
        self._numbering = numbering
        self._is_live = is_live
        self._shown: list[Statement] = []
        self._count = count(1)

    def show_statement(self, statement: Statement) -> None:
        """Show a statement that has passed its checks."""
        if self._is_live:
            self._show_statements((statement,))
            self._shown.append(statement)

    def show_step(self, step: Step) -> None:
        """Say what the model looks for."""
        if self._is_live and self._say is not None:
            self._say(f"{step.tool.replace('_', ' ')}: {clean(step.query)}")

    def finish(self, answer: Answer, *, is_last: bool, style: Style = Style.BULLETS) -> None:
        """Show what of the answer is not shown yet; `is_last` and `style` as for `render_answer`."""
        numbers = self._numbering.numbers_of(answer) if self._numbering else ()
        view = view_answer(answer, numbers)
        shown = [statement.identity for statement in self._shown]
        if not shown or shown != [each.identity for each in answer.statements[: len(shown)]]:
            self._show(render_answer(view, is_last=is_last, style=style))
            return
        if rest := answer.statements[len(shown) :]:
            self._show_statements(rest)
        self._show(render_rest(view, is_last=is_last))

    def _show_statements(self, statements: tuple[Statement, ...]) -> None:
        numbers = [self._number(each) for statement in statements for each in statement.citations]
        self._show(render_statements(view_statements(statements, numbers)))

    def _number(self, citation: Citation) -> int:
        return self._numbering.number(citation) if self._numbering else next(self._count)
