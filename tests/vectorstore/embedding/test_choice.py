"""The bundled model in another form, told from a model of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from vectorstore import EmbedderSettings, LibrarySettings, SetupError
from vectorstore.embedding import Embedder, has_same_space, load_embedder
from vectorstore.embedding.base import FloatArray


@dataclass(frozen=True)
class Blurred:
    """The bundled model's vectors, `blur` of another direction mixed in."""

    model: Embedder
    blur: float
    fingerprint: str = "blurred"

    @property
    def dimension(self) -> int:
        return self.model.dimension

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        noise = np.random.default_rng(5).standard_normal((len(texts), self.dimension))
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        mixed = self.model.embed_passages(texts) + self.blur * noise
        return (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)

    def embed_query(self, text: str) -> FloatArray:
        raise AssertionError("not needed to compare")


def test_another_precision_shares_the_space_and_another_model_does_not(embedder: Embedder) -> None:
    assert has_same_space(embedder, embedder)
    assert has_same_space(Blurred(embedder, 0.15), embedder)
    assert not has_same_space(Blurred(embedder, 0.6), embedder)
    assert not has_same_space(Blurred(embedder, 20.0), embedder)


def test_names_stand_for_embedders(embedder: Embedder, tmp_path: Path, cache: Path) -> None:
    settings = LibrarySettings(path=tmp_path, cache=cache, embedder=EmbedderSettings(threads=1))
    assert load_embedder("e5", settings, lambda: embedder, {}) is embedder
    key = {"OPENAI_API_KEY": "sk-1"}
    named = load_embedder("openai:org/some:model", settings, lambda: embedder, key, dimension=3)
    assert named.fingerprint == "openai-org/some:model@api.openai.com-3"
    with pytest.raises(SetupError, match=f"{tmp_path / 'none'} is no e5 export"):
        load_embedder(f"e5:{tmp_path / 'none'}", settings, lambda: embedder, {})
