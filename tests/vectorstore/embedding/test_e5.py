"""The embedder's contract, on the bundled weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from vectorstore.embedding import E5Embedder, Embedder, TokenStates

STORY = (
    "The ferry to the island was cancelled on Friday. Passengers slept in the terminal, "
    "and the harbour master said the storm was the worst in forty years."
)
TEXTS = ["Rain.", STORY, "Die Fähre fiel aus.", "渡船星期五取消了。", "", STORY + " " + STORY, "Rain."]


def test_dimension_and_room_are_those_of_the_model(embedder: Embedder) -> None:
    assert embedder.dimension == 384
    assert embedder.max_tokens == 508  # 512, without <s>, </s>, "▁passage" and ":"


def test_fingerprint_names_model_weights_and_build(embedder: Embedder) -> None:
    assert embedder.fingerprint == "multilingual-e5-small-1571fc9827503943-int7-graph3-tokenizer1"


def test_vectors_are_unit_rows_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (7, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[6])
    german, chinese, others = vectors[2], vectors[3], vectors[[0, 4]]
    assert german @ chinese > (others @ german).max(), "the same sentence in two languages"


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.encode_passages([]) == []
    assert embedder.count_tokens([]) == []


def test_a_vector_depends_on_its_text_alone(embedder: Embedder, cache: Path) -> None:
    together = embedder.encode_passages(TEXTS)
    single = E5Embedder.bundled(cache, threads=1)
    for text, states in zip(TEXTS, together, strict=True):
        (alone,) = single.encode_passages([text])
        _assert_identical(alone, states)
        np.testing.assert_array_equal(single.embed_passages([text])[0], states.vector)


def test_one_embedder_serves_several_threads(embedder: Embedder) -> None:
    expected = [embedder.encode_query(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        for states, reference in zip(pool.map(embedder.encode_query, TEXTS * 4), expected * 4, strict=True):
            _assert_identical(states, reference)


def test_states_are_those_of_the_texts_own_tokens(embedder: Embedder) -> None:
    for encoded in (embedder.encode_query(STORY), *embedder.encode_passages([STORY])):
        assert embedder.count_tokens([STORY]) == [len(encoded.states)]
        assert encoded.states.shape == (len(encoded.offsets), 384)
        np.testing.assert_array_equal(encoded.offsets, embedder.token_offsets(STORY))
        words = [STORY[start:end] for start, end in encoded.offsets.tolist()]
        assert words[:7] == ["The", "fer", "ry", "to", "the", "island", "was"]
        assert "".join(words) == STORY.replace(" ", "")


def test_query_and_passage_have_prefixes_of_their_own(embedder: Embedder) -> None:
    (passage,) = embedder.embed_passages([STORY])
    query = embedder.embed_query(STORY)
    assert 0.8 < float(passage @ query) < 0.99


def test_empty_text_has_a_vector_and_no_tokens(embedder: Embedder) -> None:
    for text in ("", "   ", " \n\t", "\x00", "\u200b"):
        encoded = embedder.encode_query(text)
        assert abs(float(np.linalg.norm(encoded.vector)) - 1) < 1e-5, repr(text)
        assert encoded.states.shape == (0, 384), repr(text)
        assert encoded.offsets.shape == (0, 2), repr(text)


def test_of_a_long_text_the_first_tokens_are_encoded(embedder: Embedder) -> None:
    text = " ".join(f"{STORY} Day {day}." for day in range(40))
    assert embedder.count_tokens([text])[0] > 2 * embedder.max_tokens
    (encoded,) = embedder.encode_passages([text])
    offsets = embedder.token_offsets(text)[: embedder.max_tokens]
    np.testing.assert_array_equal(encoded.offsets, offsets)
    (cut,) = embedder.encode_passages([text[: offsets[-1, 1]]])
    _assert_identical(encoded, cut)
    (longer,) = embedder.encode_passages([text * 200])
    _assert_identical(encoded, longer)


def test_a_text_far_longer_than_it_has_tokens_is_read_to_where_they_are(embedder: Embedder) -> None:
    (expected,) = embedder.embed_passages([STORY])
    (vector,) = embedder.embed_passages([" " * 100_000 + STORY])
    np.testing.assert_array_equal(vector, expected)


def test_threads_below_one_are_refused(cache: Path) -> None:
    with pytest.raises(ValueError, match="threads must be at least 1, not 0"):
        E5Embedder.bundled(cache, threads=0)


def _assert_identical(left: TokenStates, right: TokenStates) -> None:
    np.testing.assert_array_equal(left.vector, right.vector)
    np.testing.assert_array_equal(left.states, right.states)
    np.testing.assert_array_equal(left.offsets, right.offsets)
