"""The command `pullquote`: global options, and what becomes of errors.

Exit codes: 0 done, 1 a negative result asked for with `--fail`, 2 bad usage or a broken set-up, 130 stopped
by Ctrl-C. Answers go to stdout, everything else to stderr.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import entry_points, version
from typing import Annotated

import typer

from agent import telemetry
from agent.cli import answers, articles, configuration, history, interfaces, maintenance
from agent.cli.options import DebugOption, LibraryOption, ModelOptions, remember_globals, with_common_options
from agent.terminal.interrupts import repeated_interrupts
from agent.terminal.output import Lookalikes
from agent.terminal.safe_text import clean_lines
from vectorstore import PullquoteError

STOPPED = 130
BROKEN = 2

app = typer.Typer(
    name="pullquote",
    help="Questions and summaries over news articles in any language, every sentence tied to an exact quote.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pullquote {version('pullquote')}")
        raise typer.Exit


@app.callback()
def _set_globals(
    context: typer.Context,
    library: LibraryOption = None,
    debug: DebugOption = False,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    remember_globals(library, debug)
    if context.invoked_subcommand is None:
        interfaces.chat(writing=ModelOptions())


_COMMANDS: dict[str, Callable[..., None]] = {
    "add": articles.add,
    "articles": articles.list_articles,
    "remove": articles.remove,
    "chat": interfaces.chat,
    "ask": answers.ask,
    "summarize": answers.summarize,
    "show": answers.show,
    "verify": history.verify,
    "receipts": history.receipts,
    "sessions": history.sessions,
    "doctor": maintenance.doctor,
    "reembed": maintenance.reembed,
    "slack": interfaces.slack,
}
"""In the order in which `--help` lists them."""

for _name, _command in _COMMANDS.items():
    app.command(_name)(with_common_options(_command))
app.add_typer(configuration.make_app(), name="config")
for _group in entry_points(group="pullquote.commands"):
    app.add_typer(_group.load(), name=_group.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code and never raises, except under `--debug`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    if not debug:
        warnings.simplefilter("ignore")
        # Libraries log what they recover from (SQLAlchemy a connection that Ctrl-C cut off), with tracebacks.
        logging.getLogger().addHandler(logging.NullHandler())
    # Before anything is printed: a console may lack quotation marks.
    lookalikes = Lookalikes(sys.stdout, sys.stderr)
    if (odd := next(filter(_is_no_text, words), None)) is not None:
        spelt = os.fsencode(odd).decode("utf-8", "backslashreplace")
        _complain(
            f"“{spelt}” has bytes that are not UTF-8. Write it in UTF-8, or set LC_ALL to what it is in."
        )
        return BROKEN
    try:
        with repeated_interrupts():
            code = app(args=words, prog_name="pullquote", standalone_mode=True)
    except SystemExit as stop:
        code = stop.code
    except KeyboardInterrupt:
        _complain("stopped.")
        return STOPPED
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; Python would complain again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        unexpected = f"unexpected {type(error).__name__}: {error}"
        details = f"{unexpected}\nRun the same command with --debug for the details."
        _complain(str(error) if isinstance(error, PullquoteError) else details)
        return BROKEN
    finally:
        if replaced := lookalikes.describe_last(sys.stdout.encoding):
            typer.echo(replaced, err=True)
        if telemetry.is_wanted():
            with suppress(OSError):
                sys.stdout.flush()  # The answer first: a collector may keep us waiting.
            telemetry.stop()
    return code if isinstance(code, int) else 0


def _is_no_text(word: str) -> bool:
    """Whether an argument is neither text nor the name of a file, which may be any bytes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return not os.path.lexists(word)
    return False


def _complain(message: str) -> None:
    """On stderr; a message may quote articles and servers, whose characters must not steer the terminal."""
    typer.echo(f"pullquote: {clean_lines(message)}", err=True)
