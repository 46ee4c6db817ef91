"""Whether the sentences that answer a question are among those a model is shown first, and what they cost.

    python -m bench.evidence --data PATH --evidence 20,16,8

`PATH` holds XQuAD-R and MultiHop-RAG (see docs/benchmarks.md). What is shown is packed by the agent's own
code from what a first search finds. The first row of a set is what the settings `agent.evidence` and
`agent.evidence_tokens` say when nothing is set.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache as remember
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from agent.generative import AgentSettings
from agent.generative.evidence import Block, pack, render
from agent.generative.sentence_ids import SentenceIds
from agent.llm.tokens import ESTIMATE_WITH, count_with
from agent.settings.paths import find_paths
from bench.probes import Probe, ProbeSource, read_multihop, read_xquad
from bench.questions import open_library
from bench.statistics import MeanInterval, mean_with_interval
from eval.runs.libraries import RememberingEmbedder
from vectorstore import Embedder, Library, SearchResult

NEWS = "multihop"


@dataclass(frozen=True, slots=True)
class Setting:
    """How much of what was found is shown."""

    sentences: int
    tokens: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One setting over one set."""

    setting: Setting
    golds: MeanInterval
    """Share of the answering sentences that were shown."""
    whole: MeanInterval
    """Share of questions of which all were shown."""
    sentences: float
    tokens: float
    """Of the block as the model reads it, labels and headings included."""


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--sets", default=f"en,de,{NEWS}", help="languages of XQuAD-R's articles, or multihop"
    )
    parser.add_argument("--evidence", default="", help="further values of agent.evidence")
    parser.add_argument("--tokens", default="", help="further values of agent.evidence_tokens")
    parser.add_argument("--every", type=int, default=1, help="of the questions, ask every n-th")
    parser.add_argument("--threads", type=int, default=1, help="of the embedder")
    options = parser.parse_args()
    settings = list_settings(options.evidence, options.tokens)
    cache = find_paths().cache
    embedder = RememberingEmbedder.bundled(cache, options.threads)
    print(
        "| set | n | evidence | evidence_tokens | answers shown | all of a question's | sentences | tokens |"
    )
    print("|---|---:|---:|---:|---|---|---:|---:|")
    for name in options.sets.split(","):
        sources, probes = read_multihop(options.data) if name == NEWS else read_xquad(options.data, name)
        probes = probes[:: options.every]
        for row in measure(sources, probes, settings, embedder, cache):
            print(
                f"| {name} | {len(probes)} | {row.setting.sentences} | {row.setting.tokens} | {row.golds} | "
                f"{row.whole} | {row.sentences:.1f} | {row.tokens:.0f} |",
                flush=True,
            )
    return 0


def list_settings(sentences: str, tokens: str) -> list[Setting]:
    """The default, and every combination of the values given with commas between."""
    default = AgentSettings()
    first = Setting(default.evidence, default.evidence_tokens)
    some = [int(part) for part in sentences.split(",") if part] or [first.sentences]
    rooms = [int(part) for part in tokens.split(",") if part] or [first.tokens]
    return list(dict.fromkeys([first, *(Setting(*pair) for pair in product(some, rooms))]))


def measure(
    sources: Sequence[ProbeSource],
    probes: Sequence[Probe],
    settings: Sequence[Setting],
    embedder: Embedder,
    cache: Path,
) -> Iterator[EvidenceRow]:
    """One search a question, packed in every way."""
    found: list[list[ShownEvidence]] = [[] for _ in settings]
    articles = [source.model_dump_json(exclude_none=True) for source in sources]
    with (
        tempfile.TemporaryDirectory() as name,
        open_library(articles, Path(name) / "news", cache, embedder) as library,
    ):
        packer = Packer(library, cache)
        for probe in probes:
            result = library.search(probe.question)
            for at, setting in enumerate(settings):
                found[at].append(packer.pack(probe, result, setting))
    clusters = [probe.cluster for probe in probes]
    for setting, shown in zip(settings, found, strict=True):
        yield EvidenceRow(
            setting,
            mean_with_interval([float(np.mean(one.golds)) for one in shown], clusters),
            mean_with_interval([float(all(one.golds)) for one in shown], clusters),
            float(np.mean([one.sentences for one in shown])),
            float(np.mean([one.tokens for one in shown])),
        )


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """What a model would be shown for one question."""

    golds: list[bool]
    sentences: int
    tokens: int


class Packer:
    """Packs what a search found, as the agent does before it asks a model."""

    def __init__(self, library: Library, cache: Path) -> None:
        """Take the library, and the folder of the encoding that counts."""
        self._load = remember(library.articles.get)
        self._load_passages = remember(library.passages.of_article)
        self._count = partial(_count, cache)

    def pack(self, probe: Probe, found: SearchResult, setting: Setting) -> ShownEvidence:
        """Label, pack and render."""
        labels = SentenceIds(self._load, self._load_passages)
        sentences = pack(
            found.evidence,
            labels,
            self._load,
            self._count,
            most=setting.sentences,
            most_tokens=setting.tokens,
        )
        words = [self._load(sentence.article_id).slice(sentence.span) for sentence in sentences]
        tokens = self._count(render(Block(sentences), labels, self._load))
        return ShownEvidence(probe.find_shown(words), len(sentences), tokens)


def _count(cache: Path, text: str) -> int:
    return count_with(ESTIMATE_WITH, text, cache)


if __name__ == "__main__":
    sys.exit(main())
