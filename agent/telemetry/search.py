"""A search with its span, and the stages of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from agent.telemetry.spans import span

if TYPE_CHECKING:
    from vectorstore import Filters, Library, SearchResult

_LIMIT = 30


def search(library: Library, query: str, filters: Filters, *, limit: int = _LIMIT) -> SearchResult:
    """`library.search`, traced: embedding, index and re-ranking are its children."""
    with span("pullquote.search") as here:
        result = library.search(query, filters, limit=limit)
        cost = result.cost
        end = time.time_ns()
        reranking = end - _nanoseconds(cost.rerank_ms)
        indexing = reranking - _nanoseconds(cost.index_ms)
        embedding = indexing - _nanoseconds(cost.embed_ms)
        here.add_child(
            "pullquote.search.embed", embedding, indexing, {"pullquote.tokens": cost.embedded_tokens}
        )
        here.add_child("pullquote.search.index", indexing, reranking, {"pullquote.passages": cost.candidates})
        here.add_child("pullquote.search.rerank", reranking, end, {"pullquote.passages": cost.reranked})
        here.set(
            {
                "pullquote.language": result.language,
                "pullquote.sentences": len(result.evidence),
                "pullquote.confidence": result.answerable,
                "pullquote.is_filtered": not filters.is_empty,
            }
        )
        here.tell({"pullquote.query": query})
        return result


def _nanoseconds(milliseconds: float) -> int:
    return int(milliseconds * 1e6)
