"""What `add` shows while it works: a bar on a terminal, one line a source otherwise."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from agent.terminal.bar import Bar
from agent.terminal.safe_text import clean
from vectorstore import plural

if TYPE_CHECKING:
    from vectorstore import Added, AddProgress


class AddDisplay:
    """Lines for what has been added and, on a terminal, a bar with speed and time left."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = Bar(stream, "files")

    def __enter__(self) -> AddDisplay:
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def show_added(self, added: Added) -> None:
        """One line for one source; it is printed once the article is safely in the library."""
        where = clean(added.origin)
        if added.failure is not None:
            self._bar.print(f"failed     {where}")
        else:
            self._bar.print(f"{added.outcome:<10} {added.article_id}  {where}")

    def show_progress(self, progress: AddProgress) -> None:
        """Move the bar."""
        self._bar.move(
            progress.files_done,
            progress.files,
            plural(progress.articles, "article"),
            progress.passages_per_second,
            progress.seconds_left,
        )

    def close(self) -> None:
        """Take the bar away; what was printed stays."""
        self._bar.close()
