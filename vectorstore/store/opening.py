"""Opening a library's file: what has to be made, brought up to date or refused."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select

from vectorstore.model.errors import SetupError
from vectorstore.store import schema
from vectorstore.store.migrations import MIGRATIONS, migrate
from vectorstore.store.records import EmbedderIdentity
from vectorstore.store.sqlite import SqliteFile


def make_folder(folder: Path) -> None:
    """Make a library's folder. Raises SetupError when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The library's folder {folder} cannot be made ({error.strerror}). "
            "Name another place with `--library`."
        ) from error


def prepare(file: SqliteFile, embedder: EmbedderIdentity | None, *, writable: bool) -> EmbedderIdentity:
    """Make, migrate and check a library, and return whose its vectors are; errors of `Database.open`."""
    with file.read() as connection:
        is_new = _is_empty(file.path, connection)
        version = 0 if is_new else int(connection.scalar(select(schema.library.c.schema_version)) or 0)
    if is_new and not writable:
        raise SetupError(say_missing(file.path))
    if version > len(MIGRATIONS):
        raise SetupError(
            f"{file.path} was written by a newer Pullquote (library version {version}, this one knows "
            f"{len(MIGRATIONS)}). Update with `pip install --upgrade pullquote`, or use another `--library`."
        )
    if version < len(MIGRATIONS):
        if not writable:
            raise SetupError(
                f"{file.path} is from an older Pullquote (library version {version}). "
                "`pullquote doctor --repair` brings it up to date."
            )
        with file.write() as connection:
            if not is_new:
                migrate(connection, version)
            elif _is_empty(file.path, connection):  # Still: another process may have made it meanwhile.
                _create(connection, embedder, file.now())
    with file.read() as connection:
        return check_embedder(file.path, connection, embedder)


def _is_empty(path: Path, connection: Connection) -> bool:
    tables = inspect(connection).get_table_names()
    if tables and schema.library.name not in tables:
        raise SetupError(
            f"{path} is a database of another program, no Pullquote library. Name another with `--library`."
        )
    return not tables


def _create(connection: Connection, embedder: EmbedderIdentity | None, now: datetime) -> None:
    if embedder is None:
        raise ValueError("a new library needs to know its embedder")
    version = migrate(connection, 0)
    row = {"uuid": secrets.token_hex(16), "schema_version": version, **embedder.as_columns()}
    connection.execute(insert(schema.library).values(row))
    begin_generation(connection, now)


def begin_generation(connection: Connection, now: datetime) -> int:
    """Start the next generation, and return it."""
    newest = connection.scalar(select(func.max(schema.changes.c.generation)))
    generation = 0 if newest is None else newest + 1
    token = secrets.token_hex(8)
    connection.execute(insert(schema.changes).values(generation=generation, token=token, at=now))
    return generation


def read_embedder(connection: Connection) -> EmbedderIdentity:
    """Return the embedder that a library's vectors are from."""
    columns = schema.library.c
    stored = select(columns.embedder, columns.dimension, columns.model, columns.is_centred)
    return EmbedderIdentity(*connection.execute(stored).one())


def peek_embedder(path: Path) -> EmbedderIdentity | None:
    """Return a library's embedder, of any version; None without a library. SetupError when it is damaged."""
    if not path.exists():
        return None
    file = SqliteFile(path)
    try:
        with file.read() as connection:
            if _is_empty(path, connection):
                return None
            columns = {column["name"] for column in inspect(connection).get_columns(schema.library.name)}
            if schema.library.c.model.name in columns:
                return read_embedder(connection)
            # Before the migration that brings `model`, every library was of the bundled one.
            stored = select(schema.library.c.embedder, schema.library.c.dimension)
            return EmbedderIdentity(*connection.execute(stored).one())
    finally:
        file.close()


def check_embedder(path: Path, connection: Connection, embedder: EmbedderIdentity | None) -> EmbedderIdentity:
    """Return the embedder that a library's vectors are from; SetupError when `embedder` is another one."""
    stored = read_embedder(connection)
    if embedder is not None and not embedder.is_same_as(stored):
        raise SetupError(
            f"{path} holds vectors of the embedder {stored.fingerprint} ({stored.dimension} dimensions), and "
            f"{embedder.fingerprint} ({embedder.dimension}) is here: they cannot be compared. Put the former "
            "back, or make new vectors: `pullquote reembed`."
        )
    return stored


def say_missing(path: Path) -> str:
    """Return what to do where no library is."""
    return f"There is no library at {path} yet. Add articles first: `pullquote add PATH`."
