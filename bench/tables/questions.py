"""XQuAD-R read by the embedder: questions, sentences in their passages, and sentences alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding import Embedder, TokenStates
from vectorstore.model.article import Span
from vectorstore.search.interaction import assign_tokens
from vectorstore.search.transform import Centering, FloatArray, Prefix

PASSAGE_TOKENS = 160
"""The product's default budget."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """One question, centred and not yet adapted."""

    language: str
    article: int
    gold: dict[str, str]
    """Id of the answering sentence, by language."""
    vector: FloatArray
    """(d,), centred."""
    readings: tuple[FloatArray, ...]
    """(T, d) unit rows, behind the query prefix and behind the passage prefix."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The sentences of one article in one language, in order."""

    language: str
    article: int
    ids: list[str]
    previous: NDArray[np.intp]
    """(n,) index of the sentence before in the same passage, -1 for none."""
    passages: FloatArray
    """(n, d) centred vector of each sentence's passage."""
    views: tuple[tuple[FloatArray, NDArray[np.intp]], ...]
    """In context, and alone: unit rows (T, d), and (n + 1,) where each sentence's begin."""


def read_questions(path: Path, embedder: Embedder, centering: Centering) -> list[EncodedQuestion]:
    """Encode every question behind both prefixes."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    questions = []
    for record in records:
        language, text = record["lang"], record["question"]
        query, (passage,) = embedder.encode_query(text), embedder.encode_passages([text])
        questions.append(
            EncodedQuestion(
                language,
                int(record["gold"][language].split("-")[1]),
                record["gold"],
                centering.center_query(query.vector, language),
                (
                    centering.center_tokens(query.states, language, Prefix.QUERY),
                    centering.center_tokens(passage.states, language, Prefix.PASSAGE),
                ),
            )
        )
    return questions


def read_pools(path: Path, embedder: Embedder, centering: Centering) -> dict[tuple[int, str], Pool]:
    """Cut paragraphs into passages as the product would and encode them, and every sentence alone."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    pools = {}
    for (language, article), group in groupby(records, key=lambda r: (r["lang"], r["art"])):
        sentences = list(group)
        pools[article, language] = _read_pool(language, article, sentences, embedder, centering)
    return pools


def _read_pool(
    language: str, article: int, sentences: list[dict[str, str]], embedder: Embedder, centering: Centering
) -> Pool:
    texts = [sentence["text"] for sentence in sentences]
    counts = embedder.count_tokens(texts)
    passages: list[list[int]] = []
    filled, paragraph = 0, None
    for row, (sentence, count) in enumerate(zip(sentences, counts, strict=True)):
        if sentence["par"] != paragraph or filled + count > PASSAGE_TOKENS:
            passages.append([])
            filled, paragraph = 0, sentence["par"]
        passages[-1].append(row)
        filled += count
    gap = "" if language == "zh" else " "
    encoded = embedder.encode_passages([gap.join(texts[row] for row in rows) for rows in passages])
    vectors = centering(np.stack([e.vector for e in encoded]), [language] * len(encoded))
    of_passage = [number for number, rows in enumerate(passages) for _ in rows]
    in_context = [
        states
        for rows, e in zip(passages, encoded, strict=True)
        for states in _split(e, [texts[row] for row in rows], len(gap))
    ]
    alone = [e.states for e in embedder.encode_passages(texts)]
    return Pool(
        language,
        article,
        [sentence["pid"] for sentence in sentences],
        np.array(
            [row - 1 if row and of_passage[row] == of_passage[row - 1] else -1 for row in range(len(texts))]
        ),
        vectors[of_passage],
        tuple(_stack(view, language, centering) for view in (in_context, alone)),
    )


def _split(encoded: TokenStates, texts: list[str], gap: int) -> list[FloatArray]:
    spans, start = [], 0
    for text in texts:
        spans.append(Span(start, start + len(text)))
        start += len(text) + gap
    sentence_of = assign_tokens(encoded.offsets, spans)
    return [encoded.states[sentence_of == row] for row in range(len(texts))]


def _stack(
    states: list[FloatArray], language: str, centering: Centering
) -> tuple[FloatArray, NDArray[np.intp]]:
    starts = np.cumsum([0, *map(len, states)])
    return centering.center_tokens(np.concatenate(states), language, Prefix.PASSAGE), starts
