"""A library of evaluation articles: real database, real Chroma, in a temporary folder."""

from __future__ import annotations

import json
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.suites.datasets import SetDocument
from vectorstore import (
    Embedder,
    EmbedderSettings,
    Evidence,
    Given,
    Library,
    LibrarySettings,
    SearchSettings,
    SourceError,
)


def units_at(document: SetDocument, start: int, end: int) -> list[str]:
    """The units that share more than half of the shorter with `[start, end)`, most shared first."""
    shared = []
    for row in range(bisect_left(document.ends, start + 1), len(document.units)):
        if document.starts[row] >= end:
            break
        both = min(end, document.ends[row]) - max(start, document.starts[row])
        if 2 * both > min(end - start, document.ends[row] - document.starts[row]):
            shared.append((-both, row))
    return [document.units[row] for _, row in sorted(shared)]


@contextmanager
def open_library(
    documents: Sequence[SetDocument], embedder: Embedder, cache: Path, depth: int
) -> Iterator[Library]:
    """Add `documents` to a new library, and throw it away afterwards.

    Every search goes through Chroma, however few passages a filter leaves. Raises SourceError when an article
    does not arrive as it was.
    """
    with tempfile.TemporaryDirectory(prefix="pullquote-eval-") as name:
        folder = Path(name)
        lines = [
            json.dumps({"text": d.text, "language": d.language, "id": d.key}, ensure_ascii=False)
            for d in documents
        ]
        (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
        settings = LibrarySettings(
            path=folder / "library",
            cache=cache,
            embedder=EmbedderSettings(),
            search=SearchSettings(depth=depth, exact_scan_limit=0),
        )
        with Library.open(settings, writable=True, embedder=embedder) as library:
            library.add([folder / "articles.jsonl"], Given())
            for document in documents:
                if library.articles.get(document.id).text != document.text:
                    raise SourceError(f"{document.key} did not arrive in the library as it was")
            yield library


def rank_units(evidence: Sequence[Evidence], documents: dict[str, SetDocument]) -> list[str]:
    """The units that evidence points at, each once, best first."""
    units = [
        unit
        for entry in evidence
        for unit in units_at(documents[entry.article_id], entry.span.start, entry.span.end)
    ]
    return list(dict.fromkeys(units))
