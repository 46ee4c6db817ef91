"""A progress bar on a terminal, with speed and time left; nothing elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """A context manager; inside it, the bar is there as long as nothing closes it."""

    def __init__(self, stream: TextIO, unit: str) -> None:
        """Take the stream, and what is counted, in the plural."""
        self._stream = stream
        self._unit = unit
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._progress = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn(self._unit + " · {task.fields[facts]}{task.fields[speed]} passages/s"),
                TextColumn("{task.fields[left]}"),
                console=Console(file=self._stream),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=None, facts="", speed="–", left="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_shown(self) -> bool:
        """Whether somebody sees it."""
        return self._progress is not None

    def print(self, line: str) -> None:
        """A line above the bar, or where there is none a line in one piece.

        Ctrl-C between a line and its end would run two lines into each other.
        """
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def move(
        self, done: int, total: int, facts: str, passages_per_second: float, seconds_left: float | None
    ) -> None:
        """Show how far it is; `facts` is put between the count and the speed."""
        if self._progress is None or self._task is None:
            return
        left = "" if seconds_left is None else f"{seconds_left // 60:.0f}:{seconds_left % 60:02.0f} left"
        self._progress.update(
            self._task,
            completed=done,
            total=total,
            facts=facts and f"{facts} · ",
            speed=f"{passages_per_second:.0f}",
            left=left,
        )

    def close(self) -> None:
        """Take the bar away; what was printed stays."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
