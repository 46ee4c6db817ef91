"""The tables, as SQLAlchemy Core: the one description that queries, migrations and checks go by."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC; SQLite has no time zones, so they are added again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = MetaData()

library = Table(
    "library",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("embedder", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("model", String),
    Column("is_centred", Boolean, nullable=False),
    comment="One row: what this library is. `model` is what loads the embedder, as in the settings.",
)

changes = Table(
    "changes",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("token", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="One row a change of what can be found. The token tells generations of restored copies apart.",
)

articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("language", String, nullable=False),
    Column("title", Text),
    Column("subtitle", Text),
    Column("outlet", Text),
    Column("outlet_key", Text, index=True),
    Column("published_at", UtcDateTime, index=True),
    Column("published_precision", String),
    Column("published_provenance", String),
    Column("marks", JSON, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("generation", ForeignKey("changes.generation"), nullable=False, index=True),
    Column("superseded_by", ForeignKey("articles.id"), index=True),
    comment="`generation` is the one that brought its present passages. A superseded article has none.",
)

texts = Table(
    "texts",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    comment="Canonical texts, apart from `articles` so that filters and listings do not read through them.",
)

authors = Table(
    "authors",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
)

sources = Table(
    "sources",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("origin", Text, nullable=False),
    Column("location", Text, index=True),
    Column("url", Text),
    Column("added", UtcDateTime, nullable=False),
    Column("is_standing", Boolean, nullable=False),
    comment="Where a text was read. Not standing: another text has been read there since.",
)
Index(
    "one_standing_text_a_location",
    sources.c.location,
    unique=True,
    sqlite_where=sources.c.is_standing != false(),
    postgresql_where=sources.c.is_standing,
)

passages = Table(
    "passages",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentence_lengths", JSON, nullable=False),
    UniqueConstraint("article_id", "ordinal"),
    comment="`number` is the row in the lexical index. Sentences tile the passage, so lengths say all.",
)

vectors = Table(
    "vectors",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    comment="All of an article's vectors, passage by passage: little-endian float16, (passages, dimension).",
)

reembedding = Table(
    "reembedding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("embedder", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("model", String),
    Column("is_centred", Boolean, nullable=False),
    Column("begun", UtcDateTime, nullable=False),
    Column("tokens", Integer, nullable=False),
    comment="One row while a second set of vectors is being made: whose. None otherwise.",
)

next_vectors = Table(
    "next_vectors",
    metadata,
    Column("passage", ForeignKey("passages.number", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    comment="The second set: little-endian float16. Goes with its passage, so it never fits another one.",
)

states = Table(
    "states",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
    comment="Small things to remember between runs.",
)

receipts = Table(
    "receipts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("created", UtcDateTime, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("receipt", Text, nullable=False),
    comment="What was answered, with all that it takes to check it again, as JSON. Highest number: newest.",
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False, index=True),
    comment="Questions that follow each other.",
)

turns = Table(
    "turns",
    metadata,
    Column("session", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("asked", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("filters", Text, nullable=False),
    Column("receipt", ForeignKey("receipts.id", ondelete="SET NULL"), index=True),
    comment="A question as it was asked, and as it stands alone; its receipt until that is pruned.",
)

feedback = Table(
    "feedback",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("receipt", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("opinion", String, nullable=False),
    Column("rater", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("receipt", "rater"),
    comment="What readers thought of answers. Without a foreign key: it outlives the receipts.",
)
