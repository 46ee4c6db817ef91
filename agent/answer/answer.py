"""The Answer: what every interface shows and `--json` prints, by these field names."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vectorstore import Role, SearchCost, Span

SCHEMA = 1
"""Version of the JSON shape; it is raised when a field changes its meaning or is removed."""


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
    AGENT = "agent"
    """A model, checked."""


class Citation(Model):
    """Words of a stored article, and where they are: `quote == article.text[start:end]`."""

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
    translation: str | None = None
    """The quote in the reader's language, by the answer's `model`; nothing is ever checked against it."""

    @property
    def span(self) -> Span:
        """Where the quote is in its article."""
        return Span(self.start, self.end)

    @property
    def place(self) -> tuple[str, int, int]:
        """Article, start and end: what makes two citations the same."""
        return self.article, self.start, self.end

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


class Agreement(StrEnum):
    """How many independent sources support a statement of a summary; copies of one text are one source."""

    AGREED = "agreed"
    """At least two of them say it."""
    SINGLE_SOURCE = "single_source"
    """No second one says it."""
    CONFLICTING = "conflicting"
    """Another one says otherwise."""


class EventDate(Model):
    """When something that a statement says happened."""

    first: date
    last: date
    """The last day of it; `first` when the day is known."""
    is_published: bool = False
    """Whether it is only the day the article appeared, because what is cited names none."""


class Statement(Model):
    """One sentence of an answer with the citations it rests on."""

    text: str
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    checks: tuple[Check, ...] = ()
    agreement: Agreement | None = None
    """In summaries of several sources."""
    conflict: int | None = None
    """The same number, from 1, for statements that contradict each other."""
    event: EventDate | None = None
    """In timelines, where it is known."""

    @property
    def identity(self) -> tuple[str, tuple[tuple[str, int, int], ...]]:
        """What is said and where it is cited: the same whether translations have come since or not."""
        return self.text, tuple(citation.place for citation in self.citations)

    @model_validator(mode="after")
    def _is_numbered_when_it_conflicts(self) -> Statement:
        if (self.conflict is not None) != (self.agreement is Agreement.CONFLICTING):
            raise ValueError(f"conflict {self.conflict} of a statement that is {self.agreement}")
        return self


class Nearest(Citation):
    """A passage shown when the articles do not say it: near the question, not an answer to it."""

    score: float


class Step(Model):
    """One search or reading made for an answer, and its filters."""

    tool: str
    """`search`, `read_article` or `list_articles`."""
    query: str
    since: str | None = None
    """First day of publication, ISO 8601."""
    until: str | None = None
    """Last day of publication."""
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    """Articles it was restricted to."""
    is_inferred: bool = False
    """Whether the model filtered more than the user had said."""
    found: int = 0
    """Sentences it brought that were new; of `list_articles`, articles."""
    articles: tuple[str, ...] = ()
    """Articles these sentences are from."""


class Usage(Model):
    """What an answer cost. Times in milliseconds."""

    embedded_tokens: int = 0
    embed_ms: float = 0.0
    index_ms: float = 0.0
    rerank_ms: float = 0.0
    total_ms: float = 0.0
    candidates: int = 0
    reranked: int = 0
    model_ms: float = 0.0
    model_calls: int = 0
    """Requests sent to the model, those that failed included."""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    """The part of `prompt_tokens` that the server had in its cache."""
    completion_tokens: int = 0
    tokens_are_estimated: bool = False
    """Whether the server left some of them unreported, so that they were counted here."""
    cost: Decimal | None = None
    """US dollars; None where the model's prices are not known."""

    @classmethod
    def of_search(cls, cost: SearchCost) -> Self:
        """Return what one search took."""
        return cls(**asdict(cost))

    def __add__(self, other: Usage) -> Usage:
        """Return both together; costs add up where they are known."""
        both = other.model_dump()
        for name, value in self.model_dump(exclude={"cost", "tokens_are_estimated"}).items():
            both[name] += value
        both["tokens_are_estimated"] |= self.tokens_are_estimated
        if self.cost is not None:
            both["cost"] = self.cost + (other.cost or 0)
        return Usage(**both)


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
    missing: tuple[str, ...] = ()
    """Parts of the question, in its own words, that stay unanswered."""
    withheld: int = 0
    """Statements that failed a check and are therefore not shown."""
    notes: tuple[str, ...] = ()
    """What a reader must know besides, a sentence each."""
    language: str
    """The question's language, BCP 47 or `und`."""
    generation: int
    """State of the library the answer was made from."""
    receipt: str | None = None
    """Id of its stored receipt; None when none could be stored."""
    model: str | None = None
    """Name of the model that wrote the statements; None when none did."""
    prompts: tuple[str, ...] = ()
    """The prompts it was given, each as `name@version`."""
    trace: tuple[Step, ...] = ()
    """The searches and readings made for it, in order."""
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _says_something_only_with_statements(self) -> Answer:
        if (self.verdict is Verdict.NOT_FOUND) != (not self.statements):
            raise ValueError(f"verdict {self.verdict} with {len(self.statements)} statements")
        return self

    def citations(self) -> tuple[Citation, ...]:
        """Return all citations in the order in which they are numbered, from 1; nearest passages follow."""
        cited = tuple(citation for statement in self.statements for citation in statement.citations)
        return cited + self.nearest
