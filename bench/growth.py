"""How storage grows: adding, searching, rebuilding, disk and memory at several sizes.

Texts and vectors are made up (clustered unit vectors, words by Zipf's law), so no embedder is needed and
nothing of its cost is in the numbers. Run it on an idle machine:

    python bench/growth.py --passages 1000 10000 50000 --json growth.json
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.index import ChromaIndex
from vectorstore.index.lock import WriterLock
from vectorstore.model.article import Article, Passage, Precision, Provenance, Published, Span
from vectorstore.model.filters import Filters
from vectorstore.store import Database, EmbedderIdentity
from vectorstore.text.canonical import article_id
from vectorstore.text.terms import query_terms

DIMENSION = 384
EMBEDDER = EmbedderIdentity("synthetic", DIMENSION)
ARTICLE_PASSAGES = 10
PASSAGE_WORDS = 110
VOCABULARY = 60_000
OUTLETS = 4
DAYS = 400
GROUP = 128
"""Passages between two calls of `ChromaIndex.apply`, as `pullquote add` has it."""
QUESTIONS = 200
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Plain:
    """Vectors go into the index as they are."""

    fingerprint: str = "plain"

    def __call__(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        return vectors


class Synthesis:
    """Articles, question vectors and question words, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._centres = np.random.default_rng(0).standard_normal((200, DIMENSION)).astype(np.float32)
        weights = 1 / np.arange(1, VOCABULARY + 1) ** 1.07
        self._weights = weights / weights.sum()

    def vectors(self, n: int) -> NDArray[np.float32]:
        """(n, d) unit vectors around common centres."""
        centres = self._centres[self._rng.integers(0, len(self._centres), n)]
        moved = centres + 1.2 * self._rng.standard_normal((n, DIMENSION)).astype(np.float32)
        result: NDArray[np.float32] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return result

    def words(self, n: int) -> list[str]:
        """`n` words as common as words are."""
        return [f"w{number}" for number in self._rng.choice(VOCABULARY, n, p=self._weights)]

    def article(self, number: int) -> tuple[Article, list[Passage]]:
        """An article of ten passages, two sentences each."""
        half = PASSAGE_WORDS // 2
        slices = []
        for _ in range(ARTICLE_PASSAGES):
            words = self.words(PASSAGE_WORDS)
            slices.append((" ".join(words[:half]) + ". ", " ".join(words[half:]) + ".\n"))
        text = "".join(first + second for first, second in slices)
        identifier, cut, start = article_id(text), [], 0
        for ordinal, (first, second) in enumerate(slices):
            middle, end = start + len(first), start + len(first) + len(second)
            sentences = Span(start, middle), Span(middle, end)
            cut.append(Passage(identifier, ordinal, Span(start, end), sentences))
            start = end
        published = FIRST_DAY + timedelta(days=number % DAYS)
        article = Article(
            id=identifier,
            text=text,
            language="en",
            origin=f"{number}.txt",
            location=f"/{number}.txt",
            title=f"Article {number}",
            outlet=f"Outlet {number % OUTLETS}",
            published=Published(published, Precision.DAY, Provenance.METADATA),
        )
        return article, cut


@dataclass
class Latency:
    """Milliseconds."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f} ms"


@dataclass
class Growth:
    """One size's results."""

    passages: int
    added_per_second: float = 0.0
    database_share: float = 0.0
    rebuilt_per_second: float = 0.0
    database_mb: float = 0.0
    chroma_mb: float = 0.0
    writer_mb: float = 0.0
    reader_mb: float = 0.0
    open_seconds: float = 0.0
    searches: dict[str, Latency] = field(default_factory=dict)
    recall_at_10: float = 0.0


def open_database(folder: Path, *, writable: bool) -> Database:
    return Database.open(folder / "library.db", writable=writable, embedder=EMBEDDER)


