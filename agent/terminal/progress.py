"""Progress of long work: a bar on a terminal, with speed and time left; lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TextIO

from agent.terminal.safe_text import clean
from vectorstore import plural

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from vectorstore import Added, AddProgress, AddReport


class ProgressBar:
    """A context manager; within it the bar is shown on a terminal until it is closed."""

    unit: str
    """What is counted, in the plural."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._progress = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn(self.unit + " · {task.fields[facts]}{task.fields[speed]} passages/s"),
                TextColumn("{task.fields[left]}"),
                console=Console(file=self._stream),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=None, facts="", speed="–", left="")
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def is_shown(self) -> bool:
        """Whether it is on a terminal."""
        return self._progress is not None

    def print(self, line: str) -> None:
        """Print a line above the bar, or where there is none in one piece."""
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            # In one piece: Ctrl-C between a line and its end would run two lines into each other.
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def move(
        self, done: int, total: int, facts: str, passages_per_second: float, seconds_left: float | None
    ) -> None:
        """Show how far the work is; `facts` is put between the count and the speed."""
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


class AddDisplay(ProgressBar):
    """What adding articles shows: a line for each source, and the bar."""

    unit = "files"

    def show_added(self, added: Added) -> None:
        """Print a line for a source that is safely in the library, or could not be read."""
        where = clean(added.origin)
        if added.failure is not None:
            self.print(f"failed     {where}")
        else:
            self.print(f"{added.outcome:<10} {added.article_id}  {where}")

    def show_progress(self, progress: AddProgress) -> None:
        """Move the bar."""
        articles = plural(progress.articles, "article")
        speed, left = progress.passages_per_second, progress.seconds_left
        self.move(progress.files_done, progress.files, articles, speed, left)


def describe_counts(report: AddReport) -> str:
    """Return how many sources were added, and what became of others; nothing where there was none."""
    return ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items() if count)
