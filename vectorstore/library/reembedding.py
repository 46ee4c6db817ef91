"""Giving a library the vectors of another embedder, while the old ones serve.

The second set fills up in the database, batch by batch, without the writer lock: articles can be added
meanwhile, and are picked up. Then, under the lock, Chroma's second folder is built, one transaction puts the
vectors in place, and the folder is declared the index. Stopped anywhere, the old set or the new one is
in use as a whole, and the same command resumes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from filelock import FileLock

from vectorstore.index.lock import WriterLock, explain_lock_errors, graceful_termination
from vectorstore.library.adding import GROUP
from vectorstore.library.library import DATABASE_FILE
from vectorstore.library.serving import INDEX_FOLDER, BundledModel, choose_transform
from vectorstore.model.errors import LibraryLockedError
from vectorstore.model.settings import LibrarySettings
from vectorstore.text.plural import plural

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder, EndpointEmbedder, VectorEmbedder
    from vectorstore.store import Database, EmbedderIdentity, Unfinished, Waiting

INDEX_BATCH = 5_000
"""Passages put into the second index at a time; more than one batch takes long enough to say so."""
WAIT_SECONDS = 600
"""How long taking over waits for a process that is writing."""


@dataclass(frozen=True, slots=True)
class ReembedPlan:
    """What a `reembed` is about to do."""

    model: str
    embedder: str
    """Fingerprint."""
    passages: int
    """Of the library."""
    done: int
    """Of these, embedded by an earlier run."""
    tokens: int | None
    """A guess at what will be sent to a server; None when nothing leaves this machine."""
    is_openai: bool
    dropped: Unfinished | None
    """What another embedder's unfinished run has left, which goes."""
    is_current: bool
    """Whether the library's vectors are this embedder's already: there is nothing to do."""


@dataclass(frozen=True, slots=True)
class ReembedProgress:
    """How far a `reembed` is."""

    done: int
    passages: int
    tokens: int
    """Counted by the server, in all runs."""
    passages_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ReembedReport:
    """What a `reembed` did."""

    embedder: str
    passages: int
    tokens: int
    """Counted by the server, in all runs."""
    generation: int


OnReembed = Callable[[ReembedProgress], None]


