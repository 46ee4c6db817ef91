"""From similarities to a ranking, and to the chance that there is an answer at all.

Numbers in docs/decisions/0003-ranking.md; the tables are made by `bench.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import FloatArray
from vectorstore.model.evidence import Evidence

ANSWERABLE_AT = 0.5
"""`SearchResult.answerable` from which a question counts as answered. The calibration puts .5 where 3.5 % of
the development questions that have an answer are refused, held out by article."""

PASSAGE_DISCOUNT = 0.06
TOKEN_DISCOUNT = 0.12
"""What a passage in the question's own language has to be better by: in its vector's cosine, and in its
sentences' token score.

Words shared with the question raise both without making a sentence truer. On XQuAD-R's development half the
right sentence scores .17 higher in the question's own language than in another, the best wrong one .05. Of
the values between, the ones where P@1 over eleven languages does not fall yet."""

ALONE_SAME = 0.25
ALONE_OTHER = 0.5
"""Weight of a sentence read alone against the same sentence read in its passage, by whether question and
passage share their language. Across languages context pulls a sentence's tokens towards its neighbours'
(P@1 of Chinese .726 without, .752 with); within one it helps (.861 without reading alone, .848 at .5)."""

SAME_MATCH = 0.585
OTHER_MATCH = (0.093, 0.113, 0.313)
"""Token score to expect of a right sentence: in the question's language, and across, as intercept and slopes
over the sum and the lower of both languages' closeness. Least squares over 110 language pairs of XQuAD-R,
R² .63 (.54 without the lower one)."""

PASSAGE_WEIGHT = 1.0
"""Of the passage's cosine against its best sentence's score: a headline sums up more than a sentence says."""


def blend(context: FloatArray, alone: FloatArray, is_same: NDArray[np.bool_]) -> FloatArray:
    """Return a sentence's token score from its score in context and alone: (n,) each."""
    weight = np.where(is_same, ALONE_SAME, ALONE_OTHER).astype(np.float32)
    return np.asarray((1 - weight) * context + weight * alone, np.float32)


def discount(scores: FloatArray, is_same: NDArray[np.bool_], amount: float) -> FloatArray:
    """Return the scores made comparable between passages in the question's language and in others."""
    return np.asarray(scores - amount * is_same, np.float32)


def extend_ranking(leading: FloatArray, following: FloatArray) -> FloatArray:
    """Return scores for sentences that were not read alone: below `leading`, in the order of `following`."""
    if not len(leading) or not len(following):
        return following
    return np.asarray(np.minimum(leading.min() - 1e-3 - (following.max() - following), following), np.float32)


def expect_match(is_same: NDArray[np.bool_], question_closeness: float, closeness: FloatArray) -> FloatArray:
    """Token score to expect of a right sentence, by its language's closeness: (n,)."""
    lower = np.minimum(question_closeness, closeness)
    across = OTHER_MATCH[0] + OTHER_MATCH[1] * (question_closeness + closeness) + OTHER_MATCH[2] * lower
    return np.where(is_same, np.float32(SAME_MATCH), across).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class AnswerCalibration:
    """The chance that a sentence answers: a logistic regression over four features.

    `p = sigmoid(k0 + k1 * token + k2 * vector + k3 * background + k4 * expected)`. `background` is the token
    score the question reaches where nothing answers it, predicted from its own vector by ridge regression:
    vague questions match anything. `expected` is `expect_match`. All are fixed tables, so a library of one
    article and one of a million are judged the same way.
    """

    coefficients: FloatArray
    """k0 to k4."""
    background: FloatArray
    """(d + 1,): weights on the centred question vector, then the intercept."""

    @classmethod
    @cache
    def shipped(cls) -> AnswerCalibration:
        """Return the calibration that comes with the package."""
        with files(__package__).joinpath("tables/answer.npz").open("rb") as stream:
            table = np.load(stream, allow_pickle=False)
            return cls(table["coefficients"].astype(np.float32), table["background"].astype(np.float32))

    def predict_background(self, question: FloatArray) -> float:
        """Return the token score to expect of a library without an answer; `question` is centred, (d,)."""
        return float(question @ self.background[:-1] + self.background[-1])

    def estimate(
        self, token: FloatArray, vector: FloatArray, background: float, expected: FloatArray
    ) -> FloatArray:
        """Return the chance, 0 to 1, for each of n sentences; the library's is that of its best sentence.

        `token` are blended scores without discount, `vector` the cosines of passages and question: (n,) each.
        """
        k = self.coefficients
        logit = k[0] + k[1] * token + k[2] * vector + k[3] * background + k[4] * expected
        return np.asarray(1 / (1 + np.exp(-logit)), np.float32)


def rank_articles(evidence: Sequence[Evidence]) -> list[str]:
    """Return the ids of the articles evidence is from, best first.

    An article ranks where its best sentence does, by `score + PASSAGE_WEIGHT * passage_score`.
    """
    best: dict[str, float] = {}
    for entry in evidence:
        score = entry.score + PASSAGE_WEIGHT * entry.passage_score
        best[entry.article_id] = max(score, best.get(entry.article_id, score))
    return sorted(best, key=lambda article_id: (-best[article_id], article_id))
