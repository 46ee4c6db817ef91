"""Calibrates the chance that there is an answer, on questions about articles that are there and that are not.

Every number comes from an adapter and a background regression that have not seen the question's article.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.tables.adapter import score
from bench.tables.questions import EncodedQuestion, Pool
from vectorstore.search.scoring import ANSWERABLE_AT, blend, expect_match
from vectorstore.search.transform import FloatArray, LanguageMeans

FOLDS = 2
REFUSED = 0.035
"""Share of answerable questions below the threshold, in each of `STRICT`'s languages at most."""
STRICT = ("en", "de", "zh")
RIDGE = 1.0
PENALTY = 1e-3
LANGUAGES = ("en", "de", "zh", "ar", "es", "ru")
"""Languages of the calibration's questions, and of the articles that English ones are asked of; English
questions count as often as all others together."""


class CalibrationCase(NamedTuple):
    """One question against the articles of its half, or of the other."""

    question: int
    language: str
    """Of the pool."""
    is_answerable: bool
    token: float
    vector: float
    expected: float


def fold_of(article: int) -> int:
    """Articles alternate between the halves."""
    return article % FOLDS


def collect_cases(
    questions: Sequence[EncodedQuestion],
    pools: dict[tuple[int, str], Pool],
    adapters: Sequence[FloatArray],
    means: LanguageMeans,
) -> list[CalibrationCase]:
    """Best sentence of each half of the articles, for each question and each pool language.

    `adapters[f]` must not have seen the articles of fold `f`.
    """
    closeness = dict(zip(LANGUAGES, means.closeness[means.rows(LANGUAGES)], strict=True))
    articles = sorted({article for article, _ in pools})
    cases = []
    for number, question in enumerate(questions):
        weights = adapters[fold_of(question.article)]
        for language in STRICT if question.language != "en" else LANGUAGES:
            is_same = np.array([language == question.language])
            expected = expect_match(is_same, float(closeness[question.language]), closeness[language][None])
            for half in range(FOLDS):
                best = max(
                    _best_of(question, pools[article, language], weights, bool(is_same[0]))
                    for article in articles
                    if fold_of(article) == half
                )
                cases.append(
                    CalibrationCase(
                        number,
                        language,
                        half == fold_of(question.article),
                        *best,
                        expected=float(expected[0]),
                    )
                )
    return cases


def _best_of(
    question: EncodedQuestion, pool: Pool, weights: FloatArray, is_same: bool
) -> tuple[float, float]:
    context, alone = score(question, pool, weights)
    blended = blend(context, alone, np.full(len(context), is_same))
    row = int(blended.argmax())
    return float(blended[row]), float(pool.passages[row] @ question.vector)


def fit_background(
    questions: Sequence[EncodedQuestion], cases: Sequence[CalibrationCase], held_out: int | None
) -> FloatArray:
    """Ridge regression of the score without an answer on the question's vector; `held_out` is a fold."""
    sums: dict[int, list[float]] = {}
    for case in cases:
        if not case.is_answerable and case.language != questions[case.question].language:
            sums.setdefault(case.question, []).append(case.token)
    rows = [n for n in sums if held_out is None or fold_of(questions[n].article) != held_out]
    vectors = np.stack([questions[n].vector for n in rows]).astype(np.float64)
    targets = np.array([np.mean(sums[n]) for n in rows])
    middle = vectors.mean(axis=0)
    centred = vectors - middle
    gram = centred.T @ centred + RIDGE * np.eye(vectors.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (targets - targets.mean()))
    return np.append(weights, targets.mean() - middle @ weights).astype(np.float32)


def fit_coefficients(
    questions: Sequence[EncodedQuestion], cases: Sequence[CalibrationCase], backgrounds: Sequence[float]
) -> FloatArray:
    """Logistic regression, then its intercept moved to put the threshold where `REFUSED` says."""
    features = np.array(
        [[1, c.token, c.vector, b, c.expected] for c, b in zip(cases, backgrounds, strict=True)]
    )
    answers = np.array([c.is_answerable for c in cases])
    is_english = np.array([questions[c.question].language == "en" for c in cases])
    importance = np.where(is_english, 1 / is_english.sum(), 1 / max(1, (~is_english).sum()))
    k = _regress(features, answers, importance / importance.sum())
    logits = features @ k
    edge = min(float(np.quantile(logits[_rows(questions, cases, language)], REFUSED)) for language in STRICT)
    k[0] += np.log(ANSWERABLE_AT / (1 - ANSWERABLE_AT)) - edge
    return k.astype(np.float32)


def _rows(
    questions: Sequence[EncodedQuestion], cases: Sequence[CalibrationCase], language: str
) -> NDArray[np.intp]:
    return np.array(
        [
            row
            for row, case in enumerate(cases)
            if case.is_answerable and case.language == language and questions[case.question].language == "en"
        ]
    )


def _regress(
    features: NDArray[np.float64], answers: NDArray[np.bool_], importance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Newton's method on the penalized likelihood; the intercept is not penalized."""
    k = np.zeros(features.shape[1])
    penalty = PENALTY * np.eye(len(k)) / 100
    penalty[0, 0] = 0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(features @ k, -50, 50)))
        gradient = features.T @ (importance * (chance - answers)) + penalty @ k
        curvature = (features * (importance * chance * (1 - chance))[:, None]).T @ features + penalty
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(k)), gradient)
        k -= step
        if np.abs(step).max() < 1e-8:
            break
    return k
