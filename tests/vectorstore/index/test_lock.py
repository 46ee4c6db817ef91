"""One writer at a time, and signals that end a write in order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from vectorstore.index.lock import WriterLock, deferred_interrupts, graceful_termination
from vectorstore.model.errors import LibraryLockedError, SetupError

ROOT = Path(__file__).parents[3]


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(code), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


HOLD = """
    import sys
    from pathlib import Path
    from vectorstore.index.lock import WriterLock
    with WriterLock(Path(sys.argv[1])):
        print("held")
        sys.stdin.readline()
    print("free")
    sys.stdin.readline()
"""


def test_another_process_is_named_and_waited_for(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "new" / "library")
    holder = start(HOLD, tmp_path / "new" / "library")
    assert holder.stdout and holder.stdin
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LibraryLockedError) as locked:
        lock.acquire()
    assert re.fullmatch(
        rf"Process {holder.pid} \(since \d{{4}}-\d\d-\d\d \d\d:\d\d\) is writing to the library in "
        rf"{tmp_path}/new/library\. Run the command again once it is done; asking questions works "
        r"meanwhile\.",
        str(locked.value),
    )
    assert not lock.is_held
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "free\n"
    with lock:
        assert lock.is_held
    holder.communicate("\n")


def test_a_killed_holder_gives_it_back(tmp_path: Path) -> None:
    holder = start(HOLD, tmp_path)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LibraryLockedError):
        WriterLock(tmp_path).acquire()
    holder.kill()
    holder.communicate()
    with WriterLock(tmp_path) as lock:
        assert lock.is_held


def test_the_holder_may_enter_again_from_any_thread(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    inside: list[bool] = []

    def enter() -> None:
        with lock:
            inside.append(lock.is_held)

    with lock:
        enter()
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        assert lock.is_held
        with pytest.raises(LibraryLockedError, match=f"Process {os.getpid()}"):
            WriterLock(tmp_path).acquire()
    assert (inside, lock.is_held) == ([True, True], False)


def test_an_unreadable_note_is_no_obstacle(tmp_path: Path) -> None:
    with WriterLock(tmp_path):
        for note in ("", "[]", '{"pid": "x", "since": 3}', '{"pid": 1, "since": "yesterday"}'):
            (tmp_path / "writer.json").write_text(note)
            with pytest.raises(LibraryLockedError, match=r"^Another process is writing"):
                WriterLock(tmp_path).acquire()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"folder .*/file/library cannot be written \(Not a directory\)"):
        WriterLock(tmp_path / "file" / "library").acquire()


def test_termination_unwinds() -> None:
    before = signal.getsignal(signal.SIGTERM)
    steps: list[str] = []
    with pytest.raises(SystemExit) as ended, graceful_termination():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            steps.append("not reached")
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            steps.append("put in order")
    assert (ended.value.code, steps) == (143, ["put in order"])
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_interrupts_wait(number: int, error: type[BaseException]) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    steps: list[str] = []
    with pytest.raises(error), graceful_termination():
        with deferred_interrupts():
            os.kill(os.getpid(), number)
            steps.append("done")
        steps.append("not reached")
    assert steps == ["done"]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_threads_leave_signals_alone() -> None:
    seen: list[object] = []

    def run() -> None:
        with graceful_termination(), deferred_interrupts():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
