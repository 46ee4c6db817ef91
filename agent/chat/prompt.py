"""Lines from a terminal, and the history of what was typed, across chat sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style

from agent.chat.chat_session import ChatSession
from agent.chat.commands import is_command
from agent.chat.completion import ChatCompleter
from agent.sessions.sessions import describe_filters
from agent.terminal.output import is_plain

_STYLE = Style.from_dict({"prompt": "ansicyan bold", "filters": "ansibrightblack"})
_MENU_LINES = 5
LONGEST = 10_000
"""Code points; a whole article that was pasted is not typed again."""


class InputHistory(FileHistory):
    """A history in a file that only its owner can read. A file that cannot be used costs a line of notice."""

    def __init__(self, path: Path, notice: Callable[[str], None]) -> None:
        super().__init__(str(path))
        self._path = path
        self._notice = notice
        self._is_usable = True

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, newest first, without damaged ones."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            return [line for line in super().load_history_strings() if _is_whole(line)]
        except OSError as error:
            self._give_up(error)
            return []

    def store_string(self, string: str) -> None:
        """Add one line."""
        if not self._is_usable or len(string) > LONGEST:
            return
        try:
            super().store_string(string)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if self._is_usable:
            self._is_usable = False
            self._notice(f"What you type is not remembered: {self._path} cannot be used ({error.strerror}).")


def _is_whole(line: str) -> bool:
    return bool(line.strip()) and "\ufffd" not in line and line.replace("\n", " ").isprintable()


def read_lines(chat: ChatSession, history: Path) -> Iterator[str]:
    """Yield what the user types, a paste as one line, until Ctrl-D, or Ctrl-C twice at an empty prompt."""
    session: PromptSession[str] = PromptSession(
        history=InputHistory(history, chat.screen.say),
        completer=ChatCompleter(chat),
        complete_in_thread=True,
        complete_while_typing=Condition(lambda: is_command(get_app().current_buffer.text)),
        reserve_space_for_menu=_MENU_LINES,
        key_bindings=_bind_keys(),
        output=create_output(always_prefer_tty=True),
        color_depth=ColorDepth.DEPTH_1_BIT if is_plain() else None,
        style=None if is_plain() else _STYLE,
        prompt_continuation="  ",
    )
    is_leaving = False
    while True:
        try:
            line = session.prompt(lambda: _prompt(chat))
        except KeyboardInterrupt:
            if is_leaving:
                return
            is_leaving = True
            chat.screen.say("Ctrl-C again leaves, and so does Ctrl-D.")
            continue
        except EOFError:
            return
        is_leaving = False
        yield line


def _prompt(chat: ChatSession) -> StyleAndTextTuples:
    described = describe_filters(chat.filters)
    filters: StyleAndTextTuples = [("class:filters", f"({described}) ")] if described else []
    return [*filters, ("class:prompt", "> ")]


def _bind_keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    return keys
