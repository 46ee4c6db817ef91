"""Another embedder's vectors: where a question lies among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from vectorstore.embedding import Embedder
from vectorstore.embedding.base import FloatArray
from vectorstore.search.candidates import FirstStage, Uncentred
from vectorstore.search.scoring import PASSAGE_DISCOUNT
from vectorstore.search.transform import Centering


class Letters:
    """How often a text has a, b and c."""

    fingerprint = "letters"
    dimension = 3

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        counts = np.array([[text.count(letter) for letter in "abc"] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def embed_query(self, text: str) -> FloatArray:
        vector: FloatArray = self.embed_passages([text])[0]
        return vector


def test_without_means_vectors_stay_as_they_are_and_no_language_is_held_back() -> None:
    stage = FirstStage(Letters(), None)
    np.testing.assert_allclose(stage.place("aab?", "nl"), np.array([2, 1, 0]) / 5**0.5, rtol=1e-6)
    assert stage.discount == 0
    assert Uncentred.fingerprint != Centering.shipped().fingerprint
    given = np.array([[3, 4, 0], [0, 0, 0]], np.float32)
    np.testing.assert_allclose(Uncentred()(given, ["en", "xx"]), [[0.6, 0.8, 0], [0, 0, 0]], rtol=1e-6)


@pytest.mark.parametrize("language", ["nl", "zh-CN", "und"])
def test_the_bundled_model_in_another_form_is_centred_like_itself(embedder: Embedder, language: str) -> None:
    centering = Centering.shipped()
    stage = FirstStage(embedder, centering)
    expected = centering.center_query(embedder.embed_query("Wie waarschuwde?"), language)
    np.testing.assert_array_equal(stage.place("Wie waarschuwde?", language), expected)
    assert stage.discount == PASSAGE_DISCOUNT
