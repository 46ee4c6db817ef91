"""The command `chat`, which is also what `pullquote` alone does: the REPL."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli import options


def chat(
    goes_on: Annotated[
        bool, typer.Option("--continue", "-c", help="Continue the last session, its numbers and filters.")
    ] = False,
    session: Annotated[
        str | None, typer.Option("--session", metavar="NAME", help="Continue this session, or begin it.")
    ] = None,
    model: options.ModelOption = None,
    no_model: options.NoModelOption = False,
    answer_language: options.AnswerLanguageOption = None,
    budget_tokens: options.BudgetOption = None,
) -> None:
    """Chat: follow-ups, numbered sources, /help. From a pipe, one question a line."""
    from agent.chat import ChatSession, Screen, find_last_session, run_chat
    from agent.settings.paths import find_paths

    if goes_on and session is not None:
        raise typer.BadParameter(
            "--continue takes the last session, --session names one; give one of the two."
        )
    settings = options.read_settings()
    writer = options.make_writer(
        settings, no_model=no_model, name=model, language=answer_language, budget_tokens=budget_tokens
    )
    screen = Screen()
    if goes_on:
        session = find_last_session(settings)
        if session is None:
            screen.say("There is no session to continue yet; this one is new.")
    chat = ChatSession(settings, screen, writer, session=session)
    try:
        code = run_chat(chat, find_paths().history, debug=options.is_debugging())
    finally:
        chat.close()
    if code:
        raise typer.Exit(code)
