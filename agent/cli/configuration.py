"""`config`, and what belongs under it: `set`, `unset`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agent.cli.options import DebugOption, JsonOption, read_flags, read_settings, with_common_options
from agent.settings.paths import find_paths
from agent.terminal.output import print_notice

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="As `pullquote config` lists it, such as answer.quotes.")
]


def make_app() -> typer.Typer:
    """Return the command `config` with those under it."""
    config = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
    config.callback()(with_common_options(list_settings))
    # So that a value may begin with a dash.
    config.command("set", context_settings={"ignore_unknown_options": True})(set_value)
    config.command("unset")(unset_value)
    return config


def list_settings(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the settings in force, and where each comes from; or change the settings file."""
    if context.invoked_subcommand is not None:
        return
    from agent.settings.listing import report_settings

    settings, flags = read_settings(), read_flags()
    print_notice(f"settings file: {find_paths().settings_file}")
    print(report_settings(settings, flags, as_json=as_json))


def set_value(
    name: NameArgument,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]",
            help="Asked for when it is left out, so that a key need not be in the shell's history.",
        ),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Write a value into the settings file, once it is known to be a good one."""
    from agent.settings.editing import set_setting
    from agent.settings.loading import find_source, is_secret

    if value is None and sys.stdin.isatty():
        value = str(typer.prompt(name, hide_input=is_secret(name), err=True))
    elif value is None:
        value = sys.stdin.readline().rstrip("\r\n")
    set_setting(name, value)
    file = find_paths().settings_file
    print_notice(f"{name} is set in {file}")
    source = find_source(name, {})
    if source != str(file):
        print_notice(f"{source} is set too, and goes before the file.")


def unset_value(name: NameArgument, debug: DebugOption = False) -> None:
    """Take a value out of the settings file."""
    from agent.settings.editing import unset_setting

    change = "is no longer set" if unset_setting(name) else "is not set"
    print_notice(f"{name} {change} in {find_paths().settings_file}")
