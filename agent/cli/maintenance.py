"""Commands on the library's health: `doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import open_library, read_settings, with_common_options
from agent.terminal.output import print_line, print_notice

BROKEN = 2


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(with_common_options(doctor))


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what can be rebuilt.")] = False,
) -> None:
    """Check the library: its database, its index, and that every passage stands in its article."""
    with open_library(read_settings(), writable=repair) as opened:
        findings = opened.doctor(repair=repair)
    for finding in findings:
        print_line(str(finding))
    broken = [finding for finding in findings if not finding.is_well]
    if broken:
        if not repair:
            print_notice("Try: pullquote doctor --repair")
        raise typer.Exit(BROKEN)
