"""Late interaction: how well the tokens of a sentence take up each token of a question.

After ColBERT (Khattab and Zaharia 2020, https://arxiv.org/abs/2004.12832): for each token of the question
the best cosine among a sentence's tokens, averaged over the question. Token states come from the same frozen
embedder as the vectors, centred by language (`transform`). Three things are different:

- The question is read twice, behind either prefix; each reading is a matrix of its own, and scores are means
  over both. Two readings err differently.
- Its tokens pass through a linear map near the identity (`adapt`), learned on question and sentence pairs.
- A sentence may lean on the one before it ("He is also the oldest…"): a token it lacks counts there at
  `ANTECEDENT` of its cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from vectorstore.embedding.base import FloatArray, unit
from vectorstore.model.article import Span

ANTECEDENT = 0.8
"""Share of a match in the sentence before. XQuAD-R's development half, English questions, mean P@1 over six
pools: .745 without, .751 at .7, .754 at .8, .748 at .9."""

_controller = cache(ThreadpoolController)

NO_MATCH = -1.0
"""What a sentence without tokens matches: no cosine is lower."""


def adapt(tokens: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the learned map `z -> unit(z + z W)` of (T, d) centred unit token states; W is (d, d)."""
    return unit(tokens + tokens @ weights)


@cache
def adapter_weights() -> FloatArray:
    """Return the weights that come with the package, (d, d)."""
    with files(__package__).joinpath("tables/adapter.npz").open("rb") as stream:
        return np.asarray(np.load(stream, allow_pickle=False)["weights"], np.float32)


def assign_tokens(offsets: NDArray[np.int32], sentences: Sequence[Span]) -> NDArray[np.intp]:
    """For each token (T, 2) the sentence its middle lies in, -1 for none.

    `offsets` and `sentences` count from the same place; `sentences` are in order and do not overlap.
    """
    if not len(sentences):
        return np.full(len(offsets), -1, np.intp)
    middles = offsets.sum(axis=1) / 2
    starts = np.array([span.start for span in sentences])
    ends = np.array([span.end for span in sentences])
    sentence = np.searchsorted(starts, middles, side="right") - 1
    inside = (sentence >= 0) & (middles < ends[np.maximum(sentence, 0)])
    return np.where(inside, sentence, -1).astype(np.intp)


def match_tokens(
    question: FloatArray, tokens: FloatArray, sentence_of: NDArray[np.intp], sentences: int
) -> FloatArray:
    """For each question token its best cosine in each sentence, `NO_MATCH` without tokens: (q, sentences).

    `question` (q, d) and a passage's `tokens` (t, d) are unit rows; `sentence_of` (t,) is non-decreasing but
    for -1, as `assign_tokens` gives it.
    """
    best = np.full((len(question), sentences), NO_MATCH, np.float32)
    inside = np.flatnonzero(sentence_of >= 0)
    if len(inside) and len(question):
        present, starts = np.unique(sentence_of[inside], return_index=True)
        best[:, present] = np.maximum.reduceat(question @ tokens[inside].T, starts, axis=1)
    return best


def match_all(
    readings: Sequence[FloatArray],
    tokens: Sequence[FloatArray],
    sentence_of: Sequence[NDArray[np.intp]],
    sentences: int,
) -> list[FloatArray]:
    """Return `match_tokens` of each reading over several passages, whose sentences are numbered through.

    One multiplication a reading: many small ones would leave BLAS's threads waiting for each other.
    """
    if not tokens:
        return [np.full((len(reading), sentences), NO_MATCH, np.float32) for reading in readings]
    joined, places = np.concatenate(tokens), np.concatenate(sentence_of)
    return [match_tokens(reading, joined, places, sentences) for reading in readings]


def carry_to_next(matches: FloatArray, follows: NDArray[np.bool_]) -> FloatArray:
    """Return what each sentence gets from the one before it: (q, sentences), `NO_MATCH` where there is none.

    `matches` are (q, sentences); `follows` is whether the sentence before is of the same passage.
    """
    carried = np.full_like(matches, NO_MATCH)
    carried[:, 1:] = ANTECEDENT * matches[:, :-1]
    carried[:, ~follows] = NO_MATCH
    return carried


def average(matches: Sequence[FloatArray]) -> FloatArray:
    """Return the mean over the tokens of each reading, then over the readings: (sentences,)."""
    means = [match.mean(axis=0) for match in matches if len(match)]
    nothing = np.full((1, matches[0].shape[1]), NO_MATCH, np.float32)
    return np.asarray(np.mean(means or nothing, axis=0), np.float32)


def one_blas_thread() -> AbstractContextManager[object]:
    """Run numpy's BLAS on the calling thread inside the block.

    A search multiplies matrices of a few megabytes, a millisecond's work. With more threads than free cores
    BLAS spends 30 times that waiting for its own.
    """
    # Made once, as it looks through all loaded libraries.
    limit: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limit
