"""One writer at a time: the lock that dies with its holder, and signals that wait for a good moment."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Self

from filelock import FileLock, Timeout

from vectorstore.model.errors import LibraryLockedError, SetupError

_LOOK_EVERY = 0.5  # Seconds between two looks whether a lock that is waited for is free.


class WriterLock:
    """The right to write to a library; held by one process, entered as often as it likes.

    The operating system takes it back when its holder dies, however that happens. All threads of the
    holder share it. The lock file stays; a note beside it says who holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "writer.json"
        self._lock = FileLock(folder / "writer.lock", timeout=0, thread_local=False, fallback_to_soft=False)
        self._guard = threading.RLock()

    @property
    def is_held(self) -> bool:
        return self._lock.is_locked

    def acquire(self, wait: float = 0) -> None:
        """Take the lock, within `wait` seconds or not at all.

        Raises LibraryLockedError if another process has it, and SetupError if the library's folder cannot be
        written.
        """
        with self._guard:
            first = not self._lock.is_locked
            with explain_lock_errors(self._folder, self._describe_holder):
                self._folder.mkdir(parents=True, exist_ok=True)
                if not os.access(self._folder, os.W_OK):
                    raise PermissionError
                self._lock.acquire(timeout=wait, poll_interval=_LOOK_EVERY)
                if first:
                    with suppress(OSError):  # What a full disk means is said where articles are written.
                        self._note.write_text(describe_process(), "utf-8")

    def release(self) -> None:
        """Give it back; free when given back as often as taken."""
        with self._guard:
            self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *raised: object) -> None:
        self.release()

    def _describe_holder(self) -> str:
        holder = "Another process"
        try:
            note = json.loads(self._note.read_text("utf-8"))
            since = datetime.fromisoformat(note["since"])
            holder = f"Process {int(note['pid'])} (since {since:%Y-%m-%d %H:%M})"
        except (OSError, ValueError, KeyError, TypeError):
            pass  # It has just begun and not said yet who it is.
        return (
            f"{holder} is writing to the library in {self._folder}. Run the command again once it is done; "
            "asking questions works meanwhile."
        )


def describe_process() -> str:
    """Return which process this is and what time it is, as JSON."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "since": now})


@contextmanager
def explain_lock_errors(folder: Path, describe_holder: Callable[[], str]) -> Iterator[None]:
    """Turn a failure to take a lock in the library's folder into an error with the next step.

    Raises LibraryLockedError if another process has it; the message is what `describe_holder` returns. Raises
    SetupError if the folder cannot be written.
    """
    try:
        yield
    except Timeout as error:
        raise LibraryLockedError(describe_holder()) from error
    except OSError as error:
        raise SetupError(
            f"The library's folder {folder} cannot be written ({error.strerror or 'read-only'}). "
            "Change that with `chmod`, or use another `--library`."
        ) from error


@contextmanager
def graceful_termination() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, by an exception that lets everything be put in order.

    Raises `SystemExit` with the status a shell gives for SIGTERM (143); a second SIGTERM changes nothing.
    """

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(128 + signal.SIGTERM)

    with _handling(end, signal.SIGTERM):
        yield


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Make SIGINT and SIGTERM wait for a block that must not be left half done: for well under a second."""
    waiting: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        waiting.append(number)

    try:
        with _handling(note, signal.SIGINT, signal.SIGTERM):
            yield
    finally:
        if waiting:
            signal.raise_signal(waiting[0])


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None], *numbers: int) -> Iterator[None]:
    # Elsewhere Python can set no signal handlers, and runs none.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)
