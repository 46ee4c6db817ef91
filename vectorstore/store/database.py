"""The library database: the truth about articles, from which every index can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, text

from vectorstore.model.article import Article, Passage
from vectorstore.model.errors import SetupError
from vectorstore.store import changing, fts5
from vectorstore.store.articles import ArticleStore, load_article, unknown_article
from vectorstore.store.feedback import FeedbackStore
from vectorstore.store.opening import check_embedder, make_folder, prepare, read_embedder, say_missing
from vectorstore.store.passages import PassageStore, load_passages_of, rebuild_terms
from vectorstore.store.receipts import ReceiptStore
from vectorstore.store.records import AddResult, EmbedderIdentity, Revision
from vectorstore.store.reembedding import NextVectors
from vectorstore.store.schema import articles, changes, library, passages, vectors
from vectorstore.store.sessions import SessionStore
from vectorstore.store.sqlite import SqliteFile, utc_now
from vectorstore.store.vectors import VectorStore, has_unit_rows, unpack_vectors
from vectorstore.text.canonical import article_id as id_of


class Database(AbstractContextManager["Database"]):
    """Articles, their passages and vectors, and the lexical index, in one file.

    Each method is one transaction. Threads may share an instance; processes may each have one. Errors every
    method can raise: `SetupError` when the file is damaged, read-only or its disk full, with everything
    stored before intact, and `LibraryLockedError` when another process is using it for too long.
    """

    def __init__(self, file: SqliteFile, embedder: EmbedderIdentity, *, writable: bool) -> None:
        """Use `open`."""
        self.path = file.path
        self.embedder = embedder
        """Whose the vectors are, as of opening."""
        self.articles = ArticleStore(file)
        self.passages = PassageStore(file)
        self.vectors = VectorStore(file, embedder)
        self.receipts = ReceiptStore(file)
        self.sessions = SessionStore(file)
        self.next_vectors = NextVectors(file)
        self.feedback = FeedbackStore(file)
        self._file = file
        self._is_writable = writable

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        writable: bool,
        embedder: EmbedderIdentity | None,
        now: Callable[[], datetime] = utc_now,
    ) -> Database:
        """Open a library's database file, making it if `writable` and missing.

        Args:
            path: The file, also one in a folder without write permission unless it is to be `writable`.
            writable: Whether articles will be added or removed, by the one process that may.
            embedder: The one in use, which has to be the library's own; only a new library needs it here.
            now: The clock.

        Raises SetupError when there is no library, no Pullquote library or a damaged one, or it is of a newer
        version or another embedder.
        """
        if not writable and not path.exists():
            raise SetupError(say_missing(path))
        if writable:
            make_folder(path.parent)
        file = SqliteFile(path, create=writable, now=now)
        try:
            return cls(file, prepare(file, embedder, writable=writable), writable=writable)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def __exit__(self, *raised: object) -> None:
        self.close()

    def require_embedder(self, embedder: EmbedderIdentity) -> None:
        """Refuse an embedder that is not the library's own with SetupError, as `open` does.

        Raises EmbedderReplacedError when the library's own has become another one since it was opened.
        """
        with self.vectors.reading() as connection:
            check_embedder(self.path, connection, embedder)

    def reopened(self) -> Self:
        """Return this file as it is since its vectors are another embedder's; closing either closes both."""
        with self._file.read() as connection:
            identity = read_embedder(connection)
        return type(self)(self._file, identity, writable=self._is_writable)

    @property
    def revision(self) -> Revision:
        """What can be found at this moment, in this library.

        Raises EmbedderReplacedError when its vectors have become another's: continue with `reopened`.
        """
        with self.vectors.reading() as connection:
            by_age = select(changes.c.generation, changes.c.token).order_by(changes.c.generation.desc())
            generation, token = connection.execute(by_age.limit(1)).one()
            return Revision(str(connection.scalar(select(library.c.uuid))), generation, token)

    @property
    def generation(self) -> int:
        """The revision's number; grows whenever what can be found changes."""
        return self.revision.generation

    def has_revision(self, revision: Revision) -> bool:
        """Whether this library was ever at `revision`."""
        with self._file.read() as connection:
            of_generation = select(changes.c.token).where(changes.c.generation == revision.generation)
            uuid, token = connection.scalar(select(library.c.uuid)), connection.scalar(of_generation)
        return (uuid, token) == (revision.library, revision.token)

    def needs_passages(self, article: Article) -> bool:
        """Whether `article` has to be cut and embedded before `add`.

        So when its text is new or superseded, or when this reading of it knows language, title, date or
        boilerplate better. Otherwise `add` goes without passages.
        """
        with self._file.read() as connection:
            return changing.is_due_for_passages(load_article(connection, article.id), article)

    def add(
        self, article: Article, cut: Sequence[Passage] = (), vectors: NDArray[np.floating] | None = None
    ) -> AddResult:
        """Add an article with its passages `cut` and their (n, d) unit vectors, whole or not at all.

        A text that is here already is stored once: the place it was read at is noted, and what this reading
        knows of it fills gaps. A text whose location held another one supersedes that, which stays stored and
        can no longer be found. Passages matter only where `needs_passages` is true. Raises ValueError if
        passages are due and missing, or do not tile the text, or vectors do not fit them. Raises SourceError
        if a different text happens to have the same id.
        """
        dimension = self.embedder.dimension
        matrix = np.empty((0, dimension), np.float16) if vectors is None else vectors
        if cut:
            changing.validate(article, cut, matrix, dimension)
        with self._writing() as connection:
            return changing.add_article(connection, article, cut, matrix, self._file.now())

    def remove(self, article_id: str) -> tuple[str, ...]:
        """Delete an article, with a current one its earlier editions, and return the ids of its passages.

        Raises UnknownArticleError.
        """
        with self._writing() as connection:
            if load_article(connection, article_id) is None:
                raise unknown_article(article_id)
            return changing.remove_article(connection, article_id, self._file.now())

    def check(self) -> list[str]:
        """Look for damage, reading everything, and return a line for each problem.

        Problems are pages or indexes SQLite finds broken, texts that are not what was added, passages that do
        not tile their text, vectors and terms that do not fit them.
        """
        problems: list[str] = []
        if self._file.is_writable:
            with self._file.write() as connection:
                problems += fts5.find_damage(connection)
        with self._file.read() as connection:
            lines = connection.scalars(text("PRAGMA integrity_check")).all()
            problems += [f"{self.path}: {line}" for line in lines if line != "ok"]
            strays = connection.execute(text("PRAGMA foreign_key_check")).all()
            problems += [f"{self.path}: row {row[1]} of {row[0]} belongs to nothing" for row in strays]
            problems += _find_problems(connection, self.embedder.dimension)
        return problems

    def rebuild_lexical(self) -> None:
        """Make the lexical index again from the articles' texts."""
        with self._writing() as connection:
            rebuild_terms(connection)

    def _writing(self) -> AbstractContextManager[Connection]:
        if not self._is_writable:
            raise ValueError(f"{self.path} was opened for reading")
        return self._file.write()


