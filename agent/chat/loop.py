"""Line by line: questions are answered, commands are run, and nothing that goes wrong ends a chat session."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from rich.text import Text

from agent.answer.request import AnswerStopped
from agent.chat.chat_session import ChatSession, Leave
from agent.chat.commands import is_command, run_command
from agent.chat.model_command import describe_writer
from agent.sessions.sessions import describe_filters
from agent.terminal.safe_text import clean
from vectorstore import PullquoteError, plural

BROKEN = 2
_CONTINUE = "pullquote chat --continue"


def run_chat(chat: ChatSession, history: Path, *, debug: bool = False) -> int:
    """Run a chat until the user leaves, or from a pipe to its end; return 0, or there 2 for a failed line."""
    if not sys.stdin.isatty():
        return _run_script(chat, debug=debug)
    # A shell that started this in the background has Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from agent.chat.prompt import read_lines

    _greet(chat)
    try:
        for line in read_lines(chat, history):
            do_line(chat, line, debug=debug)
    except Leave:
        pass
    if chat.entries:
        chat.screen.say(f"To continue this session: {_CONTINUE}")
    return 0


def repair_bytes(line: str) -> str:
    """Return a line whose bytes were UTF-8 and were read as something else, as it was typed."""
    for errors in ("strict", "surrogateescape"):
        with suppress(UnicodeEncodeError):
            return line.encode("utf-8", errors).decode("utf-8", "replace")
    # Lone surrogates that no byte became.
    return line.encode("utf-8", "replace").decode()


def _run_script(chat: ChatSession, *, debug: bool) -> int:
    """Run a question or command a line, each echoed to stderr, with an empty line between what they bring."""
    is_well = chat.has_hinted = True
    done = 0
    try:
        for line in _read_pipe():
            if not line.strip():
                continue
            if done:
                chat.screen.show(Text("\n"))
            chat.screen.say(f"> {clean(line)}", "")
            is_well &= do_line(chat, line, debug=debug, is_script=True)
            done += 1
    except Leave:
        return 0 if is_well else BROKEN
    if not done:
        chat.screen.say("Nothing was asked. Give questions, one a line, or: pullquote --help")
    return 0 if is_well else BROKEN


def _read_pipe() -> Iterator[str]:
    """Yield the lines of standard input, which are taken for UTF-8 whatever the locale says."""
    lines: Iterable[bytes | str] = getattr(sys.stdin, "buffer", sys.stdin)
    for line in lines:
        text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
        yield text.removeprefix("\ufeff").rstrip("\r\n")


def do_line(chat: ChatSession, line: str, *, debug: bool, is_script: bool = False) -> bool:
    """Run one line; return False when it could not be done."""
    line = repair_bytes(line)
    if not line.strip():
        return True
    try:
        if is_command(line):
            run_command(chat, line)
        else:
            chat.ask(line)
    except PullquoteError as error:
        chat.screen.complain(str(error))
        return False
    except KeyboardInterrupt as stop:
        if is_script:
            raise
        rest = " What is shown stays." if isinstance(stop, AnswerStopped) else ""
        chat.screen.say(f"Stopped.{rest}")
        return False
    except (Leave, BrokenPipeError):
        # The end of the chat, not of this line alone.
        raise
    except Exception as error:
        if debug:
            raise
        chat.screen.complain(
            f"Unexpected {type(error).__name__}: {error}\nThe chat continues. For the details: "
            "pullquote --debug chat"
        )
        return False
    return True


def _greet(chat: ChatSession) -> None:
    say = chat.screen.say
    library = chat.find_library()
    facts = [f"Pullquote {version('pullquote')}"]
    if library is not None:
        facts.append(plural(len(library.articles.headers()), "article"))
    say(" · ".join([*facts, describe_writer(chat.writer)]))
    if chat.entries:
        count, last = plural(len(chat.entries), "answer"), clean(chat.entries[-1].question)
        say(f"Continuing {clean(chat.session)}: {count}, the last to “{last}”")
    if not chat.filters.is_empty:
        say(f"Only {describe_filters(chat.filters)}. /filter none asks all articles.")
    if library is None or facts[-1] == "0 articles":
        try:
            chat.library  # noqa: B018
            say("The library is empty. Add articles: /add PATH")
        except PullquoteError as error:
            say(str(error), "")
    say("Ask, in any language. /help lists the commands; Ctrl-D leaves.")
