"""Learns the linear map on question tokens.

Cross entropy over the sentences of one article: the answering one against its neighbours, which are nearly
all of the first stage's confusions. Adam, weight decay towards the identity, few passes, and a running mean
of the weights: with 632 questions (in eleven languages each) the map over-fits after three passes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bench.tables.questions import EncodedQuestion, Pool
from vectorstore.search.interaction import ANTECEDENT
from vectorstore.search.transform import FloatArray, unit

PASSES = 3
POOLS_A_PASS = 5
"""Languages an article is shown in, drawn anew each pass."""
RATE = 1e-4
DECAY = 3e-4
KEEP = 0.98
SHARPNESS = 25.0
"""Of the softmax at the start; learned along."""
SHARPNESS_RATE = 3e-2


@dataclass(slots=True, eq=False)
class _Adam:
    """Adam (Kingma and Ba 2015) with betas .9 and .99."""

    steps: int = 0
    moments: dict[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict)

    def move(self, name: str, value: FloatArray, gradient: FloatArray, rate: float) -> FloatArray:
        first, second = self.moments.get(name, (np.zeros_like(value), np.zeros_like(value)))
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        self.moments[name] = first, second
        step = first / (1 - 0.9**self.steps) / (np.sqrt(second / (1 - 0.99**self.steps)) + 1e-8)
        return np.asarray(value - rate * step, np.float32)


def train_adapter(
    questions: Sequence[EncodedQuestion],
    pools: dict[tuple[int, str], Pool],
    articles: Collection[int],
    seed: int = 0,
) -> FloatArray:
    """Learn W (d, d) from the questions on `articles`. Deterministic for one BLAS."""
    languages = sorted({question.language for question in questions})
    by_key: dict[tuple[int, str], list[EncodedQuestion]] = {}
    for question in questions:
        by_key.setdefault((question.article, question.language), []).append(question)
    dimension = questions[0].readings[0].shape[1]
    weights = np.zeros((dimension, dimension), np.float32)
    sharpness = np.array([SHARPNESS], np.float32)
    mean = np.zeros_like(weights)
    adam = _Adam()
    random = np.random.default_rng(seed)
    for _ in range(PASSES):
        for article in random.permutation(sorted(articles)):
            for language in random.permutation(languages)[:POOLS_A_PASS]:
                other = str(random.choice([name for name in languages if name != "en"]))
                batch = by_key[int(article), "en"] + by_key[int(article), other]
                step = _differentiate(batch, pools[int(article), str(language)], weights, float(sharpness[0]))
                adam.steps += 1
                weights = adam.move("weights", weights, step[0] + DECAY * weights, RATE)
                sharpness = adam.move("sharpness", sharpness, np.array([step[1]], np.float32), SHARPNESS_RATE)
                mean = KEEP * mean + (1 - KEEP) * weights
    return mean


def _differentiate(
    batch: list[EncodedQuestion], pool: Pool, weights: FloatArray, sharpness: float
) -> tuple[FloatArray, float]:
    """Gradient of the mean cross entropy with respect to W and to the sharpness."""
    lengths = np.array([len(question.readings[0]) for question in batch])
    starts = np.cumsum(lengths) - lengths
    of_question = np.repeat(np.arange(len(batch)), lengths)
    share = 1 / (len(batch[0].readings) * len(pool.views))
    scores = np.zeros((len(batch), len(pool.ids)), np.float32)
    kept = []
    for number in range(len(batch[0].readings)):
        tokens = np.concatenate([question.readings[number] for question in batch])
        moved = tokens + tokens @ weights
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        adapted = moved / length
        for states, bounds in pool.views:
            best, where = _best(adapted @ states.T, bounds)
            leaning = np.where(pool.previous >= 0, ANTECEDENT * best[:, pool.previous], -np.inf)
            is_leaning = leaning > best
            matches = np.where(is_leaning, leaning, best)
            scores += share * np.add.reduceat(matches, starts, axis=0) / lengths[:, None]
            kept.append((tokens, adapted, length, states, where, is_leaning))
    logits = sharpness * scores
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    right = [pool.ids.index(question.gold[pool.language]) for question in batch]
    chance[np.arange(len(batch)), right] -= 1
    chance /= len(batch)
    by_match = (share * sharpness * chance / lengths[:, None])[of_question]
    gradient = np.zeros_like(weights)
    for tokens, adapted, length, states, where, is_leaning in kept:
        own = np.where(is_leaning, 0, by_match)
        lent = np.where(is_leaning, ANTECEDENT * by_match, 0)
        for sentence in np.flatnonzero(pool.previous >= 0):
            own[:, pool.previous[sentence]] += lent[:, sentence]
        spread = np.zeros((len(tokens), len(states)), np.float32)
        np.put_along_axis(spread, where, own.astype(np.float32), axis=1)
        by_adapted = spread @ states
        along = (adapted * by_adapted).sum(axis=1, keepdims=True)
        gradient += tokens.T @ ((by_adapted - adapted * along) / length)
    return gradient, float((chance * scores).sum())


def _best(cosines: FloatArray, bounds: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
    """For each token and sentence the best cosine, and which state it is of."""
    parts = [cosines[:, start:end].argmax(axis=1) + start for start, end in pairwise(bounds)]
    where = np.stack(parts, axis=1)
    return np.take_along_axis(cosines, where, axis=1), where


def score(question: EncodedQuestion, pool: Pool, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Token scores of a pool's sentences in context and alone, (n,) each."""
    adapted = [unit(reading + reading @ weights) for reading in question.readings]
    found = []
    for states, bounds in pool.views:
        total = np.zeros(len(pool.ids), np.float32)
        for reading in adapted:
            best = np.maximum.reduceat(reading @ states.T, bounds[:-1], axis=1)
            leaning = np.where(pool.previous >= 0, ANTECEDENT * best[:, pool.previous], -1)
            total += np.maximum(best, leaning).mean(axis=0) / len(adapted)
        found.append(total)
    return found[0], found[1]