@dataclass(eq=False)
class Reembedding:
    """One `reembed`: `open` it, look at `plan`, then `run`."""

    _settings: LibrarySettings
    _database: Database
    _embedder: VectorEmbedder
    _identity: EmbedderIdentity
    _notice: Callable[[str], None]

    @classmethod
    @contextmanager
    def open(
        cls,
        settings: LibrarySettings,
        model: str | None = None,
        *,
        reader: Embedder | None = None,
        notice: Callable[[str], None],
    ) -> Iterator[Self]:
        """Open the library in `settings.path` for new vectors by `model`, named as in `embedder.model`.

        Without one, by that of an unfinished run, else by the library's own. `reader` takes the place of the
        bundled model, which is `e5`. `notice` is called with what a user should know. Raises SetupError if
        there is no library, the embedder is not there, or its server does not answer. Raises
        LibraryLockedError if another process is doing the same.
        """
        from vectorstore.store import Database

        with ExitStack() as stack:
            path = settings.path / DATABASE_FILE
            database = stack.enter_context(Database.open(path, writable=False, embedder=None))
            stack.enter_context(graceful_termination())
            is_ours = FileLock(settings.path / "reembed.lock", timeout=0, fallback_to_soft=False)
            is_running = (
                f"Another process is making new vectors for the library in {settings.path}. Run the command "
                "again once it is done; asking questions works meanwhile."
            )
            with explain_lock_errors(settings.path, lambda: is_running):
                stack.enter_context(is_ours)
            unfinished = database.next_vectors.unfinished()
            chosen = model or (unfinished.embedder.model if unfinished else None) or database.embedder.model
            # A reader that is given reads only; `model` says what embeds.
            own = BundledModel.of(settings, None, at_once=False)
            bundled = own if reader is None else BundledModel(lambda: reader)
            embedder, identity = bundled.identify(settings, chosen or settings.embedder.model)
            yield cls(settings, database, embedder, identity, notice)

    @property
    def plan(self) -> ReembedPlan:
        """What is to be done, read again each time."""
        from vectorstore.embedding import estimate_tokens

        unfinished = self._database.next_vectors.unfinished()
        is_same = unfinished is not None and unfinished.embedder.is_same_as(self._identity)
        passages = self._database.passages.count()
        waiting, size = self._database.next_vectors.count_waiting(all_passages=not is_same)
        return ReembedPlan(
            model=self._identity.model or "",
            embedder=self._identity.fingerprint,
            passages=passages,
            done=passages - waiting,
            tokens=None if self._server is None else estimate_tokens(size),
            is_openai=self._server is not None and self._server.endpoint.is_openai,
            dropped=None if is_same else unfinished,
            is_current=self._identity.is_same_as(self._database.reopened().embedder),
        )

    def drop(self) -> None:
        """Delete what any unfinished run has left."""
        self._database.next_vectors.drop()

    def run(self, on_progress: OnReembed) -> ReembedReport:
        """Embed what waits, and take over; what is embedded stays stored whatever is raised.

        Raises SetupError if the embedder or the disk fails, and LibraryLockedError if another process has
        been writing for `WAIT_SECONDS`.
        """
        self._database.next_vectors.begin(self._identity)
        self._embed(on_progress)
        with self._writing():
            self._embed(on_progress)  # What was added since.
            unfinished = self._database.next_vectors.unfinished()  # Taking over clears it.
            tokens = unfinished.tokens if unfinished else 0
            generation = self._take_over()
        return ReembedReport(self._identity.fingerprint, self._database.passages.count(), tokens, generation)

    @property
    def _server(self) -> EndpointEmbedder | None:
        from vectorstore.embedding import EndpointEmbedder

        return self._embedder if isinstance(self._embedder, EndpointEmbedder) else None

    @property
    def _counted(self) -> int:
        return 0 if self._server is None else self._server.tokens

    def _embed(self, on_progress: OnReembed) -> None:
        limit = GROUP if self._server is None else self._settings.embedder.batch_size
        pace = _Pace(self._database.next_vectors.unfinished())
        for batch in self._batches(limit):
            articles = self._database.articles.load({waiting.passage.article_id for waiting in batch})
            # An article may have been removed since its passages were listed.
            present = [waiting for waiting in batch if waiting.passage.article_id in articles]
            texts = [articles[w.passage.article_id].slice(w.passage.span) for w in present]
            before = self._counted
            vectors = self._embedder.embed_passages(texts)
            tokens = self._counted - before
            self._database.next_vectors.store(present, vectors, tokens)
            on_progress(pace.advance(len(present), tokens, self._database.passages.count()))

    def _batches(self, limit: int) -> Iterator[list[Waiting]]:
        """Yield what waits, once through and then what came behind, until nothing does."""
        after = 0
        while True:
            if batch := self._database.next_vectors.waiting(limit, after):
                yield batch
                after = batch[-1].number
            elif after:
                after = 0
            else:
                return

    def _take_over(self) -> int:
        from vectorstore.index import ChromaStore

        if (passages := self._database.passages.count()) > INDEX_BATCH:
            self._notice(f"All are embedded. Making their vector index: {plural(passages, 'passage')}.")
        folder, transform = self._settings.path / INDEX_FOLDER, choose_transform(self._identity)
        before = ChromaStore(folder, self._database, transform)
        name, chroma = before.build_beside(self._database.next_vectors.iter_vectors(INDEX_BATCH))
        generation = self._database.next_vectors.take_over()
        after = ChromaStore(folder, self._database.reopened(), transform)
        try:
            after.adopt(name, chroma)
        finally:
            after.unload()
        return generation

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the library's writer lock; waits for a process that has it."""
        lock = WriterLock(self._settings.path)
        try:
            lock.acquire()
        except LibraryLockedError:
            self._notice("Waiting for another process, which is writing to the library.")
            try:
                lock.acquire(wait=WAIT_SECONDS)
            except LibraryLockedError as error:
                next_step = "All passages are embedded; run the same command again to put them in place."
                raise LibraryLockedError(f"{error} {next_step}") from error
        try:
            yield
        finally:
            lock.release()


class _Pace:
    """How far and how fast it goes."""

    def __init__(self, before: Unfinished | None) -> None:
        self._done, self._tokens = (before.passages, before.tokens) if before else (0, 0)
        self._embedded = 0
        self._started = time.monotonic()

    def advance(self, embedded: int, tokens: int, passages: int) -> ReembedProgress:
        """Count some more; the library has `passages` now."""
        self._embedded += embedded
        self._tokens += tokens
        done = min(self._done + self._embedded, passages)
        speed = self._embedded / max(time.monotonic() - self._started, 1e-6)
        left = (passages - done) / speed if speed else None
        return ReembedProgress(done, passages, self._tokens, speed, left)
