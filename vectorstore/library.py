"""The library: articles go in, ranked evidence comes out. Everything above `vectorstore` talks to this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article, Passage, Role, Span
from vectorstore.filters import Filters
from vectorstore.ingest import AddReport, Ingest, OnAdded, OnProgress
from vectorstore.paragraphs import trim
from vectorstore.plural import plural
from vectorstore.search.evidence import SearchResult
from vectorstore.settings import LibrarySettings

if TYPE_CHECKING:
    from vectorstore.database import ArticleHeader, Database, FeedbackStore, ReceiptStore, SessionStore
    from vectorstore.embedding import Embedder, TokenStates
    from vectorstore.index import ChromaIndex
    from vectorstore.lock import WriterLock
    from vectorstore.readers import Given
    from vectorstore.search.retriever import Retriever

DATABASE_FILE = "library.db"
INDEX_FOLDER = "chroma"

MOST_ENCODED = 24
"""Passages of one article that are encoded for a summary: about 3,500 tokens, a third of a second."""
ALWAYS_ENCODED = 4
"""Of these, the first: news says what matters first."""


def _ignore(_: object) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True)
class EncodedSentence:
    """A sentence with the mean of its token states in the context of its passage."""

    passage: Passage
    span: Span
    """White space around the sentence taken off."""
    role: Role | None
    vector: NDArray[np.float32]
    """(d,), unit length."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `doctor` looked at."""

    what: str
    detail: str
    is_well: bool = True

    def __str__(self) -> str:
        return f"{'ok' if self.is_well else 'broken':<7} {self.what}: {self.detail}"


class Library:
    """One library, open; a context manager. Reads may come from several threads."""

    def __init__(
        self,
        settings: LibrarySettings,
        database: Database,
        lock: WriterLock,
        load_embedder: Callable[[], Embedder],
        stack: ExitStack,
        notice: Callable[[str], None],
    ) -> None:
        """Take the parts; use `open` instead. `stack` closes them."""
        self._settings = settings
        self._database = database
        self._lock = lock
        self._notice = notice
        self._load_embedder = load_embedder
        self._stack = stack

    @classmethod
    def open(
        cls,
        settings: LibrarySettings,
        *,
        writable: bool = False,
        warm: bool = False,
        embedder: Embedder | None = None,
        notice: Callable[[str], None] = _ignore,
    ) -> Library:
        """Open the library in `settings.path`; when `writable`, make it if it is not there.

        With `warm`, the embedder starts loading in the background at once, to be there when it is needed.
        `embedder` takes the place of the one that the settings name.
        `notice` is told what a user should know, such as that the index is being made again.

        Raises:
            SetupError: there is no library, it is damaged, of a newer version or of another embedder.
            LibraryLockedError: `writable`, and another process is writing.
        """
        from vectorstore.database import Database, EmbedderIdentity
        from vectorstore.lock import WriterLock, graceful_termination

        load_embedder: Callable[[], Embedder]
        if embedder is not None:
            load_embedder = partial(_given, embedder)
        elif warm or writable:
            load_embedder = _start_embedder(settings)
        else:
            load_embedder = partial(_load_embedder, settings)
        lock = WriterLock(settings.path)
        with ExitStack() as stack:
            identity = None
            if writable:
                stack.enter_context(graceful_termination())
                stack.enter_context(lock)
                loaded = load_embedder()
                identity = EmbedderIdentity(loaded.fingerprint, loaded.dimension)
            database = Database.open(settings.path / DATABASE_FILE, writable=writable, embedder=identity)
            stack.callback(database.close)
            return cls(settings, database, lock, load_embedder, stack.pop_all(), notice)

    def close(self) -> None:
        """Give everything free."""
        self._stack.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def depth(self) -> int:
        """How many passages a search reads again, and sentences it reads alone."""
        return self._settings.search.depth

    @property
    def generation(self) -> int:
        """Grows whenever what can be found changes; read afresh."""
        return self._database.generation

    def add(
        self,
        paths: Iterable[Path],
        given: Given,
        on_added: OnAdded = _ignore,
        on_progress: OnProgress = _ignore,
    ) -> AddReport:
        """Add the articles under `paths`; see `Ingest.run`.

        Passages that a killed run stored and did not index are indexed first.
        """
        self._index.sync()
        ingest = Ingest(self._database, self._index, self.embedder, self._settings, on_added, on_progress)
        return ingest.run(paths, given)

    def remove(self, article_id: str) -> None:
        """Delete an article and its earlier editions. Raises UnknownArticleError."""
        self._index.sync()
        removed = self._database.remove(article_id)
        self._index.apply((), removed.removed_passage_ids)

    def search(self, question: str, filters: Filters | None = None, *, limit: int = 30) -> SearchResult:
        """The `limit` sentences that best answer `question`, best first."""
        return self._retriever.search(
            question, filters or Filters(), limit=limit, depth=self._settings.search.depth
        )

    def article(self, reference: str) -> Article:
        """The article of an id or of an unambiguous beginning of one. Raises UnknownArticleError."""
        return self._database.article(self.resolve(reference))

    def resolve(self, reference: str) -> str:
        """The full id an article goes by. Raises UnknownArticleError."""
        return self._database.resolve(reference)

    def headers(self, filters: Filters | None = None) -> list[ArticleHeader]:
        """What is in the library, newest first."""
        return self._database.headers(filters)

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in order; a superseded one has none."""
        return self._database.passages_of(article_id)

    def encode_sentences(self, article: Article) -> list[EncodedSentence]:
        """The sentences of an article with vectors, in its order.

        Of an article with more than `MOST_ENCODED` passages those nearest to its mean are encoded, and always
        the first ones: the passages left out are far from what it is about.
        """
        passages = self.passages_of(article.id)
        if len(passages) > MOST_ENCODED:
            passages = self._most_central(passages)
        states = self.embedder.encode_passages([slice_of(article, passage.span) for passage in passages])
        return [
            sentence
            for passage, encoded in zip(passages, states, strict=True)
            for sentence in _average(article, passage, encoded)
        ]

    def center_tokens(self, states: NDArray[np.float32], language: str) -> NDArray[np.float32]:
        """(T, d) token states of a text in `language` without what they owe to the language, as in search."""
        from vectorstore.search.transform import Centering, Side

        return Centering.shipped().center_tokens(states, language, Side.PASSAGE)

    def count_read(self, question: str) -> int:
        """How many code points of a question the embedder reads."""
        offsets = self.embedder.token_offsets(question[: 64 * self.embedder.max_tokens])
        if len(offsets) <= self.embedder.max_tokens:
            return len(question)
        return int(offsets[self.embedder.max_tokens - 1][1])

    @property
    def receipts(self) -> ReceiptStore:
        """What was answered from this library."""
        return self._database.receipts

    @property
    def sessions(self) -> SessionStore:
        """Who asked what after what."""
        return self._database.sessions

    @property
    def feedback(self) -> FeedbackStore:
        """What readers thought of the answers."""
        return self._database.feedback

    @property
    def uuid(self) -> str:
        """What tells this library from every other."""
        return self._database.revision.library

    @property
    def embedder_fingerprint(self) -> str:
        """Of the embedder that the stored vectors are from; nothing is loaded for it."""
        return self._database.embedder.fingerprint

    def find_successor(self, article_id: str) -> str | None:
        """The edition that stands where a superseded article stood; None for any other."""
        return self._database.find_successor(article_id)

    def doctor(self, *, repair: bool = False) -> list[Finding]:
        """Look for damage, reading everything; with `repair`, rebuild the indexes first."""
        if repair:
            self._database.rebuild_lexical()
            self._index.rebuild()
        problems = self._database.check()
        findings = [Finding("database", problem, is_well=False) for problem in problems]
        if not findings:
            count = self._database.passage_count()
            findings.append(
                Finding("database", f"{plural(len(self.headers()), 'article')}, {plural(count, 'passage')}")
            )
        status = self._index.status()
        if status.trouble or status.behind:
            reason = f" ({status.trouble})" if status.trouble else ""
            detail = f"{plural(status.behind, 'passage')} searched without it{reason}"
            findings.append(Finding("index", detail, is_well=False))
        else:
            findings.append(Finding("index", plural(status.indexed, "passage")))
        embedder = self.embedder
        findings.append(Finding("embedder", f"{embedder.fingerprint}, {embedder.dimension} dimensions"))
        return findings

    @cached_property
    def embedder(self) -> Embedder:
        """The library's embedder. Raises SetupError when the library's vectors are another's."""
        from vectorstore.database import EmbedderIdentity

        embedder = self._load_embedder()
        self._database.require_embedder(EmbedderIdentity(embedder.fingerprint, embedder.dimension))
        return embedder

    @cached_property
    def _index(self) -> ChromaIndex:
        from vectorstore.index import ChromaIndex
        from vectorstore.search.transform import Centering

        index = ChromaIndex.open(
            self._settings.path / INDEX_FOLDER,
            self._database,
            Centering.shipped(),
            lock=self._lock,
            exact_scan_limit=self._settings.search.exact_scan_limit,
            notice=self._notice,
        )
        self._stack.callback(index.close)
        return index

    @cached_property
    def _retriever(self) -> Retriever:
        from vectorstore.search.retriever import Retriever

        return Retriever(self.embedder, self._index, self._database)

    def _most_central(self, passages: list[Passage]) -> list[Passage]:
        vectors = self._database.vectors([passage.id for passage in passages]).vectors
        nearness = vectors @ vectors.mean(axis=0)
        nearness[:ALWAYS_ENCODED] = np.inf
        kept = np.sort(np.argsort(-nearness, kind="stable")[:MOST_ENCODED])
        return [passages[row] for row in kept]


