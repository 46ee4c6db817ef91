"""Printing: rich text on a terminal, the same words plain when piped."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text


def print_text(text: Text) -> None:
    """To stdout; wrapped and styled on a terminal only, so that pipes and files get whole lines."""
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    console.print(text, end="")


def print_line(line: str) -> None:
    """One plain line to stdout."""
    print(line)


def print_notice(line: str) -> None:
    """One plain line to stderr."""
    sys.stderr.write(f"{line}\n")
