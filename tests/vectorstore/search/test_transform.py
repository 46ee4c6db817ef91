"""Language centring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vectorstore.search
from vectorstore.search.transform import VECTOR_STRENGTH, Centering, LanguageMeans, Prefix, unit

TABLES = Path(vectorstore.search.__file__).parent / "tables"


@pytest.fixture
def centering() -> Centering:
    middle, dutch, brazilian = [0.0, 0.0], [0.5, 0.0], [0.0, 0.5]
    table = np.array([middle, dutch, brazilian], np.float32)
    sides = {Prefix.PASSAGE: table, Prefix.QUERY: -table}
    return Centering(LanguageMeans(("nl", "pt-BR"), sides, sides, np.array([0.5, 0.6, 0.7], np.float32)))


def test_a_passage_loses_its_language_s_mean(centering: Centering) -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0.6, 0.8]], np.float32)
    found = centering(vectors, ["nl", "nl-BE", "tlh"])
    less = np.array([0.5 * VECTOR_STRENGTH, 0])
    expected = [[1, 0], (vectors[1] - less) / np.linalg.norm(vectors[1] - less), [0.6, 0.8]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_questions_have_means_of_their_own(centering: Centering) -> None:
    vector = np.array([0, 1], np.float32)
    found = centering.center_query(vector, "nl")
    np.testing.assert_allclose(
        found, unit(vector + np.array([0.5 * VECTOR_STRENGTH, 0], np.float32)), rtol=1e-6
    )


def test_tokens_lose_the_whole_mean(centering: Centering) -> None:
    states = np.array([[1.0, 1.0], [0.0, 0.5]], np.float32)
    found = centering.center_tokens(states, "pt-BR", Prefix.PASSAGE)
    np.testing.assert_allclose(found, [[0.894427, 0.447214], [0, 0]], rtol=1e-5)


def test_the_fingerprint_follows_the_table(centering: Centering) -> None:
    other = Centering(
        LanguageMeans(("nl", "pt-PT"), centering.means.vectors, centering.means.tokens, np.zeros(3))
    )
    assert centering.fingerprint != other.fingerprint
    assert Centering.shipped().fingerprint == Centering(LanguageMeans.shipped()).fingerprint


def test_the_shipped_table_is_whole_and_small() -> None:
    means = LanguageMeans.shipped()
    assert {"ar", "de", "en", "es", "fa", "hi", "ja", "nl", "ru", "th", "tr", "vi", "zh", "zh-TW"} <= set(
        means.tags
    )
    shape = (1 + len(means.tags), 384)
    for table in (*means.vectors.values(), *means.tokens.values()):
        assert table.shape == shape
        assert np.isfinite(table).all()
        np.testing.assert_allclose(table[0], table[1:].mean(axis=0), atol=0.05)
    assert sum(file.stat().st_size for file in TABLES.glob("*.npz")) < 2_000_000
