"""The library: articles go in, ranked evidence comes out. Everything above `vectorstore` talks to this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.library.adding import AddReport, Ingest, OnAdded, OnProgress
from vectorstore.library.health import Finding, examine
from vectorstore.model.article import Article, Passage, Role, Span
from vectorstore.model.errors import EmbedderReplacedError
from vectorstore.model.evidence import SearchResult
from vectorstore.model.filters import Filters
from vectorstore.model.settings import LibrarySettings
from vectorstore.text.paragraphs import trim

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder, TokenStates
    from vectorstore.library.serving import BundledModel, Serving
    from vectorstore.readers import Given

DATABASE_FILE = "library.db"
MOST_REOPENINGS = 3
"""How often embedders may change under one search; each change takes longer than the search."""

MOST_ENCODED = 24
"""Passages of one article that are encoded for a summary: about 3,500 tokens, a third of a second."""
ALWAYS_ENCODED = 4
"""Of these, the first: news says what matters first."""

_Result = TypeVar("_Result")


def _ignore(_: object) -> None:
    """Do nothing: the default of callbacks."""


@dataclass(frozen=True, slots=True)
class EncodedSentence:
    """A sentence with the mean of its token states in the context of its passage."""

    passage: Passage
    span: Span
    """White space around the sentence taken off."""
    role: Role | None
    vector: NDArray[np.float32]
    """(d,), unit length."""


class Library(AbstractContextManager["Library"]):
    """One library, open; a context manager. Reads may come from several threads."""

    def __init__(
        self, settings: LibrarySettings, reader: BundledModel, serving: Serving, stack: ExitStack
    ) -> None:
        """Take the parts; use `open` instead. `stack` closes the database."""
        self._settings = settings
        self._reader = reader
        self._serving = serving
        self._guard = Lock()
        database = serving.database
        self.articles = database.articles
        self.passages = database.passages
        self.receipts = database.receipts
        """What was answered from this library."""
        self.sessions = database.sessions
        """Questions that follow each other."""
        self.feedback = database.feedback
        """What readers thought of the answers."""
        self._stack = stack
        stack.callback(lambda: self._serving.close())

    @classmethod
    def open(
        cls,
        settings: LibrarySettings,
        *,
        writable: bool = False,
        warm: bool = False,
        embedder: Embedder | None = None,
        beside: Library | None = None,
        notice: Callable[[str], None] = _ignore,
    ) -> Library:
        """Open the library in `settings.path`; when `writable`, make it if it is not there.

        With `warm`, the embedder starts loading in the background at once, to be there when it is needed.
        `embedder` takes the place of the bundled one, and makes the vectors too. `beside` is another handle
        on the library, whose bundled model serves both. `notice` is called with what a user should know.
        Raises SetupError if there is no library, it is damaged or of a newer version. Raises
        LibraryLockedError if `writable`, and another process is writing.
        """
        from vectorstore.library.serving import BundledModel, Serving

        if beside is not None:
            reader = beside._reader
        else:
            reader = BundledModel.of(settings, embedder, at_once=warm or writable)
        # Imported while the reader loads: SQLAlchemy alone takes a fifth of a second.
        from vectorstore.index.lock import WriterLock, graceful_termination
        from vectorstore.store import Database, peek_embedder

        path, lock = settings.path / DATABASE_FILE, WriterLock(settings.path)
        with ExitStack() as stack:
            first = None
            if writable:
                stack.enter_context(graceful_termination())
                stack.enter_context(lock)
                if peek_embedder(path) is None:
                    _, first = reader.identify(settings, settings.embedder.model)
            database = Database.open(path, writable=writable, embedder=first)
            stack.callback(database.close)
            serving = Serving(settings, database, lock, reader, notice)
            return cls(settings, reader, serving, stack.pop_all())

    def close(self) -> None:
        """Close the database and release every file."""
        self._stack.close()

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Grows whenever what can be found changes; read again each time."""
        return self._serve(lambda serving: serving.database.generation)

    def add(
        self,
        paths: Iterable[Path],
        given: Given,
        on_added: OnAdded = _ignore,
        on_progress: OnProgress = _ignore,
    ) -> AddReport:
        """Add the articles under `paths`; see `Ingest.run`."""
        serving, offsets = self._serving, self.embedder.token_offsets
        embedder = serving.embedder  # Before anything is written: it may be another than the library's.
        # Passages that a killed run stored and did not index.
        serving.index.sync()
        parts = serving.database, serving.index, embedder, offsets, self._settings
        return Ingest(*parts, on_added, on_progress).run(paths, given)

    def remove(self, article_id: str) -> None:
        """Delete an article and its earlier editions. Raises UnknownArticleError."""
        self._serving.index.sync()
        removed = self._serving.database.remove(article_id)
        self._serving.index.apply((), removed)

    def search(self, question: str, filters: Filters | None = None, *, limit: int = 30) -> SearchResult:
        """Return the `limit` sentences that best answer `question`, best first."""
        asked, depth = filters or Filters(), self._settings.search.depth
        return self._serve(
            lambda serving: serving.retriever.search(question, asked, limit=limit, depth=depth)
        )

    def encode_sentences(self, article: Article) -> list[EncodedSentence]:
        """Return the sentences of an article with vectors, in its order; of a long one, not all."""
        passages = self.passages.of_article(article.id)
        # Those nearest to its mean, and always the first ones: what is left out is far from what it is about.
        if len(passages) > MOST_ENCODED:
            passages = self._most_central(passages)
        states = self.embedder.encode_passages([article.slice(passage.span) for passage in passages])
        sentences: list[EncodedSentence] = []
        for passage, encoded in zip(passages, states, strict=True):
            sentences += _average(article, passage, encoded)
        return sentences

    def center_tokens(self, states: NDArray[np.float32], language: str) -> NDArray[np.float32]:
        """(T, d) token states of a text in `language` without what they owe to the language, as in search."""
        from vectorstore.search.transform import Centering, Prefix

        return Centering.shipped().center_tokens(states, language, Prefix.PASSAGE)

    def count_read(self, question: str) -> int:
        """Return how many code points of a question the embedder reads."""
        # No tokenizer of the family makes 64 code points one token, so a longer text is not cut first.
        offsets = self.embedder.token_offsets(question[: 64 * self.embedder.max_tokens])
        if len(offsets) <= self.embedder.max_tokens:
            return len(question)
        return int(offsets[self.embedder.max_tokens - 1][1])

    @property
    def uuid(self) -> str:
        """The id that distinguishes this library from every other."""
        return self._serve(lambda serving: serving.database.revision.library)

    @property
    def embedder_fingerprint(self) -> str:
        """Of the embedder that the stored vectors are from; nothing is loaded for it."""
        return self._serving.database.embedder.fingerprint

    def doctor(self, *, repair: bool = False) -> list[Finding]:
        """Look for damage, reading everything; with `repair`, rebuild the indexes first."""
        return self._serve(lambda serving: examine(serving, repair=repair))

    @property
    def embedder(self) -> Embedder:
        """The bundled model, which reads texts token by token, whatever the vectors are from."""
        return self._reader.load()

    def _serve(self, act: Callable[[Serving], _Result]) -> _Result:
        """Do something with the vectors, once more when another embedder's have just taken their place."""
        for _ in range(MOST_REOPENINGS):
            serving = self._serving
            try:
                return act(serving)
            except EmbedderReplacedError:
                with self._guard:  # Another thread may have opened the new ones already.
                    if self._serving is serving:
                        self._serving = serving.reopened()
        return act(self._serving)

    def _most_central(self, passages: list[Passage]) -> list[Passage]:
        ids = [passage.id for passage in passages]
        vectors = self._serve(lambda serving: serving.database.vectors.load(ids)).vectors
        nearness = vectors @ vectors.mean(axis=0)
        nearness[:ALWAYS_ENCODED] = np.inf
        chosen = np.sort(np.argsort(-nearness, kind="stable")[:MOST_ENCODED])
        return [passages[row] for row in chosen]


def _average(article: Article, passage: Passage, encoded: TokenStates) -> Iterator[EncodedSentence]:
    middles = encoded.offsets.mean(axis=1) + passage.span.start
    for sentence in passage.sentences:
        inside = encoded.states[(middles >= sentence.start) & (middles < sentence.end)]
        if len(inside):
            mean = inside.mean(axis=0)
            yield EncodedSentence(
                passage, trim(article.text, sentence), article.role_at(sentence), mean / np.linalg.norm(mean)
            )
