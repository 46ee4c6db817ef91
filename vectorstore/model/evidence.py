"""The evidence a search finds: ranked sentences, each a span of a stored article."""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.model.article import Passage, Role, Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that may answer, with why it is believed to."""

    article_id: str
    passage: Passage
    span: Span
    """The sentence in the article's text, white space around it taken off."""
    score: float
    """What the ranking is by; comparable within one search and across searches of one embedder."""
    probability: float
    """Calibrated chance, 0 to 1, that this sentence answers the question."""
    passage_score: float
    """Similarity of the whole passage to the question, as the model that reads both has it."""
    role: Role | None
    """What the sentence is when it is not running text."""


@dataclass(frozen=True, slots=True)
class SearchCost:
    """What one search took. Times in milliseconds."""

    embedded_tokens: int = 0
    embed_ms: float = 0.0
    index_ms: float = 0.0
    rerank_ms: float = 0.0
    candidates: int = 0
    reranked: int = 0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The sentences a search found, best first."""

    question: str
    language: str
    """The question's language, BCP 47 or `und`."""
    evidence: tuple[Evidence, ...]
    answerable: float
    """Calibrated chance, 0 to 1, that any of this answers the question; 0 when nothing was found."""
    generation: int
    """The library's generation the search saw."""
    cost: SearchCost = field(default_factory=SearchCost)