def slice_of(article: Article, span: Span) -> str:
    """The words at `span`."""
    return article.text[span.start : span.end]


def _average(article: Article, passage: Passage, encoded: TokenStates) -> Iterator[EncodedSentence]:
    middles = encoded.offsets.mean(axis=1) + passage.span.start
    for sentence in passage.sentences:
        inside = encoded.states[(middles >= sentence.start) & (middles < sentence.end)]
        if len(inside):
            mean = inside.mean(axis=0)
            yield EncodedSentence(
                passage, trim(article.text, sentence), article.role_at(sentence), mean / np.linalg.norm(mean)
            )


def _given(embedder: Embedder) -> Embedder:
    return embedder


def _start_embedder(settings: LibrarySettings) -> Callable[[], Embedder]:
    """Load the models in threads, so that they are ready when the database and the index are."""
    from vectorstore.languages import preload

    future: Future[Embedder] = Future()

    def settle() -> None:
        try:
            future.set_result(_load_embedder(settings))
        except BaseException as error:
            future.set_exception(error)

    # Not daemons: native code must not be cut off in the middle when the interpreter ends.
    Thread(target=settle, name="load-embedder").start()
    Thread(target=preload, name="load-languages").start()
    return future.result


def _load_embedder(settings: LibrarySettings) -> Embedder:
    from vectorstore.embedding import E5Embedder

    kind, _, folder = settings.embedder.model.partition(":")
    if kind == "e5" and folder:
        return E5Embedder.from_folder(Path(folder).expanduser(), settings.embedder.threads)
    return E5Embedder.bundled(settings.cache, settings.embedder.threads)
