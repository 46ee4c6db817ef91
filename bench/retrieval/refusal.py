"""Whether the library knows what it does not hold: `python -m bench.retrieval refusal`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.retrieval.library import open_library
from bench.statistics import MeanInterval, RiskCoverage, bootstrap_auroc, cover, mean_with_interval
from eval.suites.datasets import compose_xquad, read_questions, read_sentences
from vectorstore import ANSWERABLE_AT, Embedder, Filters

STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Thresholds of the risk-coverage table."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """English questions asked of articles in one language, half of which are there."""

    language: str
    split: str
    """`articles`: every second article is there. `paragraphs`: every second paragraph of each article is,
    so that a question without an answer is still on the articles' topics."""
    answerable: int
    unanswerable: int
    auroc: MeanInterval
    refused: MeanInterval
    """Share of answerable questions below the shipped threshold."""
    shipped: RiskCoverage
    table: tuple[RiskCoverage, ...]


def measure_refusal(
    data: Path, embedder: Embedder, cache: Path, depth: int, languages: Sequence[str], splits: Sequence[str]
) -> Iterator[Refusal]:
    """XQuAD-R, each half in turn being the library, so that every question is asked both ways."""
    sentences = read_sentences(data)
    questions = [question for question in read_questions(data) if question.lang == "en"]
    places = sorted({(s.art, s.par) for s in sentences})
    articles = sorted({article for article, _ in places})
    for split in splits:
        turn = {
            place: row % 2 if split == "paragraphs" else articles.index(place[0]) % 2
            for row, place in enumerate(places)
        }
        halves = [{place for place in places if turn[place] == half} for half in (0, 1)]
        scores: dict[str, tuple[list[tuple[str, float]], list[tuple[str, float]]]] = {
            language: ([], []) for language in languages
        }
        for half in halves:
            present = [s for s in sentences if (s.art, s.par) in half and s.lang in languages]
            with open_library(compose_xquad(present), embedder, cache, depth) as library:
                for language in languages:
                    for question in questions:
                        found = library.search(question.question, Filters(languages=(language,)), limit=1)
                        side = scores[language][0 if question.paragraph in half else 1]
                        side.append((str(question.article), found.answerable))
        for language in languages:
            yield _summarize(language, split, *scores[language])


def _summarize(
    language: str, split: str, answerable: list[tuple[str, float]], unanswerable: list[tuple[str, float]]
) -> Refusal:
    right, wrong = [score for _, score in answerable], [score for _, score in unanswerable]
    return Refusal(
        language,
        split,
        len(right),
        len(wrong),
        bootstrap_auroc(answerable, unanswerable),
        mean_with_interval(
            [float(score < ANSWERABLE_AT) for score in right], [name for name, _ in answerable]
        ),
        cover(right, wrong, ANSWERABLE_AT),
        tuple(cover(right, wrong, step) for step in sorted({*STEPS, ANSWERABLE_AT})),
    )
