"""SQLite under SQLAlchemy: how its file is opened, locked and written, and what its errors mean to a user.

The one module another engine would need its own version of. Durability is `synchronous=FULL`: what `add` has
acknowledged survives a power cut as well as a kill. `NORMAL` would survive the kill alone and saves a few
milliseconds an article, where embedding the article takes a hundred.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Executable, NullPool, QueuePool, Table, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from vectorstore.model.errors import LibraryLockedError, SetupError

BUSY_SECONDS = 30
"""How long a transaction waits for another process's; one article's takes milliseconds."""

_WRITES = "pullquote_writes"
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_PERM")
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR")


def utc_now() -> datetime:
    return datetime.now(UTC)


class SqliteFile:
    """One SQLite file and its transactions. Threads may share it; each transaction has its own connection."""

    def __init__(self, path: Path, *, create: bool = False, now: Callable[[], datetime] = utc_now) -> None:
        """Take the path, without touching the file yet; `create` makes it when it is missing."""
        self.path = path
        self.now = now
        # SQLite makes its log beside the file, so the folder has to be writable too.
        self.is_writable = os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
        self._create = create and self.is_writable
        # A read-only connection may see the file as it was when it was opened, so it is not reused.
        pool = QueuePool if self.is_writable else NullPool
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=pool)
        self._writing = self._engine.execution_options(**{_WRITES: True})
        event.listen(self._engine, "begin", _begin)

    def _connect(self) -> sqlite3.Connection:
        uri = self.path.absolute().as_uri() + self._mode()
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if self.is_writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _mode(self) -> str:
        if self.is_writable:
            return "?mode=rwc" if self._create else "?mode=rw"
        # Without write permission SQLite can read a WAL file only by the shared memory of a process that
        # writes. With neither there, the main file is whole and, as no process is writing, unchanging.
        has_log = any(_size(self.path, suffix) for suffix in ("-wal", "-shm"))
        return "?mode=ro" if has_log else "?mode=ro&immutable=1"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the file throughout."""
        with self._explaining(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; rolled back when the block raises.

        Raises SetupError if the file or its folder is read-only, or the disk is full. Raises
        LibraryLockedError if another transaction did not end within `BUSY_SECONDS`.
        """
        if not self.is_writable:
            raise SetupError(_unwritable(self.path))
        with self._explaining(), self._writing.begin() as connection:
            yield connection

    def rows(self, statement: Executable) -> Sequence[Any]:
        """Return all rows of a statement that reads, in a transaction of its own."""
        with self.read() as connection:
            return connection.execute(statement).all()

    def count(self, table: Table) -> int:
        with self.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def close(self) -> None:
        """Close every connection; the last one of all processes folds the log into the file."""
        self._engine.dispose()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if (explained := _explain(self.path, error.orig)) is None:
                raise
            raise explained from error


class Store:
    """One part of a library. Threads and processes may share it: each method is one short transaction.

    Errors are those of `Database`; a library that cannot be written raises `SetupError` from what writes.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _size(path: Path, suffix: str) -> int:
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except OSError:
        return 0


def _explain(path: Path, error: Any) -> SetupError | LibraryLockedError | None:
    """Return what a user can do about an SQLite error; None when it is a mistake of ours."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryLockedError(
            f"{path} has been busy for {BUSY_SECONDS} seconds: another process keeps writing to it. "
            "Run the command again once it is done."
        )
    if name.startswith(_NO_ROOM):
        return SetupError(
            f"{path} could not be written ({error}). What was stored before is safe. Look for free space "
            "with `df -h`, then run the same command again: it resumes where it stopped."
        )
    if name.startswith(_UNWRITABLE):
        return SetupError(_unwritable(path))
    if name.startswith("SQLITE_CANTOPEN"):
        return SetupError(_unopenable(path))
    if name.startswith(_DAMAGED):
        return SetupError(
            f"{path} is damaged, or is no Pullquote library ({error}). `pullquote doctor` says more; "
            "put back a copy, or move the file away and add the articles again with `pullquote add`."
        )
    return None


def _unwritable(path: Path) -> str:
    return (
        f"{path} cannot be written: the file or its folder is read-only for this account. Change that with "
        "`chmod`, or use another `--library`."
    )


def _unopenable(path: Path) -> str:
    if not os.access(path, os.R_OK):
        denied = os.strerror(errno.EACCES)
        return f"{path} cannot be read ({denied}). Change that with `chmod`, or use another `--library`."
    return (
        f"{path} cannot be opened: it was left in the middle of a change and its folder is read-only, so the "
        "change cannot be completed. Run `pullquote doctor` once from an account that may write there."
    )
