"""A model at the command line: made from settings and flags, and shown while it writes."""

from __future__ import annotations

import sys

import typer

from agent.answer.answer import Answer, Statement, Step
from agent.generative import Writer
from agent.generative.judge_model import connect_judge
from agent.llm import ChatModel
from agent.render.text import clean, render_statements
from agent.settings.answering import Translate
from agent.settings.loading import Settings
from agent.terminal.output import print_notice, print_text
from vectorstore.model.errors import SetupError

HOW_TO_ADD = "set OPENAI_API_KEY, or: pullquote config set model.base_url http://127.0.0.1:8080/v1"


class Display:
    """Prints statements as they pass their checks, where somebody is looking."""

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
        """Whether the answer's statements stand on the screen already, with their right numbers."""
        shown = [statement.identity for statement in self._shown]
        return self._is_live and bool(shown) and shown == [each.identity for each in answer.statements]


def make_writer(
    settings: Settings,
    name: str | None,
    language: str | None,
    budget_tokens: int | None,
    display: Display,
    *,
    translate: bool | None = None,
) -> Writer | None:
    """The model of the settings with the flags on top; None when there is none.

    `translate` is whether quotes get translations beside them, None for as the settings say.

    Raises:
        SetupError: a flag asks for a model and no server is known.
        BadParameter: the language is none.
    """
    from vectorstore import UNDETERMINED, to_bcp47

    configured = settings.model.model_copy(update={"name": name}) if name else settings.model
    model = ChatModel.connect(configured, settings.cache.expanduser())
    if model is None:
        if name or language or budget_tokens:
            raise SetupError(f"There is no server to ask a model of. Next: {HOW_TO_ADD}")
        return None
    tag = to_bcp47(language) if language else None
    if tag == UNDETERMINED:
        raise typer.BadParameter(
            f"{language!r} is not a language code like nl.", param_hint="--answer-language"
        )
    limits = settings.agent
    if budget_tokens:
        limits = limits.model_copy(update={"max_tokens": budget_tokens})
    if translate is not None:
        chosen = Translate.ALWAYS if translate else Translate.NEVER
        limits = limits.model_copy(update={"translate": chosen})
    judge = connect_judge(settings.checks, settings.model, settings.cache.expanduser())
    return Writer(model, limits, tag, display.show_statement, display.show_step, judge)
