"""How well questions find sentences, and whether the library knows what it does not hold.

`python -m bench.retrieval retrieval --data PATH` and `python -m bench.retrieval refusal --data PATH`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agent.settings.paths import DATA_VARIABLE, find_paths
from bench.retrieval.refusal import measure_refusal
from bench.retrieval.report import dump, render_refusals, render_rows
from bench.retrieval.retrieval import RetrievalRow, measure_articles, measure_sentences
from eval.runs.libraries import RememberingEmbedder

app = typer.Typer(no_args_is_help=True, help="Measure finding and refusing on the public data sets.")

DEFAULT_DEPTH = 8

Data = Annotated[
    Path,
    typer.Option(
        "--data", envvar=DATA_VARIABLE, help="Folder of the evaluation data; README says where to get it."
    ),
]
Depth = Annotated[
    int, typer.Option("--depth", min=1, max=100, help="Passages whose sentences are read again.")
]
Languages = Annotated[
    str, typer.Option("--languages", help="Languages of the articles that are asked, with commas between.")
]
Threads = Annotated[int, typer.Option("--threads", min=1, max=64, help="Threads the embedder may use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")]


class Part(StrEnum):
    """What `retrieval` measures."""

    SENTENCES = "sentences"
    MIXED = "mixed"
    ARTICLES = "articles"


@app.command()
def retrieval(
    data: Data,
    languages: Languages = "en,de,es,ru,zh,ar",
    depth: Depth = DEFAULT_DEPTH,
    mixed_depth: Annotated[
        int, typer.Option("--mixed-depth", min=1, max=100, help="Depth for the eleven languages in one pool.")
    ] = 80,
    mixed_every: Annotated[
        int, typer.Option("--mixed-every", min=1, help="Of the questions in all languages, ask every n-th.")
    ] = 11,
    parts: Annotated[
        list[Part] | None, typer.Option("--part", help="Measure only this; may be repeated.")
    ] = None,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Questions to sentences and headlines to articles, beside raw vectors and naive hybrid search."""
    embedder, cache = _open_embedder(threads)
    wanted, spoken = parts or list(Part), languages.split(",")
    rows: list[RetrievalRow] = []
    if Part.SENTENCES in wanted:
        rows += measure_sentences(data, embedder, cache, depth, spoken, mixed_every=0)
    if Part.MIXED in wanted:
        rows += measure_sentences(data, embedder, cache, mixed_depth, [], mixed_every)
    if Part.ARTICLES in wanted:
        rows += measure_articles(data, embedder, cache, depth, ["nl", "de", "zh-CN", "ar"])
    typer.echo(dump(rows) if as_json else render_rows(rows))


@app.command()
def refusal(
    data: Data,
    languages: Languages = "en,de,es,ru,zh,ar",
    depth: Depth = DEFAULT_DEPTH,
    splits: Annotated[
        str, typer.Option("--splits", help="What half of is there: `articles`, `paragraphs`, or both.")
    ] = "articles,paragraphs",
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Answerable against unanswerable questions: AUROC, the shipped threshold, risk and coverage."""
    embedder, cache = _open_embedder(threads)
    results = list(measure_refusal(data, embedder, cache, depth, languages.split(","), splits.split(",")))
    typer.echo(dump(results) if as_json else render_refusals(results))


def _open_embedder(threads: int) -> tuple[RememberingEmbedder, Path]:
    cache = find_paths().cache
    return RememberingEmbedder.bundled(cache, threads), cache


if __name__ == "__main__":
    app()
