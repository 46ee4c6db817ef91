"""The Answer: what every face shows and `--json` prints, by these field names."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vectorstore import Role

SCHEMA = 1
"""Version of the JSON shape; it moves when a field changes its meaning or goes away."""


class Model(BaseModel):
    """Base of everything in an answer: immutable, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(StrEnum):
    """Whether the articles say it."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


class Mode(StrEnum):
    """Who wrote the statements."""

    QUOTES = "quotes"
    SUMMARY = "summary"


class Citation(Model):
    """Words that stand in a stored article, and where: `quote == article.text[start:end]`."""

    article: str
    start: Annotated[int, Field(ge=0)]
    end: int
    quote: Annotated[str, Field(min_length=1)]
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    """ISO 8601: a day, or a UTC minute when that is known."""
    url: str | None = None
    link: str | None = None
    """`url` with a text fragment, so that a browser opens at the quote."""
    origin: str | None = None
    """Where the article was read: a path or an address."""
    language: str
    role: Role | None = None
    """`caption`, `related`, … when the quote is not the article's running text."""

    @model_validator(mode="after")
    def _has_the_length_of_its_quote(self) -> Citation:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"quote of {len(self.quote)} code points for [{self.start}, {self.end})")
        return self


class Check(Model):
    """The outcome of one check on a statement."""

    name: str
    passed: bool
    detail: str = ""


class Statement(Model):
    """One sentence of an answer with the citations it rests on."""

    text: str
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    checks: tuple[Check, ...] = ()


class Nearest(Citation):
    """A passage shown when the articles do not say it: near the question, not an answer to it."""

    score: float


class Usage(Model):
    """What an answer cost. Times in milliseconds."""

    embedded_tokens: int = 0
    embed_ms: float = 0.0
    index_ms: float = 0.0
    rerank_ms: float = 0.0
    total_ms: float = 0.0
    candidates: int = 0
    reranked: int = 0


class Answer(Model):
    """A question, what the articles say to it, and how sure that is."""

    schema_version: int = SCHEMA
    question: str
    mode: Mode = Mode.QUOTES
    verdict: Verdict
    confidence: Annotated[float, Field(ge=0, le=1)]
    """Calibrated chance that the articles answer the question; 1 for a summary of a named article."""
    statements: tuple[Statement, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    withheld: int = 0
    """Statements that failed a check and are therefore not shown."""
    notes: tuple[str, ...] = ()
    """What a reader must know besides, a sentence each."""
    language: str
    """The question's language, BCP 47 or `und`."""
    generation: int
    """State of the library the answer was made from."""
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _says_something_only_with_statements(self) -> Answer:
        if (self.verdict is Verdict.NOT_FOUND) != (not self.statements):
            raise ValueError(f"verdict {self.verdict} with {len(self.statements)} statements")
        return self

    def citations(self) -> tuple[Citation, ...]:
        """All citations in the order in which faces number them, from 1; nearest passages follow."""
        cited = tuple(citation for statement in self.statements for citation in statement.citations)
        return cited + self.nearest
