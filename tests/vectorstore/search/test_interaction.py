"""Late interaction on vectors small enough to work out by hand."""

from __future__ import annotations

import numpy as np

from vectorstore.model.article import Span
from vectorstore.search.interaction import (
    ANTECEDENT,
    NO_MATCH,
    adapt,
    adapter_weights,
    assign_tokens,
    average,
    carry_to_next,
    match_all,
    match_tokens,
)

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]


def rows(*vectors: list[float]) -> np.ndarray:
    return np.array(vectors, np.float32).reshape(-1, 2)


def test_a_token_belongs_to_the_sentence_its_middle_is_in() -> None:
    offsets = np.array([[0, 2], [3, 6], [6, 9], [9, 9], [12, 14]], np.int32)
    sentences = [Span(0, 5), Span(5, 10)]
    assert assign_tokens(offsets, sentences).tolist() == [0, 0, 1, 1, -1]
    assert assign_tokens(offsets, []).tolist() == [-1] * 5


def test_each_question_token_takes_its_best_match_in_each_sentence() -> None:
    question = rows(EAST, NORTH)
    tokens = rows(EAST, [0.6, 0.8], NORTH, EAST)
    found = match_tokens(question, tokens, np.array([0, 0, -1, 2]), 3)
    np.testing.assert_allclose(found, [[1.0, NO_MATCH, 1.0], [0.8, NO_MATCH, 0.0]])


def test_nothing_matches_where_nothing_is() -> None:
    nothing = np.empty((0, 2), np.float32)
    assert match_tokens(rows(EAST), nothing, np.empty(0, np.intp), 2).tolist() == [[NO_MATCH, NO_MATCH]]
    assert match_tokens(nothing, rows(EAST), np.array([0]), 1).shape == (0, 1)
    assert average([match_tokens(nothing, rows(EAST), np.array([0]), 1)]).tolist() == [NO_MATCH]


def test_a_sentence_borrows_from_the_one_before_it_at_a_discount() -> None:
    matches = np.array([[0.5, 0.1, 0.9], [0.2, 0.4, 0.8]], np.float32)
    expected = [[NO_MATCH, 0.5 * ANTECEDENT, NO_MATCH], [NO_MATCH, 0.2 * ANTECEDENT, NO_MATCH]]
    found = carry_to_next(matches, np.array([False, True, False]))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_passages_are_matched_together_as_they_are_apart() -> None:
    question = rows(EAST, [0.6, 0.8])
    parts = [rows(NORTH, EAST), rows(EAST), rows([0.8, 0.6])]
    places = [np.array([0, 1]), np.array([2]), np.array([-1])]
    (together,) = match_all([question], parts, places, 4)
    apart = [match_tokens(question, part, place, 4) for part, place in zip(parts, places, strict=True)]
    np.testing.assert_allclose(together, np.max(apart, axis=0), rtol=1e-6)
    assert match_all([question], [], [], 1)[0].tolist() == [[NO_MATCH], [NO_MATCH]]


def test_scores_are_means_over_tokens_and_then_over_readings() -> None:
    first = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, 0.0]], np.float32)
    second = np.array([[0.1, 1.0]], np.float32)
    np.testing.assert_allclose(average([first, second]), [0.3, 0.5], rtol=1e-6)


def test_an_adapter_without_weights_changes_nothing() -> None:
    tokens = rows(EAST, [0.6, 0.8])
    np.testing.assert_allclose(adapt(tokens, np.zeros((2, 2), np.float32)), tokens, rtol=1e-6)
    turned = adapt(tokens, np.array([[0, 1], [0, 0]], np.float32))
    np.testing.assert_allclose(turned[0], [2**-0.5, 2**-0.5], rtol=1e-6)


def test_the_shipped_adapter_stays_near_the_identity() -> None:
    weights = adapter_weights()
    assert weights.shape == (384, 384)
    assert 0.3 < float(np.linalg.norm(weights)) < 3
