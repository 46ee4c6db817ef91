"""How well questions find sentences, and headlines articles: `python -m bench.retrieval retrieval`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.retrieval.baselines import SentenceScan
from bench.retrieval.library import open_library, rank_units
from bench.statistics import MeanInterval, mean_with_interval
from eval.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.suites.datasets import (
    XquadQuestion,
    compose_news,
    compose_xquad,
    read_news,
    read_questions,
    read_sentences,
)
from vectorstore import Embedder, Evidence, Filters, Library, rank_articles

RANKED = 500
"""Sentences asked of a search: more than any depth up to a hundred passages leaves out of account."""
MAIN_LANGUAGES = ("en", "de", "es", "ru", "zh", "ar")


@dataclass(frozen=True, slots=True)
class RetrievalRow:
    """One system on one task."""

    task: str
    system: str
    questions: int
    depth: int | None
    """Passages read again; None for a system that reads none."""
    measures: dict[str, MeanInterval]
    tokens: float
    """Embedded for a question, on average."""
    milliseconds: float
    """Of a search, on average, without embedding passages, which the evaluation remembers."""


@dataclass(frozen=True, slots=True)
class _Ask:
    text: str
    language: str
    gold: frozenset[str]
    cluster: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class _Found:
    ranking: list[str]
    tokens: int
    milliseconds: float


def measure_sentences(
    data: Path, embedder: Embedder, cache: Path, depth: int, languages: Sequence[str], mixed_every: int
) -> Iterator[RetrievalRow]:
    """XQuAD-R: English questions in one language's articles, then questions and articles in all.

    Args:
        data: Folder of the evaluation data.
        embedder: Best a `RememberingEmbedder`.
        cache: Folder for the embedder's graph.
        depth: Passages read again.
        languages: Of the single pools.
        mixed_every: Of the questions in all languages, every how manieth is asked; 0 for none.
    """
    documents, questions = compose_xquad(read_sentences(data)), read_questions(data)
    scan = SentenceScan(documents, embedder)
    english = [question for question in questions if question.lang == "en"]
    by_id = {document.id: document for document in documents}
    with open_library(documents, embedder, cache, depth) as library:
        systems = _Systems(library, depth, scan, embedder, lambda found: rank_units(found, by_id))
        for language in languages:
            asks = [_ask(question, [language], Filters(languages=(language,))) for question in english]
            within = scan.find_rows(lambda unit, prefix=f"{language}-": unit.startswith(prefix))
            yield from systems.compare(f"en → {language}", asks, [within] * len(asks), _SENTENCE_MEASURES)
        if mixed_every:
            asks = [_ask(question, list(question.gold), Filters()) for question in questions[::mixed_every]]
            within = np.arange(len(scan.units))
            yield from systems.compare("all → all", asks, [within] * len(asks), _MIXED_MEASURES)


def measure_articles(
    data: Path, embedder: Embedder, cache: Path, depth: int, languages: Sequence[str]
) -> Iterator[RetrievalRow]:
    """NTREX: an English headline finds its article without the title.

    First in one language's articles; then in a pool with each document in one foreign language and the other
    documents in English, every document in every foreign language in turn.
    """
    news = read_news(data)
    documents = compose_news(news)
    scan = SentenceScan(documents, embedder)
    names = {document.id: document.key for document in documents}
    by_key = {document.key: document for document in documents}
    titles = {document.doc_id: document.title["eng"] for document in news}
    spoken = sorted({document.language for document in documents})
    with open_library(documents, embedder, cache, depth) as library:
        systems = _Systems(
            library, depth, scan, embedder, lambda found: [names[key] for key in rank_articles(found)]
        )
        for language in filter(spoken.__contains__, languages):
            asks = []
            for name, title in titles.items():
                gold = frozenset({f"{language}/{name}"})
                asks.append(_Ask(title, "en", gold, name, Filters(languages=(language,))))
            within = scan.find_rows(lambda unit, prefix=f"{language}/": unit.startswith(prefix))
            yield from systems.compare(
                f"headline → {language}", asks, [within] * len(asks), _ARTICLE_MEASURES
            )
        foreign = [language for language in spoken if language != "en"]
        asks, pools = [], []
        for turn in range(len(foreign)):
            placed = [f"{foreign[(place + turn) % len(foreign)]}/{name}" for place, name in enumerate(titles)]
            for name, key in zip(titles, placed, strict=True):
                pool = {*placed, *(f"en/{other}" for other in titles if other != name)} & by_key.keys()
                ids = tuple(sorted(by_key[each].id for each in pool))
                asks.append(_Ask(titles[name], "en", frozenset({key}), name, Filters(articles=ids)))
                pools.append(scan.find_rows(pool.__contains__))
        yield from systems.compare("headline → mixed", asks, pools, _ARTICLE_MEASURES)


_Measures = dict[str, Callable[[list[str], frozenset[str]], float]]

_SENTENCE_MEASURES: _Measures = {
    "P@1": lambda ranking, gold: hit_at(ranking, gold, 1),
    "hit@4": lambda ranking, gold: hit_at(ranking, gold, 4),
    "MRR@10": reciprocal_rank,
    "nDCG@10": ndcg_at,
}
_MIXED_MEASURES: _Measures = {
    "P@1": lambda ranking, gold: hit_at(ranking, gold, 1),
    "mAP": average_precision,
    "recall@20": lambda ranking, gold: recall_at(ranking, gold, 20),
    "MRR@10": reciprocal_rank,
}
_ARTICLE_MEASURES: _Measures = {
    "hit@1": lambda ranking, gold: hit_at(ranking, gold, 1),
    "hit@4": lambda ranking, gold: hit_at(ranking, gold, 4),
    "MRR@10": reciprocal_rank,
}


def _ask(question: XquadQuestion, languages: Sequence[str], filters: Filters) -> _Ask:
    gold = frozenset(question.gold[language] for language in languages if language in question.gold)
    return _Ask(question.question, question.lang, gold, str(question.article), filters)


@dataclass(frozen=True, slots=True)
class _Systems:
    """Pullquote and what it is compared with, over the same articles."""

    library: Library
    depth: int
    scan: SentenceScan
    embedder: Embedder
    rank: Callable[[Sequence[Evidence]], list[str]]
    """Units of what the library found, best first."""

    def compare(
        self, task: str, asks: Sequence[_Ask], within: Sequence[NDArray[np.intp]], measures: _Measures
    ) -> Iterator[RetrievalRow]:
        """The three systems on the same questions; `within` has the scan's rows that each is asked of."""
        found: dict[str, list[_Found]] = {"raw dense": [], "naive hybrid": [], "Pullquote": []}
        for ask, rows in zip(asks, within, strict=True):
            for system, result in zip(found, self._ask_all(ask, rows), strict=True):
                found[system].append(result)
        clusters = [ask.cluster for ask in asks]
        for system, results in found.items():
            intervals = {}
            for name, measure in measures.items():
                values = [measure(f.ranking, ask.gold) for f, ask in zip(results, asks, strict=True)]
                intervals[name] = mean_with_interval(values, clusters)
            yield RetrievalRow(
                task,
                system,
                len(asks),
                self.depth if system == "Pullquote" else None,
                intervals,
                float(np.mean([f.tokens for f in results])),
                float(np.mean([f.milliseconds for f in results])),
            )

    def _ask_all(self, ask: _Ask, rows: NDArray[np.intp]) -> Iterator[_Found]:
        start = time.perf_counter()
        vector = self.embedder.embed_query(ask.text)
        embedding = 1e3 * (time.perf_counter() - start)
        tokens = self.embedder.count_tokens([ask.text])[0]
        start = time.perf_counter()
        dense = self.scan.rank_dense(vector, rows)
        yield _Found(dense, tokens, embedding + 1e3 * (time.perf_counter() - start))
        start = time.perf_counter()
        hybrid = self.scan.rank_hybrid(vector, ask.text, rows)
        yield _Found(hybrid, tokens, embedding + 1e3 * (time.perf_counter() - start))
        start = time.perf_counter()
        result = self.library.search(ask.text, ask.filters, limit=RANKED)
        spent = 1e3 * (time.perf_counter() - start)
        yield _Found(self.rank(result.evidence), result.cost.embedded_tokens, spent)
