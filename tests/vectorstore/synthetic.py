"""Articles made up for storage tests: sentences of numbered words, passages that tile, unit vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vectorstore.model.article import Article, Passage, Span
from vectorstore.store import Database, EmbedderIdentity
from vectorstore.text.canonical import article_id

DIMENSION = 16
EMBEDDER = EmbedderIdentity("synthetic-1", DIMENSION)


@dataclass(frozen=True, slots=True)
class Ready:
    """An article with all that `Database.add` takes."""

    article: Article
    cut: tuple[Passage, ...]
    vectors: NDArray[np.float16]

    @property
    def passage_ids(self) -> tuple[str, ...]:
        return tuple(passage.id for passage in self.cut)


def make_article(text: str, **metadata: object) -> Article:
    given = {"language": "en", "origin": "news.txt", "location": None, **metadata}
    return Article(id=article_id(text), text=text, **given)  # type: ignore[arg-type]


def cut_lines(article: Article) -> tuple[Passage, ...]:
    """A passage for every line, two sentences where it has a full stop inside."""
    cut = []
    start = 0
    for ordinal, line in enumerate(article.text.splitlines(keepends=True)):
        end = start + len(line)
        stop = line.find(". ")
        edges = [start, end] if stop < 0 else [start, start + stop + 2, end]
        sentences = tuple(Span(a, b) for a, b in pairwise(edges))
        cut.append(Passage(article.id, ordinal, Span(start, end), sentences))
        start = end
    return tuple(cut)


def embed(texts: Sequence[str], dimension: int = DIMENSION) -> NDArray[np.float16]:
    """Unit vectors that depend on the text alone."""
    rows = [np.random.default_rng(_seed(text)).standard_normal(dimension) for text in texts]
    matrix = np.array(rows).reshape(len(rows), dimension)
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float16)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def prepare(text: str, **metadata: object) -> Ready:
    article = make_article(text, **metadata)
    cut = cut_lines(article)
    slices = [f"{article.language} {article.text[p.span.start : p.span.end]}" for p in cut]
    return Ready(article, cut, embed(slices))


def number_text(number: int, lines: int = 3) -> str:
    """A text of its own for each number."""
    return "".join(f"Line {line} of article{number}. It says word{number % 7}.\n" for line in range(lines))


def fill(database: Database, numbers: Sequence[int], **metadata: object) -> list[Ready]:
    """Add an article for each number, and return them."""
    prepared = [prepare(number_text(number), origin=f"{number}.txt", **metadata) for number in numbers]
    for ready in prepared:
        database.add(ready.article, ready.cut, ready.vectors)
    return prepared