def _find_problems(connection: Connection, dimension: int) -> Iterator[str]:
    """Yield a line for each thing that contradicts what the library promises about its articles."""
    numbers: set[int] = set()
    for article_id in connection.scalars(select(articles.c.id).order_by(articles.c.id)).all():
        stored = load_article(connection, article_id)
        if stored is None or id_of(stored.article.text) != article_id:
            yield f"article {article_id}: its text is missing or not the one that was added"
            continue
        of_article = select(passages.c.number).where(passages.c.article_id == article_id)
        numbers.update(connection.scalars(of_article))
        cut = load_passages_of(connection, article_id)
        data = connection.scalar(select(vectors.c.data).where(vectors.c.article_id == article_id))
        if stored.superseded_by is None:
            yield from _find_in_current(stored.article, cut, data, dimension)
        elif cut or data is not None:
            yield f"article {article_id}: superseded, but can still be found"
    indexed = fts5.passage_numbers(connection)
    if indexed != numbers:
        missing, left_over = len(numbers - indexed), len(indexed - numbers)
        yield f"lexical index: {missing} passages are missing, {left_over} are left over"


def _find_in_current(
    article: Article, cut: list[Passage], data: bytes | None, dimension: int
) -> Iterator[str]:
    if problem := changing.find_tiling_problem(article, cut):
        yield f"article {article.id}: {problem}"
    if data is None or len(data) != len(cut) * dimension * 2:
        yield f"article {article.id}: its vectors are missing or of another number than its passages"
    elif not has_unit_rows(unpack_vectors(data, dimension)):
        yield f"article {article.id}: its vectors are not finite and of unit length"
