"""What Pullquote adds to what its libraries need anyway, as ratios within one run, medians of several.

    python -m bench.speed --data PATH        PATH holds ntrex_news.jsonl (see docs/benchmarks.md)
    python -m bench.speed --only cold        needs no data

- indexing: adding articles as files, against embedding their passages and nothing else
- search: a warm search, against encoding what it encodes and a bare Chroma query
- cold: `pullquote ask` as a process over the article in seeds/, against a process that imports chromadb and
  onnxruntime, in wall time and in processor time; the same of `pullquote --help`
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import chromadb
from chromadb.config import Settings

from vectorstore import Given, Library, LibrarySettings
from vectorstore.embedding import E5Embedder, Embedder
from vectorstore.library.adding import GROUP
from vectorstore.library.library import DATABASE_FILE
from vectorstore.store import Database

ROOT = Path(__file__).parents[1]
LANGUAGES = ("eng", "nld", "deu", "fra", "spa", "ita", "pol", "tur", "arb", "zho-CN")


@dataclass(frozen=True, slots=True)
class SpeedComparison:
    """Two medians in seconds, ours and the one it is measured against, and the median of their ratios."""

    what: str
    ours: float
    base: float
    ratio: float
    goal: float
    runs: int

    def __str__(self) -> str:
        return (
            f"{self.what:<10} {self.ours:8.3f} s against {self.base:8.3f} s: "
            f"{self.ratio:.2f}x (goal ≤ {self.goal}x, {self.runs} runs)"
        )


class Seconds(NamedTuple):
    """What a process took."""

    wall: float
    cpu: float


def main() -> int:
    """Run the measurements that are asked for, and print lines and JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["indexing", "search", "cold"], action="append")
    options = parser.parse_args()
    wanted = options.only or ["indexing", "search", "cold"]
    if options.data is None and wanted != ["cold"]:
        parser.error("--data is needed for all but --only cold")
    results: list[SpeedComparison] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if "cold" in wanted:
            results += measure_cold(root, max(options.runs, 5))
        if options.data is not None:
            results += measure_warm(root, options, wanted)
    for result in results:
        print(result)
    load, *_ = os.getloadavg()
    print(f"load at the end: {load:.1f} on {os.cpu_count()} processors")
    print(json.dumps([asdict(result) for result in results]))
    return 0


def measure_warm(root: Path, options: argparse.Namespace, wanted: list[str]) -> list[SpeedComparison]:
    """What is measured within this process."""
    results = []
    questions = write_articles(options.data, root / "in", options.articles)
    embedder = E5Embedder.bundled(root / "cache", options.threads)
    embedder.embed_query("warm up")
    if "indexing" in wanted:
        results.append(measure_indexing(root, embedder, options.runs, options.threads))
    if "search" in wanted:
        library = root / "library"
        with Library.open(make_settings(root, library, options.threads), writable=True) as opened:
            opened.add([root / "in"], Given())
        results.append(measure_search(root, library, questions[:50], options.runs, options.threads))
    return results


def write_articles(data: Path, folder: Path, count: int) -> list[str]:
    """Up to `count` NTREX documents, one file a language; returns the English headlines as questions."""
    folder.mkdir(parents=True)
    documents = [json.loads(line) for line in (data / "ntrex_news.jsonl").read_text("utf-8").splitlines()]
    written = 0
    for language in LANGUAGES:
        for document in documents:
            if written == count:
                break
            sentences = document["sentences"][language]
            body = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(1, len(sentences), 3))
            (folder / f"{document['doc_id']}.{language}.txt").write_text(
                f"{sentences[0]}\n\n{body}\n", "utf-8"
            )
            written += 1
    return [document["title"]["eng"] for document in documents]


def make_settings(root: Path, library: Path, threads: int) -> LibrarySettings:
    """Defaults, with the run's own folders."""
    return LibrarySettings.model_validate(
        {"path": library, "cache": root / "cache", "embedder": {"threads": threads}}
    )


