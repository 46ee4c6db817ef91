"""How well questions find sentences, and headlines articles: `python -m bench.retrieval retrieval`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.retrieval.baselines import SentenceScan
from bench.retrieval.library import open_library, rank_units
from bench.statistics import MeanInterval, mean_with_interval
from eval.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.suites.corpus import SetDocument, compose_news, compose_xquad
from eval.suites.datasets import XquadQuestion, read_news, read_questions, read_sentences
from vectorstore import Embedder, Filters, Library, rank_articles

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
    with open_library(documents, embedder, cache, depth) as library:
        search = _searcher(library, documents, lambda found, by_id: rank_units(found.evidence, by_id))
        for language in languages:
            asks = [_ask(question, [language], Filters(languages=(language,))) for question in english]
            within = [row for row, unit in enumerate(scan.units) if unit.startswith(f"{language}-")]
            yield from _compare(
                f"en → {language}", asks, depth, search, scan, within, embedder, _SENTENCE_MEASURES
            )
        if mixed_every:
            asks = [_ask(question, list(question.gold), Filters()) for question in questions[::mixed_every]]
            everything = list(range(len(scan.units)))
            yield from _compare("all → all", asks, depth, search, scan, everything, embedder, _MIXED_MEASURES)


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
        search = _searcher(
            library,
            documents,
            lambda found, _: [names[found_id] for found_id in rank_articles(found.evidence)],
        )
        for language in (name for name in languages if name in spoken):
            asks = [
                _Ask(title, "en", frozenset({f"{language}/{name}"}), name, Filters(languages=(language,)))
                for name, title in titles.items()
            ]
            within = [row for row, unit in enumerate(scan.units) if unit.startswith(f"{language}/")]
            yield from _compare(
                f"headline → {language}", asks, depth, search, scan, within, embedder, _ARTICLE_MEASURES
            )
        foreign = [language for language in spoken if language != "en"]
        asks = []
        for turn in range(len(foreign)):
            placed = [f"{foreign[(place + turn) % len(foreign)]}/{name}" for place, name in enumerate(titles)]
            for name, key in zip(titles, placed, strict=True):
                pool = {*placed, *(f"en/{other}" for other in titles if other != name)}
                ids = tuple(sorted(by_key[k].id for k in pool if k in by_key))
                asks.append(_Ask(titles[name], "en", frozenset({key}), name, Filters(articles=ids)))
        yield from _compare(
            "headline → mixed", asks, depth, search, scan, None, embedder, _ARTICLE_MEASURES, names
        )


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


_Rank = Callable[..., list[str]]


def _searcher(library: Library, documents: Sequence[SetDocument], rank: _Rank) -> Callable[[_Ask], _Found]:
    by_id = {document.id: document for document in documents}

    def search(ask: _Ask) -> _Found:
        start = time.perf_counter()
        result = library.search(ask.text, ask.filters, limit=RANKED)
        spent = 1e3 * (time.perf_counter() - start)
        return _Found(rank(result, by_id), result.cost.embedded_tokens, spent)

    return search


def _compare(
    task: str,
    asks: Sequence[_Ask],
    depth: int,
    search: Callable[[_Ask], _Found],
    scan: SentenceScan,
    within: Sequence[int] | None,
    embedder: Embedder,
    measures: _Measures,
    names: dict[str, str] | None = None,
) -> Iterator[RetrievalRow]:
    """The three systems on the same questions."""
    found: dict[str, list[_Found]] = {"raw dense": [], "naive hybrid": [], "Pullquote": []}
    for ask in asks:
        rows = _rows_of(scan, ask, names) if within is None else np.asarray(within, np.intp)
        start = time.perf_counter()
        vector = embedder.embed_query(ask.text)
        read = time.perf_counter()
        tokens = embedder.count_tokens([ask.text])[0]
        dense, after_dense = scan.rank_dense(vector, rows), time.perf_counter()
        hybrid, after_hybrid = scan.rank_hybrid(vector, ask.text, rows), time.perf_counter()
        once = 1e3 * (read - start)
        found["raw dense"].append(_Found(dense, tokens, once + 1e3 * (after_dense - read)))
        found["naive hybrid"].append(_Found(hybrid, tokens, once + 1e3 * (after_hybrid - after_dense)))
        found["Pullquote"].append(search(ask))
    clusters = [ask.cluster for ask in asks]
    for system, results in found.items():
        yield RetrievalRow(
            task,
            system,
            len(asks),
            depth if system == "Pullquote" else None,
            {
                name: mean_with_interval(
                    [measure(f.ranking, ask.gold) for f, ask in zip(results, asks, strict=True)], clusters
                )
                for name, measure in measures.items()
            },
            float(np.mean([f.tokens for f in results])),
            float(np.mean([f.milliseconds for f in results])),
        )


def _rows_of(scan: SentenceScan, ask: _Ask, names: dict[str, str] | None) -> np.ndarray:
    allowed = {(names or {})[article] for article in ask.filters.articles}
    return np.array([row for row, unit in enumerate(scan.units) if unit in allowed], np.intp)
