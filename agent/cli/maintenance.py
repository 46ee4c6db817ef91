"""Commands on the set-up: `doctor`, `config`."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import DebugOption, JsonOption, LibraryOption, open_library, read_settings
from agent.cli.output import print_line, print_notice

BROKEN = 2


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(doctor)
    app.command()(config)


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what can be rebuilt.")] = False,
    library: LibraryOption = None,
    debug: DebugOption = False,
) -> None:
    """Check the library: its database, its index, and that every passage stands in its article."""
    with open_library(read_settings(library), writable=repair) as opened:
        findings = opened.doctor(repair=repair)
    for finding in findings:
        print_line(str(finding))
    broken = [finding for finding in findings if not finding.is_well]
    if broken:
        if not repair:
            print_notice("Try: pullquote doctor --repair")
        raise typer.Exit(BROKEN)


def config(
    as_json: JsonOption = False,
    library: LibraryOption = None,
    debug: DebugOption = False,
) -> None:
    """List the settings in force, and where each comes from."""
    from agent.places import find_places
    from agent.settings_report import report_settings, report_settings_as_json

    settings, flags = read_settings(library), {"library": library} if library else {}
    print_notice(f"settings file: {find_places().settings_file}")
    if as_json:
        print_line(report_settings_as_json(settings, flags))
    else:
        print_line(report_settings(settings, flags))
