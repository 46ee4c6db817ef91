"""Load an embedder by its name, and see whether it is the bundled model in another form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from vectorstore.embedding.base import Embedder, VectorEmbedder
from vectorstore.embedding.e5 import E5Embedder
from vectorstore.embedding.endpoint import EndpointEmbedder
from vectorstore.model.settings import LibrarySettings

_PROBES = (
    "The harbour was closed on Monday after cracks were found.",
    "Volgens de onderzoeker is een mijt de oorzaak.",
    "Der Nachtzug fährt ab Mai wieder.",
    "市议会周二否决了这项预算。",
)
_SAME_SPACE = 0.95
"""Cosine from which two vectors are of one model. The bundled 4-bit weights against their source: .99; of two
models, trained apart: about 0."""


def load_embedder(
    model: str,
    settings: LibrarySettings,
    read: Callable[[], Embedder],
    environ: Mapping[str, str],
    *,
    dimension: int | None = None,
) -> VectorEmbedder:
    """Load the embedder called `model`: `e5`, which `read` gives, `e5:FOLDER` or `openai:MODEL`.

    With `dimension`, the length of its vectors, a server need not be asked for it. Raises SetupError when the
    folder holds no such model, or no server is configured.
    """
    kind, _, name = model.partition(":")
    if kind == "openai":
        return EndpointEmbedder(settings.embedder, name, environ, dimension=dimension)
    if name:
        return E5Embedder.from_folder(Path(name).expanduser(), settings.embedder.threads)
    return read()


def has_same_space(embedder: VectorEmbedder, bundled: Embedder) -> bool:
    """Whether vectors of both can be compared: an export of multilingual-e5-small in another precision."""
    # Only then the language means, which were measured on the bundled model, apply to it.
    if embedder.dimension != bundled.dimension:
        return False
    cosines = (embedder.embed_passages(_PROBES) * bundled.embed_passages(_PROBES)).sum(axis=1)
    return bool(np.all(cosines >= _SAME_SPACE))
