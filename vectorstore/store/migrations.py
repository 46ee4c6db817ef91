"""How a library's tables came to be what they are, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, text, update

from vectorstore.store import fts5, schema

Migration = Callable[[Connection], None]

_FIRST_LIBRARY = Table(
    schema.library.name,
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("uuid", String, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("embedder", String, nullable=False),
    Column("dimension", Integer, nullable=False),
)
"""As versions 1 to 3 had it."""


def _create(connection: Connection) -> None:
    articles = schema.articles, schema.texts, schema.authors, schema.sources
    tables = schema.changes, *articles, schema.passages, schema.vectors, schema.states
    _FIRST_LIBRARY.create(connection)
    schema.metadata.create_all(connection, tables, checkfirst=False)
    fts5.create(connection)


def _keep_receipts_and_sessions(connection: Connection) -> None:
    tables = schema.receipts, schema.sessions, schema.turns
    schema.metadata.create_all(connection, tables, checkfirst=False)
    connection.execute(delete(schema.states).where(schema.states.c.key == "last_answer"))


def _keep_feedback(connection: Connection) -> None:
    schema.metadata.create_all(connection, (schema.feedback,), checkfirst=False)


def _prepare_for_other_embedders(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE library ADD COLUMN model VARCHAR"))
    connection.execute(text("ALTER TABLE library ADD COLUMN is_centred BOOLEAN NOT NULL DEFAULT TRUE"))
    # The language means have this many numbers; a library of a larger model could not be searched.
    connection.execute(text("UPDATE library SET is_centred = FALSE WHERE dimension > 384"))
    schema.metadata.create_all(connection, (schema.reembedding, schema.next_vectors), checkfirst=False)


MIGRATIONS: Sequence[Migration] = (
    _create,
    _keep_receipts_and_sessions,
    _keep_feedback,
    _prepare_for_other_embedders,
)
"""Migration n takes a library from schema version n - 1 to n. Published ones are never edited: they create
their tables as `schema` describes them today, so a later change to one of these tables comes with a frozen
copy of what was created here."""


def migrate(connection: Connection, version: int, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a library from schema `version` to the newest, in the caller's transaction; return that one."""
    for step in migrations[version:]:
        step(connection)
    if version:
        connection.execute(update(schema.library).values(schema_version=len(migrations)))
    return len(migrations)
