"""An embedder for thousands of questions to the same passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore import Embedder, TokenStates


class RememberingEmbedder:
    """An embedder that reads each passage once, and counts what a search would have cost without that."""

    def __init__(self, embedder: Embedder) -> None:
        """Wrap `embedder`."""
        self._embedder = embedder
        self._known: dict[str, TokenStates] = {}

    @property
    def fingerprint(self) -> str:
        """The wrapped embedder's."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that are encoded."""
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's own tokens."""
        return self._embedder.count_tokens(texts)

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Give the spans of all tokens."""
        return self._embedder.token_offsets(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages, remembering their states too."""
        return np.stack([states.vector for states in self.encode_passages(texts)])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question."""
        return self._embedder.embed_query(text)

    def encode_passages(self, texts: Sequence[str]) -> list[TokenStates]:
        """Encode passages, those seen before from memory (in half precision)."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, states in zip(unknown, self._embedder.encode_passages(unknown), strict=True):
            # Half the memory: thousands of passages stay in it.
            half = states.states.astype(np.float16)
            self._known[text] = TokenStates(states.vector, half, states.offsets)  # type: ignore[arg-type]
        return [
            TokenStates(known.vector, known.states.astype(np.float32), known.offsets)
            for known in (self._known[text] for text in texts)
        ]

    def encode_query(self, text: str) -> TokenStates:
        """Encode a question."""
        return self._embedder.encode_query(text)
