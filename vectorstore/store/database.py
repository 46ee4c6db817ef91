"""The library database: the truth about articles, from which every index can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, insert, select, text

from vectorstore.model.article import Article, Passage
from vectorstore.model.errors import EmbedderReplacedError, SetupError
from vectorstore.model.filters import Filters
from vectorstore.store import changing, passages, references, schema
from vectorstore.store.articles import load_article, load_articles, load_headers
from vectorstore.store.checks import find_problems
from vectorstore.store.conditions import is_in_language, meets
from vectorstore.store.feedback import FeedbackStore
from vectorstore.store.fts5 import Fts5Index
from vectorstore.store.lexical import LexicalHit, LexicalIndex
from vectorstore.store.opening import check_embedder, make_folder, prepare, read_embedder, say_missing
from vectorstore.store.receipts import ReceiptStore
from vectorstore.store.records import (
    AddResult,
    ArticleHeader,
    EmbedderIdentity,
    RemoveResult,
    Revision,
    VectorBatch,
)
from vectorstore.store.reembedding import NextVectors
from vectorstore.store.revisions import has_revision, read_revision
from vectorstore.store.sessions import SessionStore
from vectorstore.store.sqlite import SqliteFile


def utc_now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


class Database:
    """Articles, their passages and vectors, and the lexical index, in one file.

    Each method is one transaction. Threads may share an instance; processes may each have one.

    Errors every method can raise: `SetupError` when the file is damaged, read-only or its disk full, with
    everything stored before intact, and `LibraryLockedError` when another process keeps it busy.
    """

    def __init__(
        self,
        file: SqliteFile,
        embedder: EmbedderIdentity,
        lexical: LexicalIndex,
        *,
        writable: bool,
        now: Callable[[], datetime],
    ) -> None:
        """Use `open`."""
        self.path = file.path
        self.embedder = embedder
        """Whose the vectors are, as of opening."""
        self.receipts = ReceiptStore(file, now)
        self.sessions = SessionStore(file, now)
        self.next_vectors = NextVectors(file, now)
        self.feedback = FeedbackStore(file, now)
        self._file = file
        self._lexical = lexical
        self._is_writable = writable
        self._now = now

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
            path: The file.
            writable: Whether articles will be added or removed, by the one process that may. Without it a
                file in a folder without write permission opens too.
            embedder: The one in use, which has to be the library's own; None when that is seen to later,
                which does for everything but a new library.
            now: The clock.

        Raises:
            SetupError: There is no library, no Pullquote library or a damaged one, or it is of a newer
                version or another embedder. The message names the file and the next command.
        """
        if not writable and not path.exists():
            raise SetupError(say_missing(path))
        if writable:
            make_folder(path.parent)
        file = SqliteFile(path, create=writable)
        try:
            identity = prepare(file, embedder, writable=writable, now=now())
        except BaseException:
            file.close()
            raise
        return cls(file, identity, Fts5Index(), writable=writable, now=now)

    def close(self) -> None:
        """Give the file free."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def require_embedder(self, embedder: EmbedderIdentity) -> None:
        """Refuse an embedder that is not the library's own, as `open` does when it is given one.

        Raises:
            SetupError: It is another one; the message names both and the way out.
            EmbedderReplacedError: The library's own has become another one since it was opened.
        """
        with self._reading_vectors() as connection:
            check_embedder(self.path, connection, embedder)

    def reopened(self) -> Self:
        """The same file as it is now, after its vectors have become another embedder's.

        Closing either closes both.
        """
        with self._file.read() as connection:
            identity = read_embedder(connection)
        return type(self)(self._file, identity, self._lexical, writable=self._is_writable, now=self._now)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.embedder.dimension

    @property
    def revision(self) -> Revision:
        """What can be found at this moment, in this library; read afresh.

        Raises:
            EmbedderReplacedError: Its vectors have become another embedder's: `reopened` goes on with it.
        """
        with self._reading_vectors() as connection:
            return read_revision(connection)

    @property
    def generation(self) -> int:
        """The revision's number; grows whenever what can be found changes."""
        return self.revision.generation

    def has_revision(self, revision: Revision) -> bool:
        """Whether this library was ever at `revision`."""
        with self._file.read() as connection:
            return has_revision(connection, revision)

    def needs_passages(self, article: Article) -> bool:
        """Whether `article` has to be cut and embedded before `add`.

        So when its text is new or superseded, or when this reading of it knows language, title, date or
        marks better. Otherwise `add` goes without passages.
        """
        with self._file.read() as connection:
            return changing.is_due_for_passages(load_article(connection, article.id), article)

    def add(
        self, article: Article, cut: Sequence[Passage] = (), vectors: NDArray[np.floating] | None = None
    ) -> AddResult:
        """Add an article with its passages and vectors, whole or not at all.

        A text that is here already is stored once: the place it was read at is noted, and what this
        reading knows of it fills gaps. A text whose location held another one supersedes that, which
        keeps its text and can no longer be found.

        Args:
            article: The article.
            cut: Its passages, tiling its text. They are not looked at when `needs_passages` is false.
            vectors: (n, d) unit vectors, as the embedder gave them. Kept as float16.

        Raises:
            ValueError: Passages are due and missing, or do not tile the text, or vectors do not fit them.
            SourceError: A different text happens to have the same id.
        """
        matrix = np.empty((0, self.dimension), np.float16) if vectors is None else vectors
        if cut:
            changing.validate(article, cut, matrix, self.dimension)
        with self._writing() as connection:
            return changing.add_article(connection, self._lexical, article, cut, matrix, self._now())

    def remove(self, article_id: str) -> RemoveResult:
        """Delete an article, and with a current one its earlier editions.

        Raises:
            UnknownArticleError: There is none of that id.
        """
        with self._writing() as connection:
            if load_article(connection, article_id) is None:
                raise references.unknown(article_id)
            return changing.remove_article(connection, self._lexical, article_id, self._now())

    def article(self, article_id: str) -> Article:
        """Load an article by its full id, superseded ones too.

        Raises:
            UnknownArticleError: There is none of that id.
        """
        with self._file.read() as connection:
            stored = load_article(connection, article_id)
        if stored is None:
            raise references.unknown(article_id)
        return stored.article

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Load several articles by their full ids, superseded ones too; unknown ids are left out."""
        with self._file.read() as connection:
            stored = load_articles(connection, list(article_ids))
        return {article_id: found.article for article_id, found in stored.items()}

    def find_successor(self, article_id: str) -> str | None:
        """The edition that stands where a superseded article stood; None for one that stands, or is unknown.

        When that one has been superseded too, the last of them.
        """
        with self._file.read() as connection:
            return references.find_successor(connection, article_id)

    def resolve(self, prefix: str) -> str:
        """Complete the beginning of an article's id, superseded ones' too.

        Raises:
            UnknownArticleError: No id, or more than one, begins like that; the message lists them.
        """
        with self._file.read() as connection:
            return references.resolve(connection, prefix)

    def headers(
        self, filters: Filters | None = None, *, include_superseded: bool = False
    ) -> list[ArticleHeader]:
        """List articles without their texts, newest first, undated ones last."""
        conditions = meets(filters or Filters())
        with self._file.read() as connection:
            return load_headers(connection, conditions, include_superseded=include_superseded)

    def languages(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Look up the languages (BCP 47) of up to a few thousand articles; unknown ids are left out."""
        columns = schema.articles.c
        with self._file.read() as connection:
            found = connection.execute(
                select(columns.id, columns.language).where(columns.id.in_(article_ids))
            ).all()
        return {row.id: row.language for row in found}

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Load passages in the order given, leaving out those that are no longer there."""
        with self._file.read() as connection:
            return passages.load_passages(connection, passage_ids)

    def passages_of(self, article_id: str) -> list[Passage]:
        """Load an article's passages in order; a superseded or unknown one has none."""
        with self._file.read() as connection:
            return passages.load_passages_of(connection, article_id)

    def passage_count(self) -> int:
        """How many passages can be found."""
        with self._file.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(schema.passages)) or 0)

    def passage_ids(self, *, since: int | None = None) -> list[str]:
        """List the ids of all passages, or of those that came after generation `since`."""
        conditions = [] if since is None else [schema.articles.c.generation > since]
        with self._file.read() as connection:
            return passages.list_passage_ids(connection, conditions)

    def candidate_ids(self, filters: Filters) -> list[str] | None:
        """List the ids of the passages that `filters` leaves; None when it leaves all, being empty."""
        if filters.is_empty:
            return None
        with self._file.read() as connection:
            return passages.list_passage_ids(connection, meets(filters))

    def vectors(self, passage_ids: Sequence[str]) -> VectorBatch:
        """Load vectors in the order given, leaving out passages that are no longer there.

        Raises:
            EmbedderReplacedError: They have become another embedder's.
        """
        with self._reading_vectors() as connection:
            return passages.load_vectors(connection, passage_ids, self.dimension)

    def iter_vectors(self, batch: int) -> Iterator[VectorBatch]:
        """Load all vectors as one state of the library has them, about `batch` at a time, whole articles.

        Raises:
            EmbedderReplacedError: They have become another embedder's.
        """
        with self._reading_vectors() as connection:
            yield from passages.iter_article_vectors(connection, batch, self.dimension)

    def lexical_search(
        self,
        terms: Sequence[str],
        *,
        limit: int,
        languages: tuple[str, ...] = (),
        filters: Filters | None = None,
    ) -> list[LexicalHit]:
        """Find passages by terms of `vectorstore.text.terms.query_terms`, best first.

        Args:
            terms: Any one will do. The most common ones are not looked at in a large library.
            limit: Most passages returned.
            languages: BCP 47 ranges as in `Filters`; only passages in one of them, all when empty.
            filters: Further conditions on the passages' articles.
        """
        conditions = meets(filters or Filters())
        if languages:
            conditions.append(is_in_language(languages))
        with self._file.read() as connection:
            return self._lexical.search(connection, terms, limit, conditions)

    def put_state(self, key: str, value: str) -> None:
        """Remember something small between runs; a reader may, where the file can be written.

        Raises:
            SetupError: It cannot.
        """
        with self._file.write() as connection:
            connection.execute(delete(schema.states).where(schema.states.c.key == key))
            connection.execute(insert(schema.states).values(key=key, value=value))

    def get_state(self, key: str) -> str | None:
        """Recall what `put_state` was given last, None when nothing."""
        with self._file.read() as connection:
            return connection.scalar(select(schema.states.c.value).where(schema.states.c.key == key))

    def check(self) -> list[str]:
        """Look for damage, reading everything.

        Returns:
            A line for each problem: pages or indexes SQLite finds broken, texts that are not what was
            added, passages that do not tile their text, vectors and terms that do not fit them.
        """
        if self._file.is_writable:
            with self._file.write() as connection:
                problems = self._lexical.check(connection)
        else:
            problems = []
        with self._file.read() as connection:
            lines = connection.scalars(text("PRAGMA integrity_check")).all()
            problems += [f"{self.path}: {line}" for line in lines if line != "ok"]
            strays = connection.execute(text("PRAGMA foreign_key_check")).all()
            problems += [f"{self.path}: row {row[1]} of {row[0]} belongs to nothing" for row in strays]
            problems += find_problems(connection, self._lexical, self.dimension)
        return problems

    def rebuild_lexical(self) -> None:
        """Make the lexical index again from the articles' texts."""
        with self._writing() as connection:
            passages.index_terms_again(connection, self._lexical)

    @contextmanager
    def _reading_vectors(self) -> Iterator[Connection]:
        with self._file.read() as connection:
            now = read_embedder(connection)
            if not now.is_same_as(self.embedder):
                raise EmbedderReplacedError(
                    f"The vectors in {self.path} have become those of {now.fingerprint} meanwhile. Run the "
                    "command again."
                )
            yield connection

    def _writing(self) -> AbstractContextManager[Connection]:
        if not self._is_writable:
            raise ValueError(f"{self.path} was opened for reading")
        return self._file.write()
