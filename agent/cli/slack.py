"""The command that runs the Slack bot: `slack`."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import open_library, read_settings
from agent.terminal.output import print_line, print_notice


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
        print_line(read_manifest().rstrip())
        return
    settings = read_settings()
    if cases:
        from agent.slack.cases import draft_cases

        with open_library(settings) as opened:
            for line in draft_cases(opened):
                print_line(line)
        return
    find_credentials(settings.slack)
    from agent.slack.run import run_bot

    run_bot(settings, print_notice)
