"""Adding: sources are read, cut, embedded in groups, and stored, an article a transaction."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.model.article import Article, Passage
from vectorstore.model.errors import SourceError

if TYPE_CHECKING:
    from vectorstore.embedding import VectorEmbedder
    from vectorstore.index import ChromaIndex
    from vectorstore.model.settings import LibrarySettings
    from vectorstore.readers import Given
    from vectorstore.store import AddOutcome, Database
    from vectorstore.text.chunking import TokenOffsets

GROUP = 128
"""Passages embedded and indexed together. Chroma takes 100 at a time at half the speed of 1,000 (its batches
are what costs); 128 passages are two seconds of embedding, which is what Ctrl-C loses at the most."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one article or one source that could not be read."""

    origin: str
    article_id: str | None = None
    title: str | None = None
    outcome: AddOutcome | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far an `add` is."""

    files_done: int
    files: int
    articles: int
    passages: int
    passages_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did: how many articles by outcome, and the reasons of what failed."""

    counts: Mapping[AddOutcome, int]
    failures: tuple[str, ...]


OnAdded = Callable[[Added], None]
OnProgress = Callable[[AddProgress], None]


@dataclass(slots=True)
class Ingest:
    """One `add` under way."""

    database: Database
    index: ChromaIndex
    embedder: VectorEmbedder
    token_offsets: TokenOffsets
    settings: LibrarySettings
    on_added: OnAdded
    on_progress: OnProgress
    _pending: list[tuple[Article, tuple[Passage, ...]]] = field(default_factory=list)
    """Articles waiting for their group to be embedded; no passages when the text is known already."""
    _counts: Counter[AddOutcome] = field(default_factory=Counter)
    _failures: list[str] = field(default_factory=list)
    _passages: int = 0

    def run(self, paths: Iterable[Path], given: Given) -> AddReport:
        """Add everything under `paths`; what cannot be read is reported, and the rest continues.

        An article is in the library, whole, when `on_added` has been called for it.
        """
        from vectorstore.readers import discover, read_path

        clock = _Clock()
        # All of them before the first is read, as the time left goes by their sizes.
        for source in discover(paths):
            if isinstance(source, SourceError):
                self._fail(source)
            else:
                clock.expect(source)
        for path in clock.files:
            for read in read_path(path, given, self.settings.read):
                if isinstance(read, SourceError):
                    self._fail(read)
                else:
                    self._take(read)
                    clock.advance(path, len(read.text))
                self.on_progress(clock.measure(sum(self._counts.values()), self._passages))
            clock.finish(path)
        self._flush()
        self.on_progress(clock.measure(sum(self._counts.values()), self._passages))
        return AddReport(dict(self._counts), tuple(self._failures))

    def _take(self, article: Article) -> None:
        from vectorstore.text.chunking import cut

        # Whether it needs passages is known only once the same text before it is stored.
        if any(waiting.id == article.id for waiting, _ in self._pending):
            self._flush()
        passages: tuple[Passage, ...] = ()
        if self.database.needs_passages(article):
            passages = cut(article, self.token_offsets, self.settings.embedder.passage_tokens)
        self._pending.append((article, passages))
        if sum(len(cut) for _, cut in self._pending) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        texts = [article.slice(passage.span) for article, cut in self._pending for passage in cut]
        vectors = self.embedder.embed_passages(texts).astype(np.float16)
        done: list[tuple[Article, AddOutcome]] = []
        added: list[str] = []
        removed: list[str] = []
        first = 0
        try:
            for article, cut in self._pending:
                own = vectors[first : first + len(cut)]
                first += len(cut)
                result = self.database.add(article, cut, own)
                done.append((article, result.outcome))
                added += result.added_passage_ids
                removed += result.removed_passage_ids
        finally:
            # Ctrl-C between two articles: what is stored by then is indexed too.
            self._pending.clear()
            self.index.apply(added, removed)
        # After indexing, as whoever hears of an article may ask for it at once.
        for article, outcome in done:
            self._counts[outcome] += 1
            self.on_added(Added(article.origin, article.id, article.title, outcome))
        self._passages += len(added)

    def _fail(self, error: SourceError) -> None:
        self._failures.append(str(error))
        self.on_added(Added(origin=str(error), failure=str(error)))


class _Clock:
    """How much there is to read, in bytes, and how fast it goes."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self._sizes: dict[Path, int] = {}
        self._done: dict[Path, int] = {}
        self._finished = 0
        self._started = time.monotonic()

    def expect(self, path: Path) -> None:
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        self.files.append(path)
        self._sizes[path] = size

    def advance(self, path: Path, characters: int) -> None:
        # Characters stand in for bytes, of which they are fewer; `finish` evens it out.
        self._done[path] = min(self._sizes[path], self._done.get(path, 0) + characters)

    def finish(self, path: Path) -> None:
        self._done[path] = self._sizes[path]
        self._finished += 1

    def measure(self, articles: int, passages: int) -> AddProgress:
        elapsed = max(time.monotonic() - self._started, 1e-6)
        done = sum(self._done.values())
        left = (sum(self._sizes.values()) - done) * elapsed / done if done and passages else None
        return AddProgress(self._finished, len(self.files), articles, passages, passages / elapsed, left)
