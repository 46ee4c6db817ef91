"""Libraries of a suite's articles, made once and cached by what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from agent import Settings
from eval.runs.files import explain_writing
from eval.runs.remembering import RememberingEmbedder
from eval.suites.hashing import hash_text
from eval.suites.loading import LoadedLibrary
from vectorstore import (
    E5Embedder,
    Embedder,
    Filters,
    Given,
    Library,
    LibrarySettings,
    SearchResult,
    SourceError,
)

WHOLE = "whole"
"""A file that says that every article is in."""
RANKED = 50
"""Sentences of a ranking that are looked at: recall at 20 and what average precision still feels."""


class WatchedLibrary(Library):
    """A library that shows what its searches found: more of the ranking than the answer is made of."""

    def watch(self) -> list[SearchResult]:
        """Return a list that every search from now on adds to."""
        self._found: list[SearchResult] = []
        return self._found

    def search(self, question: str, filters: Filters | None = None, *, limit: int = 30) -> SearchResult:
        """As `Library.search`; the first `limit` of a longer ranking are the shorter one."""
        result = super().search(question, filters, limit=max(limit, RANKED))
        self._found.append(result)
        return replace(result, evidence=result.evidence[:limit])


def load_embedder(settings: Settings, *, remember: bool) -> Embedder:
    """Return the embedder of the settings; with `remember`, one that reads each passage once."""
    kind, _, folder = settings.embedder.model.partition(":")
    cache = settings.cache.expanduser()
    embedder: Embedder
    if kind == "e5" and folder:
        embedder = E5Embedder.from_folder(Path(folder).expanduser(), settings.embedder.threads)
    else:
        embedder = E5Embedder.bundled(cache, settings.embedder.threads)
    return RememberingEmbedder(embedder) if remember else embedder


@contextmanager
def open_suite_library(
    loaded: LoadedLibrary, settings: Settings, embedder: Embedder
) -> Iterator[WatchedLibrary]:
    """The library of a suite, made where it is not there yet; read-only, so that runs leave no trace in it.

    Raises SourceError if an article did not arrive as the suite has it, SetupError if the disk is full, and
    LibraryLockedError if another run is making it.
    """
    made_of = f"{loaded.sha256} {embedder.fingerprint} {settings.embedder.passage_tokens}"
    folder = settings.cache.expanduser() / "eval" / "libraries" / hash_text(made_of)[:16]
    parts = settings.for_library().model_copy(update={"path": folder / "library"})
    if not (folder / WHOLE).is_file():
        _make(loaded, folder, parts, embedder)
    opened = cast(WatchedLibrary, WatchedLibrary.open(parts, embedder=embedder))
    with opened:
        opened.watch()
        yield opened


def _make(loaded: LoadedLibrary, folder: Path, parts: LibrarySettings, embedder: Embedder) -> None:
    with explain_writing(folder):
        # What a run that was killed left is not trusted.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        paths = loaded.write(folder)
    with Library.open(parts, writable=True, embedder=embedder) as library:
        report = library.add(paths, Given())
        if report.failures:
            raise SourceError("\n".join(report.failures))
        there = {header.id for header in library.articles.headers()}
        gone = [key for key, article in loaded.articles.items() if article.id not in there]
        if gone:
            raise SourceError(
                f"{', '.join(gone[:5])} did not arrive in the library: another article takes the place of "
                "each, because both have the same path, address or text. Give them different ones."
            )
    with explain_writing(folder):
        (folder / WHOLE).touch()
