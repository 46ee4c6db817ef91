"""Processes that begin with everything imported.

A server that has imported the packages is forked for each of them, which takes a tenth of the processor time
of starting Python and importing again. What concerns the start itself (the locale, what is imported when,
`python -m`) is tested with `subprocess`.
"""

from __future__ import annotations

import faulthandler
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from typing import Any

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        __name__,
        "agent.chat.prompt",
        "agent.cli.app",
        "agent.pipeline",
        "agent.slack.run",
        "chromadb",
        "eval.cli",
        "dateparser",
        "onnxruntime",
        "sentencepiece",
        "vectorstore.embedding.e5",
        "vectorstore.index",
        "vectorstore.library.serving",
        "vectorstore.search.retriever",
        "vectorstore.text.identifier",
    ]
)


class Forked:
    """A process that runs a function of a module; used as `subprocess.Popen` is."""

    def __init__(
        self,
        function: Callable[..., Any],
        *arguments: object,
        env: Mapping[str, str] | None = None,
        terminal: int | None = None,
        pipesize: int | None = None,
    ) -> None:
        """Start it; what the function returns is the exit code.

        Its streams are the pseudo-terminal `terminal`; or it reads nothing and writes to two pipes, which
        hold `pipesize` bytes that nobody has read yet.
        """
        ends: list[int] = []
        if terminal is None:
            (read_out, out), (read_err, err) = os.pipe(), os.pipe()
            if pipesize is not None:
                fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, pipesize)
                fcntl.fcntl(err, fcntl.F_SETPIPE_SZ, pipesize)
            self.stdout, self.stderr = os.fdopen(read_out, "rb", 0), os.fdopen(read_err, "rb", 0)
            ends = [out, err]
        streams = [_Descriptor(end) for end in ends or [terminal]]
        environ = dict(os.environ if env is None else env)
        self._process = _CONTEXT.Process(target=_run, args=(streams, environ, function, arguments))
        self._process.start()
        for end in ends:
            os.close(end)

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, or the negative number of the signal that ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The exit code, if it has ended."""
        return self._process.exitcode

    def wait(self) -> int:
        """The exit code, when it has ended."""
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self) -> tuple[str, str]:
        """What it still wrote, when it has ended; to both streams no more than a pipe holds."""
        out, err = self.stdout.read(), self.stderr.read()
        self.wait()
        return out.decode(), err.decode()

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class _Descriptor:
    """An open file of this process, which becomes one of the new process by being pickled for it."""

    number: int

    def __reduce__(self) -> tuple[Callable[[Any], _Descriptor], tuple[Any]]:
        return _receive, (DupFd(self.number),)


def _receive(sent: Any) -> _Descriptor:
    return _Descriptor(sent.detach())


def _run(
    streams: list[_Descriptor],
    environ: dict[str, str],
    function: Callable[..., Any],
    arguments: tuple[object],
) -> None:
    """Do in the new process what a shell and the start of Python do, then the work."""
    if len(streams) == 1:
        os.login_tty(streams[0].number)
    else:
        for target, stream in enumerate(streams, 1):
            os.dup2(stream.number, target)
            os.close(stream.number)
    os.environ.clear()
    os.environ.update(environ)
    sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(function(*arguments))
