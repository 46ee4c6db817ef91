"""The tables, as SQLAlchemy Core: the one description that queries, migrations and checks go by."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC; SQLite has no time zones, so they are added again when read."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = sa.MetaData()


def _table(name: str, *parts: sa.schema.SchemaItem, comment: str | None = None) -> sa.Table:
    return sa.Table(name, metadata, *parts, comment=comment)


library = _table(
    "library",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("uuid", sa.String, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("embedder", sa.String, nullable=False),
    sa.Column("dimension", sa.Integer, nullable=False),
    sa.Column("model", sa.String),
    sa.Column("is_centred", sa.Boolean, nullable=False),
    comment="One row: what this library is. `model` is what loads the embedder, as in the settings.",
)

changes = _table(
    "changes",
    sa.Column("generation", sa.Integer, primary_key=True),
    sa.Column("token", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    comment="One row a change of what can be found. The token distinguishes generations of restored copies.",
)

articles = _table(
    "articles",
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("subtitle", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("outlet_key", sa.Text, index=True),
    sa.Column("published_at", UtcDateTime, index=True),
    sa.Column("published_precision", sa.String),
    sa.Column("published_provenance", sa.String),
    sa.Column("marks", sa.JSON, nullable=False),
    sa.Column("added", UtcDateTime, nullable=False),
    sa.Column("generation", sa.ForeignKey("changes.generation"), nullable=False, index=True),
    sa.Column("superseded_by", sa.ForeignKey("articles.id"), index=True),
    comment="`generation` is the one that brought its present passages. A superseded article has none.",
)

texts = _table(
    "texts",
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    comment="Canonical texts, apart from `articles` so that filters and listings do not read through them.",
)

authors = _table(
    "authors",
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, index=True),
)

sources = _table(
    "sources",
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("location", sa.Text, index=True),
    sa.Column("url", sa.Text),
    sa.Column("added", UtcDateTime, nullable=False),
    sa.Column("is_standing", sa.Boolean, nullable=False),
    comment="Where a text was read. `is_standing`: no other text has been read there since.",
)
sa.Index(
    "one_standing_text_a_location",
    sources.c.location,
    unique=True,
    sqlite_where=sources.c.is_standing != sa.false(),
    postgresql_where=sources.c.is_standing,
)

passages = _table(
    "passages",
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("sentence_lengths", sa.JSON, nullable=False),
    sa.UniqueConstraint("article_id", "ordinal"),
    comment="`number` is the row in the lexical index. Sentences tile the passage, so lengths say all.",
)

vectors = _table(
    "vectors",
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="All of an article's vectors, passage by passage: little-endian float16, (passages, dimension).",
)

reembedding = _table(
    "reembedding",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("embedder", sa.String, nullable=False),
    sa.Column("dimension", sa.Integer, nullable=False),
    sa.Column("model", sa.String),
    sa.Column("is_centred", sa.Boolean, nullable=False),
    sa.Column("begun", UtcDateTime, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    comment="One row while a second set of vectors is being made: whose. None otherwise.",
)

next_vectors = _table(
    "next_vectors",
    sa.Column("passage", sa.ForeignKey("passages.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="The second set: little-endian float16. Goes with its passage, so it never fits another one.",
)

states = _table(
    "states",
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    comment="Small things to remember between runs.",
)

receipts = _table(
    "receipts",
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("created", UtcDateTime, nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("verdict", sa.String, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    comment="What was answered, with all that it takes to check it again, as JSON. Highest number: newest.",
)

sessions = _table(
    "sessions",
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("updated", UtcDateTime, nullable=False, index=True),
    comment="Questions that follow each other.",
)

turns = _table(
    "turns",
    sa.Column("session", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("filters", sa.Text, nullable=False),
    sa.Column("receipt", sa.ForeignKey("receipts.id", ondelete="SET NULL"), index=True),
    comment="A question as it was asked, and as it can be read alone; its receipt until that is pruned.",
)

feedback = _table(
    "feedback",
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("receipt", sa.String, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("opinion", sa.String, nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("receipt", "rater"),
    comment="What readers thought of answers. Without a foreign key: it outlives the receipts.",
)
