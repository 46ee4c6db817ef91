"""The commands, as data: `/help`, completion and the dispatcher are made from this table.

A command takes the chat session and the words behind its name. Where it cannot do what they ask it raises
`PullquoteError`, whose message the chat shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from rich.text import Text

from agent.chat.chat_session import ChatSession, Leave
from agent.chat.explain import explain
from agent.chat.library_commands import (
    add_articles,
    filter_articles,
    list_articles,
    save_session,
    summarize,
    verify_session,
)
from agent.chat.model_command import choose_model
from agent.chat.source_commands import list_sources, open_source, show_quote
from vectorstore import PullquoteError

SIGN = "/"
_LEAST_DESCRIPTION = 40
"""Columns that help needs beside the commands; with fewer it is set below them."""


class Completes(Enum):
    """What can be completed after a command."""

    NOTHING = auto()
    NUMBERS = auto()
    ARTICLES = auto()
    FILTERS = auto()
    PATHS = auto()
    MODELS = auto()
    COMMANDS = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """One command."""

    name: str
    takes: str
    """Its arguments, for help."""
    does: str
    run: Callable[[ChatSession, str], None]
    completes: Completes = Completes.NOTHING

    @property
    def usage(self) -> str:
        """The command as it is typed."""
        return f"{SIGN}{self.name} {self.takes}".rstrip()


def begin_session(chat: ChatSession, words: str) -> None:
    """Start a new session."""
    chat.begin()
    chat.screen.say("A new session: no filters, nothing is carried over, numbers begin at [1].", "")


def leave(chat: ChatSession, words: str) -> None:
    """End the chat session."""
    raise Leave


def help_with(chat: ChatSession, words: str) -> None:
    """List the commands, or one of them."""
    wanted = words.strip().removeprefix(SIGN)
    listed = [find_command(wanted)] if wanted else list(COMMANDS)
    widest = max(len(command.usage) for command in listed)
    is_narrow = chat.screen.width < widest + _LEAST_DESCRIPTION
    text = Text()
    for command in listed:
        text.append(command.usage if is_narrow else f"{command.usage:<{widest}}", "bold")
        text.append(f"\n  {command.does}\n" if is_narrow else f"  {command.does}\n")
    chat.screen.show(text)
    if not wanted:
        chat.screen.say(
            "Everything else is a question, in any language. Alt+Enter begins a new line; Ctrl-C stops an "
            "answer; Ctrl-D leaves."
        )


COMMANDS: tuple[Command, ...] = (
    Command("sources", "", "Everything cited in this session, with its numbers.", list_sources),
    Command("quote", "N", "Citation N in its paragraph, marked.", show_quote, Completes.NUMBERS),
    Command(
        "open", "N [page]", "The article at citation N in the browser: live, or its stored text marked.",
        open_source, Completes.NUMBERS,
    ),
    Command(
        "why", "[N]", "Scores, checks, searches and what was withheld: of citation N, or the last answer.",
        explain, Completes.NUMBERS,
    ),
    Command(
        "summarize", "[ARTICLE|[N]|topic]", "Sum up an article, a topic, or what was asked last.",
        summarize, Completes.ARTICLES,
    ),
    Command(
        "filter", "[KEY=VALUE…|none]",
        "Ask only articles with from=… until=… outlet=… author=… language=… article=…",
        filter_articles, Completes.FILTERS,
    ),
    Command("add", "PATH…", "Add files and folders to the library.", add_articles, Completes.PATHS),
    Command("articles", "[WORDS]", "The articles, newest first.", list_articles),
    Command(
        "save", "[--overwrite] FILE", "Save the session as .md, .json or .html.", save_session,
        Completes.PATHS,
    ),
    Command("model", "[NAME|none]", "Which model writes.", choose_model, Completes.MODELS),
    Command("verify", "", "Whether everything cited in this session is still valid.", verify_session),
    Command("new", "", "Start over: a new session.", begin_session),
    Command("help", "[COMMAND]", "This list.", help_with, Completes.COMMANDS),
    Command("quit", "", "Leave.", leave),
)  # fmt: skip


def is_command(line: str) -> bool:
    """Whether a line is a command rather than a question."""
    return line.lstrip().startswith(SIGN)


def run_command(chat: ChatSession, line: str) -> None:
    """Run a line that begins with `/`."""
    name, _, words = line.strip().removeprefix(SIGN).partition(" ")
    find_command(name).run(chat, words)


def find_command(name: str) -> Command:
    """Return the command of that name, or of an unambiguous beginning of it."""
    wanted = name.casefold()
    names = {command.name: command for command in COMMANDS}
    if wanted in names:
        return names[wanted]
    begun = [command for each, command in names.items() if wanted and each.startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    near = [command.name for command in begun] or get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {' or '.join(SIGN + each for each in near)}? " if near else ""
    raise PullquoteError(f"There is no command {SIGN}{name[:40]}. {hint}/help lists them.")
