"""The generation number, and the random token that makes one unmistakable."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select

from vectorstore.store.records import Revision
from vectorstore.store.schema import changes, library


def read_revision(connection: Connection) -> Revision:
    """Return the newest revision."""
    newest = select(changes.c.generation, changes.c.token).order_by(changes.c.generation.desc()).limit(1)
    generation, token = connection.execute(newest).one()
    return Revision(str(connection.scalar(select(library.c.uuid))), generation, token)


def has_revision(connection: Connection, revision: Revision) -> bool:
    """Whether this library was ever at `revision`."""
    if connection.scalar(select(library.c.uuid)) != revision.library:
        return False
    token = connection.scalar(select(changes.c.token).where(changes.c.generation == revision.generation))
    return token == revision.token


def begin_generation(connection: Connection, now: datetime) -> int:
    """Start the next generation, and return it."""
    newest = connection.scalar(select(changes.c.generation).order_by(changes.c.generation.desc()).limit(1))
    generation = 0 if newest is None else newest + 1
    connection.execute(insert(changes).values(generation=generation, token=secrets.token_hex(8), at=now))
    return generation
