"""How a library's tables came to be what they are, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, update

from vectorstore.database import fts5, schema

Migration = Callable[[Connection], None]


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection, checkfirst=False)
    fts5.create(connection)


MIGRATIONS: Sequence[Migration] = (_create,)
"""Migration n takes a library from schema version n - 1 to n. Published ones are never edited: the first
creates the tables as `schema` describes them today, so a later change to `schema` comes with a frozen copy
of what this one created."""


def migrate(connection: Connection, version: int, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a library from schema `version` to the newest, within the caller's transaction.

    Returns:
        The version it has now.
    """
    for step in migrations[version:]:
        step(connection)
    if version:
        connection.execute(update(schema.library).values(schema_version=len(migrations)))
    return len(migrations)
