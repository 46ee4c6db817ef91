"""A library of evaluation articles: real database, real Chroma, in a temporary folder."""

from __future__ import annotations

import json
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.suites.datasets import NewsDocument, XquadSentence
from vectorstore import (
    Embedder,
    EmbedderSettings,
    Evidence,
    Given,
    Library,
    LibrarySettings,
    SearchSettings,
    SourceError,
    TokenStates,
    article_id,
    canonicalize,
    to_bcp47,
)

UNSPACED = frozenset({"zh", "ja"})
"""Languages whose sentences follow each other without a space."""


@dataclass(frozen=True, slots=True)
class SetDocument:
    """An article with the units that are looked for in it."""

    key: str
    language: str
    """BCP 47."""
    text: str
    """Canonical."""
    units: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id the library gives it."""
        return article_id(self.text)

    def units_at(self, start: int, end: int) -> list[str]:
        """The units that share more than half of the shorter with `[start, end)`, most shared first."""
        shared = []
        for row in range(bisect_left(self.ends, start + 1), len(self.units)):
            if self.starts[row] >= end:
                break
            both = min(end, self.ends[row]) - max(start, self.starts[row])
            if 2 * both > min(end - start, self.ends[row] - self.starts[row]):
                shared.append((-both, row))
        return [self.units[row] for _, row in sorted(shared)]


def compose(key: str, language: str, paragraphs: Sequence[Sequence[tuple[str, str]]]) -> SetDocument:
    """Put an article together from paragraphs of (unit, sentence)."""
    gap = "" if language.partition("-")[0] in UNSPACED else " "
    text, units, starts, ends = "", [], [], []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for number, (unit, sentence) in enumerate(paragraph):
            clean = canonicalize(sentence).strip()
            text += gap if number else ""
            units.append(unit)
            starts.append(len(text))
            text += clean
            ends.append(len(text))
    return SetDocument(key, language, text, tuple(units), tuple(starts), tuple(ends))


def compose_xquad(sentences: Sequence[XquadSentence]) -> list[SetDocument]:
    """XQuAD-R's articles, one in each language; a unit is a sentence's pid."""
    documents = []
    ordered = sorted(sentences, key=lambda s: (s.lang, s.art, s.par))
    for (language, article), group in groupby(ordered, key=lambda s: (s.lang, s.art)):
        paragraphs = [[(s.pid, s.text) for s in part] for _, part in groupby(group, key=lambda s: s.par)]
        documents.append(compose(f"{language}-{article}", language, paragraphs))
    return documents


def compose_news(documents: Sequence[NewsDocument]) -> list[SetDocument]:
    """NTREX's documents in each of their languages, without their titles; the unit is the document."""
    return [
        compose(
            f"{to_bcp47(code)}/{document.doc_id}",
            to_bcp47(code),
            [[(f"{to_bcp47(code)}/{document.doc_id}", sentence) for sentence in sentences[1:]]],
        )
        for document in documents
        for code, sentences in document.sentences.items()
        if len(sentences) > 1
    ]


class RememberingEmbedder:
    """An embedder that reads each passage once, and counts what a search would have cost without that."""

    def __init__(self, embedder: Embedder) -> None:
        """Wrap `embedder`."""
        self._embedder = embedder
        self._known: dict[str, TokenStates] = {}

    @property
    def fingerprint(self) -> str:
        """The wrapped embedder's."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that are encoded."""
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's own tokens."""
        return self._embedder.count_tokens(texts)

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Give the spans of all tokens."""
        return self._embedder.token_offsets(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages, remembering their states too."""
        return np.stack([states.vector for states in self.encode_passages(texts)])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question."""
        return self._embedder.embed_query(text)

    def encode_passages(self, texts: Sequence[str]) -> list[TokenStates]:
        """Encode passages, those seen before from memory (in half precision)."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, states in zip(unknown, self._embedder.encode_passages(unknown), strict=True):
            half = states.states.astype(np.float16)
            self._known[text] = TokenStates(states.vector, half, states.offsets)  # type: ignore[arg-type]
        return [
            TokenStates(known.vector, known.states.astype(np.float32), known.offsets)
            for known in (self._known[text] for text in texts)
        ]

    def encode_query(self, text: str) -> TokenStates:
        """Encode a question."""
        return self._embedder.encode_query(text)


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
        for unit in documents[entry.article_id].units_at(entry.span.start, entry.span.end)
    ]
    return list(dict.fromkeys(units))
