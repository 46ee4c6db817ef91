"""One set of vectors with all that searches it; another embedder's take its place as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vectorstore.model.settings import LibrarySettings

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder, VectorEmbedder
    from vectorstore.index import ChromaIndex, Transform
    from vectorstore.index.lock import WriterLock
    from vectorstore.search.retriever import Retriever
    from vectorstore.store import Database, EmbedderIdentity

INDEX_FOLDER = "chroma"


class BundledModel:
    """The bundled model, or what a caller gave for it: it cuts and reads, whatever the vectors are from."""

    def __init__(self, load: Callable[[], Embedder], *, is_given: bool = False) -> None:
        """Take `load`, which is called once."""
        self.is_given = is_given
        """Whether it is to make the vectors too, whatever the settings name."""
        self._load = load
        self._loaded: Embedder | None = None
        self._guard = Lock()

    @classmethod
    def of(cls, settings: LibrarySettings, given: Embedder | None, *, at_once: bool) -> BundledModel:
        """Return the reader for `settings`; with `at_once` it begins to load in the background."""
        if given is not None:
            return cls(lambda: given, is_given=True)
        return cls(_start(settings) if at_once else partial(_load, settings))

    def load(self) -> Embedder:
        """Return the model, when it is loaded. Raises SetupError when its weights are missing."""
        with self._guard:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def load_embedder(self, settings: LibrarySettings, identity: EmbedderIdentity | None) -> VectorEmbedder:
        """Return the embedder of a library's vectors, or of the settings. SetupError when it is not there."""
        from vectorstore.embedding import load_embedder

        if self.is_given:
            return self.load()
        model, dimension = settings.embedder.model, None
        if identity is not None and identity.model is not None:
            # A folder may have moved: the setting's is looked at then, and has to hold the same model.
            is_moved = model.startswith("e5:") and identity.model.startswith("e5:")
            model, dimension = model if is_moved else identity.model, identity.dimension
        return load_embedder(model, settings, self.load, os.environ, dimension=dimension)

    def identify(self, settings: LibrarySettings, model: str) -> tuple[VectorEmbedder, EmbedderIdentity]:
        """Load the embedder called `model` and look what a library has to know of it.

        Raises SetupError when it is not there, or its server is not configured or does not answer.
        """
        from vectorstore.embedding import has_same_space, load_embedder
        from vectorstore.store import EmbedderIdentity

        if self.is_given:
            given = self.load()
            return given, EmbedderIdentity(given.fingerprint, given.dimension)
        embedder = load_embedder(model, settings, self.load, os.environ)
        kind, _, name = model.partition(":")
        is_centred = kind == "e5" and (not name or has_same_space(embedder, self.load()))
        if kind == "e5" and name:
            model = f"e5:{Path(name).expanduser().absolute()}"
        return embedder, EmbedderIdentity(embedder.fingerprint, embedder.dimension, model, is_centred)


@dataclass(eq=False)
class Serving:
    """The vectors that a library has now. Parts are made when they are first needed."""

    settings: LibrarySettings
    database: Database
    _lock: WriterLock
    _reader: BundledModel
    _notice: Callable[[str], None]
    _guard: Lock = field(default_factory=Lock)

    def close(self) -> None:
        # Where `cached_property` puts it: asking for it here would open the index only to close it.
        if (index := self.__dict__.get("index")) is not None:
            index.close()

    def reopened(self) -> Serving:
        """Return the library's vectors as they are now; these are closed."""
        self.close()
        return Serving(self.settings, self.database.reopened(), self._lock, self._reader, self._notice)

    @cached_property
    def embedder(self) -> VectorEmbedder:
        """What makes the vectors. Raises SetupError when the library's are another's."""
        from vectorstore.store import EmbedderIdentity

        embedder = self._reader.load_embedder(self.settings, self.database.embedder)
        self.database.require_embedder(EmbedderIdentity(embedder.fingerprint, embedder.dimension))
        return embedder

    @cached_property
    def index(self) -> ChromaIndex:
        """Nearest passages by them."""
        from vectorstore.index import ChromaIndex

        return ChromaIndex(
            self.settings.path / INDEX_FOLDER,
            self.database,
            choose_transform(self.database.embedder),
            lock=self._lock,
            exact_scan_limit=self.settings.search.exact_scan_limit,
            notice=self._notice,
        )

    @property
    def retriever(self) -> Retriever:
        """Search by them; threads that ask for it at once get the same."""
        with self._guard:
            return self._retriever

    @cached_property
    def _retriever(self) -> Retriever:
        from vectorstore.search.candidates import FirstStage
        from vectorstore.search.retriever import Retriever
        from vectorstore.search.transform import Centering

        embedder, reader = self.embedder, self._reader.load()
        if embedder is reader:
            return Retriever(reader, self.index, self.database)
        centering = Centering.shipped() if self.database.embedder.is_centred else None
        return Retriever(reader, self.index, self.database, first_stage=FirstStage(embedder, centering))


def choose_transform(identity: EmbedderIdentity) -> Transform:
    """Return what an embedder's vectors go through on their way into the index."""
    from vectorstore.search.candidates import Uncentred
    from vectorstore.search.transform import Centering

    return Centering.shipped() if identity.is_centred else Uncentred()


def _start(settings: LibrarySettings) -> Callable[[], Embedder]:
    """Load the models in threads, so that they are ready when the database and the index are."""
    from vectorstore.text import languages

    # Not daemon threads: native code must not be cut off in the middle when the interpreter ends.
    loaders = ThreadPoolExecutor(2, "load")
    embedder = loaders.submit(_load, settings)
    loaders.submit(languages.load, settings.cache)
    loaders.shutdown(wait=False)
    return embedder.result


def _load(settings: LibrarySettings) -> Embedder:
    from vectorstore.embedding import E5Embedder

    return E5Embedder.bundled(settings.cache, settings.embedder.threads)
