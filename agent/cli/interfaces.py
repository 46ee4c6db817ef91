"""Commands that run an interface until it ends: `slack`, and `chat`, which `pullquote` alone runs too."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli import options
from agent.terminal.output import print_notice


def chat(
    goes_on: Annotated[
        bool, typer.Option("--continue", "-c", help="Continue the last session, its numbers and filters.")
    ] = False,
    session: Annotated[
        str | None, typer.Option("--session", metavar="NAME", help="Continue this session, or begin it.")
    ] = None,
    *,
    writing: options.ModelOptions,
) -> None:
    """Chat: follow-ups, numbered sources, /help. From a pipe, one question a line."""
    from agent.chat import ChatSession, Screen, find_last_session, run_chat
    from agent.settings.paths import find_paths

    if goes_on and session is not None:
        raise typer.BadParameter(
            "--continue takes the last session, --session names one; give one of the two."
        )
    settings = options.read_settings()
    writer = writing.make_writer(settings)
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


def slack(
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Print the manifest that creates the Slack app, and end.")
    ] = False,
    cases: Annotated[
        bool,
        typer.Option(
            "--cases", help="Print the answers readers gave a thumb to, as draft cases for `eval`, and end."
        ),
    ] = False,
) -> None:
    """Answer a team in Slack until stopped; "Slack" in the README has the five steps to set it up."""
    from agent.slack.setup import find_credentials, read_manifest

    if manifest:
        print(read_manifest().rstrip())
        return
    settings = options.read_settings()
    if cases:
        from agent.slack.cases import draft_cases

        with options.open_library(settings) as opened:
            for line in draft_cases(opened):
                print(line)
        return
    # Before slack_bolt and the library are loaded, which takes seconds.
    find_credentials(settings.slack)
    from agent.slack.run import run_bot

    run_bot(settings, print_notice)
