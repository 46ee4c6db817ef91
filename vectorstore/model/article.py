"""What an article is once it has been read: immutable text, and offsets into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

UNDETERMINED = "und"
"""BCP 47 for "language not known"."""


class Span(NamedTuple):
    """`[start, end)` in code points of an article's canonical text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


class Role(StrEnum):
    """What a stretch of text is, when it is not the article's own running text."""

    TITLE = "title"
    REPEATED_TITLE = "repeated_title"
    CAPTION = "caption"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A stretch of an article's text that can be cited as what it is, but does not lead an answer."""

    span: Span
    role: Role


class Precision(StrEnum):
    """How exactly a publication time is known."""

    DAY = "day"
    MINUTE = "minute"


class Provenance(StrEnum):
    """Where a piece of metadata comes from, so that nothing is guessed silently."""

    GIVEN = "given"  # by the user, on the command line
    METADATA = "metadata"  # by the file: front matter, HTML tags, JSON fields
    TEXT = "text"  # read out of the article's own words


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared."""

    at: datetime
    """Aware, in UTC; midnight when only the day is known."""
    precision: Precision
    provenance: Provenance

    def __str__(self) -> str:
        shape = "%Y-%m-%d" if self.precision is Precision.DAY else "%Y-%m-%d %H:%M UTC"
        return self.at.strftime(shape)


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is canonical (see `canonical.canonicalize`) and never changes."""

    id: str
    """First 16 hex digits of the SHA-256 of `text` in UTF-8."""
    text: str = field(repr=False)
    language: str
    """BCP 47, `und` when it is not known."""
    origin: str
    """Where it was read, for people: a path, `path#line 12`, or a URL."""
    location: str | None = None
    """What identifies the same article in a later edition (URL or path); None when nothing does."""
    title: str | None = None
    subtitle: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    url: str | None = None
    boilerplate: tuple[Boilerplate, ...] = ()

    def slice(self, span: Span) -> str:
        return span.of(self.text)

    def role_at(self, span: Span) -> Role | None:
        """Return what the text at `span` is, None for running text."""
        return next((part.role for part in self.boilerplate if part.span.overlaps(span)), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article: the unit that is embedded and found.

    The passages of one article tile its text; the sentences of a passage tile the passage, so a
    sentence's span may end in white space (`trim` in `paragraphs` takes it off for a citation).
    """

    article_id: str
    ordinal: int
    span: Span
    sentences: tuple[Span, ...]

    @property
    def id(self) -> str:
        """`{article_id}:{ordinal}`, here and in Chroma."""
        return f"{self.article_id}:{self.ordinal}"