def measure_indexing(root: Path, embedder: Embedder, runs: int, threads: int) -> SpeedComparison:
    """Adding files to a new library, against embedding the same passages in the same groups."""
    ours, base = [], []
    for run in range(runs):
        settings = make_settings(root, root / f"library{run}", threads)
        with Library.open(settings, writable=True) as library:
            library.count_read("the embedder is loaded")
            ours.append(clock(lambda library=library: library.add([root / "in"], Given())))  # type: ignore[misc]
            texts = [
                library.articles.get(header.id).slice(passage.span)
                for header in library.articles.headers()
                for passage in library.passages.of_article(header.id)
            ]
        groups = [texts[at : at + GROUP] for at in range(0, len(texts), GROUP)]
        base.append(clock(lambda groups=groups: [embedder.embed_passages(group) for group in groups]))  # type: ignore[misc]
    return compare("indexing", ours, base, goal=1.25)


def measure_search(root: Path, path: Path, questions: list[str], runs: int, threads: int) -> SpeedComparison:
    """A warm search, against encoding its question and passages and one bare query to Chroma."""
    ours, base = [], []
    settings = make_settings(root, path, threads)
    with Library.open(settings) as library:
        embedder, chroma = library.embedder, make_bare_chroma(path / DATABASE_FILE, root / "chroma")
        reranked = {}
        for question in questions:
            evidence = library.search(question, limit=10_000).evidence
            passages = {e.passage.id: (e.article_id, e.passage.span) for e in evidence}
            alone = [(e.article_id, e.span) for e in evidence[: settings.search.depth]]
            places = [*passages.values(), *alone]
            reranked[question] = [library.articles.get(id).slice(span) for id, span in places]
        for _ in range(runs):
            for question in questions:
                ours.append(clock(lambda question=question: library.search(question)))  # type: ignore[misc]

                def need(question: str = question) -> None:
                    vector = embedder.encode_query(question).vector
                    chroma.query(query_embeddings=vector[None], n_results=50, include=["distances"])
                    embedder.encode_passages([question, *reranked[question]])

                base.append(clock(need))
    return compare("search", ours, base, goal=1.3)


def make_bare_chroma(database: Path, folder: Path) -> chromadb.Collection:
    """The library's vectors in a Chroma of their own, with its defaults."""
    client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
    collection = client.create_collection("bare", embedding_function=None)
    with Database.open(database, writable=False, embedder=None) as opened:
        for batch in opened.iter_vectors(1000):
            collection.add(ids=batch.ids, embeddings=batch.vectors)
    return collection


def measure_cold(root: Path, runs: int) -> list[SpeedComparison]:
    """Commands from nothing, against importing the two heaviest libraries; in turn, as loads change."""
    environment = {**os.environ, "PULLQUOTE_HOME": str(root / "home")}
    pullquote = [sys.executable, "-m", "agent.cli"]
    run_process([*pullquote, "add", str(ROOT / "seeds")], environment)
    commands = {
        "ask": [*pullquote, "ask", "--no-model", "who warned about Indo-Pacific security?"],
        "help": [*pullquote, "--help"],
        "bare": [sys.executable, "-c", "import chromadb, onnxruntime"],
    }
    took: dict[str, list[Seconds]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            seconds = run_process(command, environment)
            if run:  # the first fills the disk cache
                took[name].append(seconds)
    return [
        compare(
            f"{name}, {how}",
            [getattr(seconds, how) for seconds in took[name]],
            [getattr(seconds, how) for seconds in took["bare"]],
            goal=goal,
        )
        for name, goal in (("ask", 2.5), ("help", 1.0))
        for how in ("wall", "cpu")
    ]


def run_process(command: list[str], environment: dict[str, str]) -> Seconds:
    """What a process that has to succeed takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = clock(lambda: subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def clock(act: Callable[[], object]) -> float:
    """Seconds `act` takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def compare(what: str, ours: list[float], base: list[float], goal: float) -> SpeedComparison:
    """Medians, and the median of the ratios pair by pair, which survives a machine that changes speed."""
    ratios = [one / other for one, other in zip(ours, base, strict=True)]
    return SpeedComparison(
        what, statistics.median(ours), statistics.median(base), statistics.median(ratios), goal, len(ratios)
    )


if __name__ == "__main__":
    sys.exit(main())
