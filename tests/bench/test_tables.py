"""What is learned, on data small enough to check the learning itself."""

from __future__ import annotations

import numpy as np

from bench.tables.adapter import _differentiate, score, train_adapter
from bench.tables.calibration import _regress
from bench.tables.questions import EncodedQuestion, Pool
from vectorstore.search.transform import unit

DIMENSION = 6


def make_pool(random: np.random.Generator, language: str, article: int) -> Pool:
    views = tuple(
        (unit(random.normal(size=(9, DIMENSION)).astype(np.float32)), np.array([0, 2, 5, 9]))
        for _ in range(2)
    )
    ids = [f"{language}-{article}-0-{row}" for row in range(3)]
    return Pool(language, article, ids, np.array([-1, 0, -1]), np.zeros((3, DIMENSION), np.float32), views)


def make_question(random: np.random.Generator, language: str, article: int) -> EncodedQuestion:
    readings = tuple(unit(random.normal(size=(4, DIMENSION)).astype(np.float32)) for _ in range(2))
    gold = {name: f"{name}-{article}-0-{random.integers(3)}" for name in ("en", "de")}
    return EncodedQuestion(language, article, gold, np.zeros(DIMENSION, np.float32), readings)


def make_data() -> tuple[list[EncodedQuestion], dict[tuple[int, str], Pool]]:
    random = np.random.default_rng(5)
    places = [(article, language) for article in range(4) for language in ("en", "de")]
    pools = {(article, language): make_pool(random, language, article) for article, language in places}
    return [make_question(random, language, article) for article, language in places for _ in range(3)], pools


def loss(batch: list[EncodedQuestion], pool: Pool, weights: np.ndarray, sharpness: float) -> float:
    total = 0.0
    for question in batch:
        logits = sharpness * np.mean(score(question, pool, weights), axis=0, dtype=np.float64)
        row = pool.ids.index(question.gold[pool.language])
        total += np.log(np.exp(logits - logits[row]).sum())
    return total / len(batch)


def test_the_gradient_is_that_of_the_loss() -> None:
    questions, pools = make_data()
    batch, pool = questions[:3], pools[0, "en"]
    weights = 0.1 * np.random.default_rng(1).normal(size=(DIMENSION, DIMENSION)).astype(np.float32)
    gradient, by_sharpness = _differentiate(batch, pool, weights, 5.0)
    step = 1e-3
    for row, column in [(0, 0), (2, 4), (5, 1)]:
        shifted = [weights.copy(), weights.copy()]
        shifted[0][row, column] += step
        shifted[1][row, column] -= step
        slope = (loss(batch, pool, shifted[0], 5.0) - loss(batch, pool, shifted[1], 5.0)) / (2 * step)
        np.testing.assert_allclose(gradient[row, column], slope, rtol=0.03, atol=2e-4)
    slope = (loss(batch, pool, weights, 5 + step) - loss(batch, pool, weights, 5 - step)) / (2 * step)
    np.testing.assert_allclose(by_sharpness, slope, rtol=0.01, atol=1e-4)


def test_training_repeats_itself_and_helps() -> None:
    questions, pools = make_data()
    first = train_adapter(questions, pools, range(4))
    np.testing.assert_array_equal(first, train_adapter(questions, pools, range(4)))
    nothing = np.zeros_like(first)
    losses = [
        sum(loss([q], pools[q.article, q.language], weights, 25.0) for q in questions)
        for weights in (nothing, first)
    ]
    assert losses[1] < losses[0]


def test_the_regression_finds_the_odds() -> None:
    # Three in four of one kind and one in four of the other: log odds of 3 and of 1/3.
    features = np.array([[1.0, 1.0]] * 4 + [[1.0, 0.0]] * 4)
    answers = np.array([True, True, True, False, True, False, False, False])
    found = _regress(features, answers, np.full(8, 1.0))
    np.testing.assert_allclose(found, [-np.log(3), 2 * np.log(3)], rtol=1e-3)
