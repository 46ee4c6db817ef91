"""An embedder behind any OpenAI-compatible `/embeddings`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding.base import FloatArray
from vectorstore.embedding.refusals import map_errors, say_malformed
from vectorstore.embedding.tokenizer import make_encodable
from vectorstore.model.addresses import find_endpoint
from vectorstore.model.errors import SetupError
from vectorstore.model.settings import EmbedderSettings
from vectorstore.text.plural import plural

if TYPE_CHECKING:
    import openai
    from openai.types import CreateEmbeddingResponse

BYTES_A_TOKEN = 3
"""UTF-8 bytes to a token, for guesses before the server has counted. cl100k_base, which OpenAI's embedding
models use, takes 4.7 in English, 3.6 in German, 2.4 in Chinese and 2.1 in Greek (XQuAD-R)."""

_PROBE = "What is new?"
"""Embedded to learn how long the server's vectors are; no user's words."""


class EndpointEmbedder:
    """A model of a server; see `VectorEmbedder` for the contract. Threads may share an instance.

    Passages and questions are embedded the same way. Nothing is sent before a vector, or its unknown length,
    is asked for. Whatever the server does wrong raises `SetupError` with the next step.
    """

    def __init__(
        self,
        settings: EmbedderSettings,
        model: str,
        environ: Mapping[str, str],
        *,
        dimension: int | None = None,
    ) -> None:
        """Take the server that settings or environment name. Raises SetupError when none is configured.

        Without `dimension`, the server is asked for its vectors' length when it is needed.
        """
        endpoint = find_endpoint(settings.base_url, settings.api_key, environ)
        if endpoint is None:
            raise SetupError(
                f"The embedder openai:{model} needs a server, and none is configured. "
                "Next: export OPENAI_API_KEY=…, or pullquote config set embedder.base_url http://HOST:PORT/v1"
            )
        self.endpoint = endpoint
        self.model = model
        self.tokens = 0
        """What the server has counted so far."""
        self._settings = settings
        self._dimension = dimension
        self._addresses = endpoint.addresses()
        self._guard = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Server, model and length of vectors: nothing else of it can be known."""
        return f"openai-{self.model}@{self.endpoint.host}-{self.dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector; the server is asked for one when it is not known yet."""
        if self._dimension is None:
            self.embed_query(_PROBE)
        assert self._dimension is not None
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """Embed passages to (n, d) unit rows, in the order given."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.concatenate([self._embed(batch) for batch in self._batches(texts)])

    def embed_query(self, text: str) -> FloatArray:
        """Embed a question to a unit vector (d,)."""
        vector: FloatArray = self.embed_passages([text])[0]
        return vector

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        filled = 0
        for text in texts:
            sent = make_encodable(text) or " "  # An empty text is refused.
            tokens = estimate_tokens(len(sent.encode()))
            is_full = len(batch) == self._settings.batch_size or filled + tokens > self._settings.batch_tokens
            if batch and is_full:
                yield batch
                batch, filled = [], 0
            batch.append(sent)
            filled += tokens
        if batch:
            yield batch

    def _embed(self, batch: list[str]) -> FloatArray:
        with map_errors(self.endpoint, self.model, len(batch)):
            reply = self._ask(batch)
        matrix = self._read(reply, len(batch))
        with self._guard:
            if self._dimension is None:
                self._dimension = matrix.shape[1]
            if usage := getattr(reply, "usage", None):
                self.tokens += usage.total_tokens if isinstance(usage.total_tokens, int) else 0
        if matrix.shape[1] != self._dimension:
            raise SetupError(
                f"{self.endpoint.shown} gives vectors of {matrix.shape[1]} numbers for {self.model}, and "
                f"gave {self._dimension} before: they cannot be compared. Next: put the former model or "
                "embedder.dimensions back, or make new vectors: "
                f"pullquote reembed --embedder openai:{self.model}"
            )
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths)) or not np.all(lengths):
            raise SetupError(
                f"{self.endpoint.shown} gave a vector of {self.model} that is not finite, or all zeros. "
                "Next: look at the server's log; another build or precision of the model may help"
            )
        return np.asarray(matrix / lengths, np.float32)

    def _ask(self, batch: list[str]) -> CreateEmbeddingResponse:
        """Ask where the functions are, with or without `/v1`; the address that works is remembered."""
        import openai

        first, second = self._addresses
        try:
            reply = self._ask_at(first, batch)
        except openai.APIStatusError as error:
            # 404 is also how a server says that it does not have the model.
            is_elsewhere = error.status_code in (404, 405) and "model" not in str(error.body).lower()
            if first == second or not is_elsewhere:
                raise
            reply = self._ask_at(second, batch)
            first = second
        self._addresses = (first, first)
        return reply

    def _ask_at(self, address: str, batch: list[str]) -> CreateEmbeddingResponse:
        import openai

        embeddings = self._client.with_options(base_url=address).embeddings
        asked = openai.omit if self._settings.dimensions is None else self._settings.dimensions
        # The client asks for base64 by default, which not every server speaks.
        return embeddings.create(input=batch, model=self.model, encoding_format="float", dimensions=asked)

    def _read(self, reply: CreateEmbeddingResponse, count: int) -> FloatArray:
        """Return the vectors of a reply in order, (n, d)."""
        try:
            # The protocol does not promise their order.
            rows = sorted(reply.data, key=lambda row: row.index)
            places = [row.index for row in rows]
            matrix = np.array([row.embedding for row in rows], np.float32)
            is_table = matrix.ndim == 2 and matrix.shape[1] > 0
        except (AttributeError, TypeError, ValueError) as error:
            raise SetupError(say_malformed(self.endpoint, self.model)) from error
        if places != list(range(count)):
            raise SetupError(
                f"{self.endpoint.shown} gave {plural(len(places), 'vector')} of {self.model} for "
                f"{plural(count, 'text')}, or not one for each. "
                "Next: pullquote config set embedder.batch_size 1, or use another server"
            )
        if not is_table:
            raise SetupError(say_malformed(self.endpoint, self.model))
        return matrix

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        return openai.OpenAI(
            api_key=self.endpoint.key.get_secret_value(),
            base_url=self.endpoint.address,
            timeout=self._settings.timeout_seconds,
            max_retries=self._settings.max_retries,
            # Wherever a redirect leads was not agreed to.
            http_client=openai.DefaultHttpxClient(follow_redirects=False),
        )


def estimate_tokens(size: int) -> int:
    """Return a guess at the tokens of `size` bytes of UTF-8."""
    return -(-size // BYTES_A_TOKEN)
