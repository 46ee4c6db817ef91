"""An answer shown while a model writes it: statement by statement as they pass their checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from rich.text import Text

from agent.answer.answer import Answer, Citation, Statement, Step
from agent.answer.numbering import Numbering
from agent.answer.styles import Style
from agent.answer.view import begins_with, view_answer, view_statements
from agent.render.text import render_answer, render_rest, render_statements
from agent.terminal.safe_text import clean


@dataclass(slots=True)
class LiveAnswer:
    """Shows statements as they come, where somebody is looking, and in the end what is not shown yet."""

    show: Callable[[Text], None]
    """Prints a part of the answer."""
    say: Callable[[str], None] | None
    """Prints what the model looks for; None where that is not wanted."""
    numbering: Numbering | None = None
    """The session's; without it citations count from 1."""
    is_live: bool = field(kw_only=True)
    """Whether to show anything before the answer is finished."""
    _shown: list[Statement] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=lambda: count(1))

    def show_statement(self, statement: Statement) -> None:
        """Show a statement that has passed its checks."""
        if self.is_live:
            self._show_statements((statement,))
            self._shown.append(statement)

    def show_step(self, step: Step) -> None:
        """Say what the model looks for."""
        if self.is_live and self.say is not None:
            self.say(f"{step.tool.replace('_', ' ')}: {clean(step.query)}")

    def finish(self, answer: Answer, *, is_last: bool, style: Style = Style.BULLETS) -> None:
        """Show what of the answer is not shown yet; `is_last` and `style` as for `render_answer`."""
        numbers = self.numbering.numbers_of(answer) if self.numbering else ()
        view = view_answer(answer, numbers)
        # A re-check at the end may have withheld what was shown: then all is shown again.
        if not self._shown or not begins_with(answer, self._shown):
            self.show(render_answer(view, is_last=is_last, style=style))
            return
        if rest := answer.statements[len(self._shown) :]:
            self._show_statements(rest)
        self.show(render_rest(view, is_last=is_last))

    def _show_statements(self, statements: tuple[Statement, ...]) -> None:
        numbers = [self._number(each) for statement in statements for each in statement.citations]
        self.show(render_statements(view_statements(statements, numbers)))

    def _number(self, citation: Citation) -> int:
        return self.numbering.number(citation) if self.numbering else next(self._count)
