"""What `add` shows while it works: a bar on a terminal, one line a source otherwise."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from agent.render import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from vectorstore import Added, AddProgress


class AddDisplay:
    """Lines for what has been added and, on a terminal, a bar with speed and time left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> AddDisplay:
        if self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._progress = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("files · {task.fields[articles]} articles · {task.fields[speed]} passages/s"),
                TextColumn("{task.fields[left]}"),
                console=Console(file=self._stream),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=None, articles=0, speed="–", left="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def show_added(self, added: Added) -> None:
        """One line for one source; it is printed once the article is safely in the library."""
        where = clean(added.origin)
        if added.failure is not None:
            line = f"failed     {where}"
        else:
            line = f"{added.outcome:<10} {added.article_id}  {where}"
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            # In one piece: Ctrl-C between a line and its end would run two lines into each other.
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def show_progress(self, progress: AddProgress) -> None:
        """Move the bar."""
        if self._progress is None or self._task is None:
            return
        left = progress.seconds_left
        self._progress.update(
            self._task,
            completed=progress.files_done,
            total=progress.files,
            articles=progress.articles,
            speed=f"{progress.passages_per_second:.0f}",
            left="" if left is None else f"{left // 60:.0f}:{left % 60:02.0f} left",
        )

    def close(self) -> None:
        """Take the bar away; what was printed stays."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
