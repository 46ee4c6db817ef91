"""What the rest of the project asks of an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
OffsetArray: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class TokenStates:
    """One encoded text: its vector, and what the model made of each of its tokens.

    vector: (d,) unit length; the mean over all token states of the text with its prefix.
    states: (T, d) last hidden states of the text's own tokens (prefix and special tokens left out),
        not normalised. T is 0 for a text without any visible character.
    offsets: (T, 2) code points [start, end) in the text as the caller gave it, non-decreasing, white
        space around a token left out. A token can be empty (`start == end`) where one character of
        the text became several tokens.
    """

    vector: FloatArray
    states: FloatArray
    offsets: OffsetArray


class VectorEmbedder(Protocol):
    """Turns passages and questions into vectors of one space: all that the first stage of a search needs.

    Any `str` is accepted: NUL and lone surrogates too, and the empty string.
    """

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors would: model, weights, quantisation, graph, tokenizer; or server."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Embed passages to (n, d) unit rows, in the order given."""

    def embed_query(self, text: str) -> FloatArray:
        """Embed a question to a unit vector (d,)."""


class Embedder(VectorEmbedder, Protocol):
    """A model whose token states can be read too: what cuts passages and what the second stage needs.

    Of a text with more than `max_tokens` tokens only the first `max_tokens` are encoded; callers cut
    passages to fit.
    """

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that are encoded: the model's window without prefix and special tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's own tokens, uncut; prefix and special tokens are not counted."""

    def token_offsets(self, text: str) -> OffsetArray:
        """Give the (T, 2) spans of all tokens of `text`, uncut, as in `TokenStates.offsets`."""

    def encode_passages(self, texts: Sequence[str]) -> list[TokenStates]:
        """Embed passages and return their token states too."""

    def encode_query(self, text: str) -> TokenStates:
        """Embed a question and return its token states too."""


def unit(rows: FloatArray) -> FloatArray:
    """Return the rows (…, d) at unit length; a zero row stays zero."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), np.float32)