def open_index(folder: Path, database: Database, exact: int = 0) -> ChromaIndex:
    lock = WriterLock(folder)
    return ChromaIndex(folder / "chroma", database, Plain(), lock=lock, exact_scan_limit=exact)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def folder_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def add(folder: Path, passages: int) -> dict[str, Any]:
    """Add articles as `pullquote add` does, embedding apart."""
    synthesis = Synthesis(1)
    in_database = in_index = 0.0
    with open_database(folder, writable=True) as database, open_index(folder, database) as index:
        added: list[str] = []
        for number in range(passages // ARTICLE_PASSAGES):
            article, cut = synthesis.article(number)
            vectors = synthesis.vectors(len(cut))
            start = time.perf_counter()
            database.needs_passages(article)
            added += database.add(article, cut, vectors).added_passage_ids
            in_database += time.perf_counter() - start
            if len(added) >= GROUP:
                in_index += measure(partial(index.apply, added, ()))
                added = []
        in_index += measure(partial(index.apply, added, ()))
    return {
        "added_per_second": passages / (in_database + in_index),
        "database_share": in_database / (in_database + in_index),
        "writer_mb": peak_mb(),
    }


def search(folder: Path) -> dict[str, Any]:
    """Ask as a search does, in a process that does nothing else."""
    synthesis = Synthesis(2)
    start = time.perf_counter()
    database = open_database(folder, writable=False)
    index = open_index(folder, database)
    index.query(synthesis.vectors(1)[0], 40)
    open_seconds = time.perf_counter() - start
    outlet = Filters(outlets=("Outlet 1",))
    fortnight = Filters(since=FIRST_DAY, until=FIRST_DAY + timedelta(days=12))
    exact = open_index(folder, database, exact=1_000_000)
    vectors = synthesis.vectors(QUESTIONS)
    words = [query_terms(" ".join(synthesis.words(10))) for _ in range(QUESTIONS)]
    asked: dict[str, Callable[[int], object]] = {
        "nearest 40": lambda i: index.query(vectors[i], 40),
        "nearest 40, outlet (25 %), Chroma": lambda i: index.query(
            vectors[i], 40, database.passages.ids(outlet)
        ),
        "nearest 40, outlet (25 %), exact": lambda i: exact.query(
            vectors[i], 40, database.passages.ids(outlet)
        ),
        "nearest 40, dates (3 %), Chroma": lambda i: index.query(
            vectors[i], 40, database.passages.ids(fortnight)
        ),
        "nearest 40, dates (3 %), exact": lambda i: exact.query(
            vectors[i], 40, database.passages.ids(fortnight)
        ),
        "candidates of an outlet (25 %)": lambda i: database.passages.ids(outlet),
        "ten words": lambda i: database.passages.find_by_terms(words[i], limit=8),
        "ten words, outlet (25 %)": lambda i: database.passages.find_by_terms(
            words[i], limit=8, filters=outlet
        ),
    }
    searches = {}
    for name, ask in asked.items():
        times = [1e3 * measure(partial(ask, number)) for number in range(QUESTIONS)]
        p50, p95 = np.percentile(times, [50, 95])
        searches[name] = Latency(float(p50), float(p95))
    memory = peak_mb()
    everything = database.passages.ids()
    hits = 0
    for vector in vectors[:50]:
        true = {passage_id for passage_id, _ in exact.query(vector, 10, everything)}
        hits += len(true & {passage_id for passage_id, _ in index.query(vector, 10)})
    index.close()
    exact.close()
    database.close()
    return {
        "open_seconds": open_seconds,
        "searches": searches,
        "reader_mb": memory,
        "recall_at_10": hits / 500,
    }


def rebuild(folder: Path) -> dict[str, Any]:
    """Make the index again."""
    with open_database(folder, writable=True) as database, open_index(folder, database) as index:
        seconds = measure(index.rebuild)
        return {"rebuilt_per_second": database.passages.count() / seconds}


def measure(run: Callable[[], object]) -> float:
    """Seconds that `run` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def run_apart(task: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Run in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def grow(passages: int, folder: Path) -> Growth:
    """Measure one size."""
    results = run_apart(add, folder, passages)
    sizes = {
        "database_mb": folder_mb(folder) - folder_mb(folder / "chroma"),
        "chroma_mb": folder_mb(folder / "chroma"),
    }
    results |= sizes | run_apart(search, folder) | run_apart(rebuild, folder)
    return Growth(passages, **results)


def describe(growth: Growth) -> str:
    """A few lines for people."""
    lines = [
        f"{growth.passages} passages",
        f"  add        {growth.added_per_second:.0f}/s, {growth.database_share:.0%} of it the database",
        f"  rebuild    {growth.rebuilt_per_second:.0f}/s",
        f"  disk       database {growth.database_mb:.0f} MB, Chroma {growth.chroma_mb:.0f} MB",
        f"  memory     writer {growth.writer_mb:.0f} MB, reader {growth.reader_mb:.0f} MB",
        f"  open       {growth.open_seconds:.2f} s to the first answer, importing Chroma included",
        f"  recall@10  {growth.recall_at_10:.3f} against exact comparison",
        *(f"  {latency!s:>18}  {name}" for name, latency in growth.searches.items()),
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure all sizes asked for."""
    parser = argparse.ArgumentParser(description="How storage grows. p50 / p95 over 200 questions each.")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--json", type=Path, help="write the numbers there")
    arguments = parser.parse_args()
    results = []
    for passages in arguments.passages:
        with tempfile.TemporaryDirectory() as folder:
            results.append(grow(passages, Path(folder)))
        print(describe(results[-1]), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
