"""Libraries of a suite's articles, made once and cached by what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from agent import Settings
from eval.runs.files import explain_writing
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
    TokenStates,
)

WHOLE = "whole"
"""A file that says that every article is in."""
RANKED = 50
"""Sentences of a ranking that are looked at: recall at 20 and what average precision still feels."""


class RememberingEmbedder(E5Embedder):
    """An embedder for thousands of questions to the same passages: it reads each passage once."""

    @cached_property
    def _known(self) -> dict[str, TokenStates]:
        return {}

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages, remembering their states too."""
        return np.stack([states.vector for states in self.encode_passages(texts)])

    def encode_passages(self, texts: Sequence[str]) -> list[TokenStates]:
        """Encode passages, those seen before from memory (in half precision)."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, states in zip(unknown, super().encode_passages(unknown), strict=True):
            # Half the memory: thousands of passages stay in it.
            half = states.states.astype(np.float16)
            self._known[text] = TokenStates(states.vector, half, states.offsets)  # type: ignore[arg-type]
        found = map(self._known.__getitem__, texts)
        return [replace(known, states=known.states.astype(np.float32)) for known in found]


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
    source, _, folder = settings.embedder.model.partition(":")
    kind, threads = RememberingEmbedder if remember else E5Embedder, settings.embedder.threads
    if source == "e5" and folder:
        return kind.from_folder(Path(folder).expanduser(), threads)
    return kind.bundled(settings.cache.expanduser(), threads)


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
