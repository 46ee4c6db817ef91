"""An embedder behind any OpenAI-compatible `/embeddings`, and what to do when that refuses."""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding.base import FloatArray
from vectorstore.embedding.tokenizer import make_encodable
from vectorstore.model import server_errors
from vectorstore.model.addresses import Endpoint, find_endpoint
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

_TOO_LARGE = re.compile(r"too (large|long|many)|batch|maximum|context|exceed|must have less", re.IGNORECASE)
"""As OpenAI, Azure, TEI, vLLM, llama.cpp and Ollama say that a request is more than they take."""


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
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.concatenate([self._embed(batch) for batch in self._batches(texts)])

    def embed_query(self, text: str) -> FloatArray:
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
        with _map_errors(self.endpoint, self.model, len(batch)):
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
            raise SetupError(_say_malformed(self.endpoint, self.model)) from error
        if places != list(range(count)):
            raise SetupError(
                f"{self.endpoint.shown} gave {plural(len(places), 'vector')} of {self.model} for "
                f"{plural(count, 'text')}, or not one for each. "
                "Next: pullquote config set embedder.batch_size 1, or use another server"
            )
        if not is_table:
            raise SetupError(_say_malformed(self.endpoint, self.model))
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


@contextmanager
def _map_errors(endpoint: Endpoint, model: str, texts: int) -> Iterator[None]:
    """Turn what openai and httpx raise over `texts` texts into `SetupError`s that name the next step."""
    import httpx2
    import openai

    try:
        yield
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        next_step = "try again, or raise embedder.timeout_seconds with `pullquote config set`"
        raise SetupError(f"{endpoint.shown} sent nothing in time. Next: {next_step}") from error
    except openai.APIStatusError as error:
        raise SetupError(_explain_status(error, endpoint, model, texts)) from error
    except (openai.APIResponseValidationError, json.JSONDecodeError) as error:
        raise SetupError(_say_malformed(endpoint, model)) from error
    except (openai.APIError, httpx2.HTTPError) as error:
        raise SetupError(_explain_connection(error, endpoint)) from error


def _say_malformed(endpoint: Endpoint, model: str) -> str:
    """Return what to do when a reply is not what the protocol promises."""
    return (
        f"{endpoint.shown} replied to a request for vectors of {model} with something else. Next: check "
        "embedder.base_url, and that the server speaks OpenAI's /v1/embeddings"
    )


def _explain_status(error: openai.APIStatusError, endpoint: Endpoint, model: str, texts: int) -> str:
    where, status, words = endpoint.shown, error.status_code, server_errors.read_words(error)
    said = server_errors.shorten(words, endpoint.redact)
    if 300 <= status < 400:
        return server_errors.explain_redirect(where, "embedder", status)
    if status in (401, 403):
        return server_errors.explain_key(where, "embedder", has_key=endpoint.has_key)
    if status == 404 and "model" in words.lower():
        return f"{where} has no model {model}: {said}. Next: pullquote reembed --embedder openai:NAME"
    if status in (404, 405):
        return server_errors.explain_wrong_address(where, "embedder", status)
    if status == 429 and server_errors.is_quota(words):
        return f"The account at {where} has nothing left to spend: {said}. Top it up, then try again"
    if status == 429:
        wait = server_errors.seconds_to_wait(error.response)
        when = f"in {math.ceil(wait)} s" if wait and wait > 0 else "in a minute"
        return f"{where} gets too many requests (429) and was asked again in vain. Next: try again {when}"
    # 500 too: llama.cpp says so that an input is too large for it.
    if status in (400, 413, 422, 500) and texts > 1 and _TOO_LARGE.search(words):
        return (
            f"{where} does not take {texts} passages at once ({status}): {said}. "
            f"Next: pullquote config set embedder.batch_size {texts // 2}"
        )
    if status == 501:
        return (
            f"{where} serves no embeddings (501): {said}. Next: start it with embeddings switched on "
            "(llama.cpp: --embeddings), or set embedder.base_url to another server"
        )
    if status in (408, 409) or status >= 500:
        return f"{where} fails ({status}): {said}. Next: try again later"
    return (
        f"{where} does not take the request for {model} ({status}): {said}. "
        "Next: check embedder.dimensions and embedder.base_url in `pullquote config`"
    )


def _explain_connection(error: BaseException, endpoint: Endpoint) -> str:
    if untrusted := server_errors.explain_certificate(endpoint.shown, error):
        return untrusted
    first = server_errors.list_causes(error)[-1]
    reason = server_errors.shorten(str(first), endpoint.redact) or type(error).__name__
    return f"{endpoint.shown} cannot be reached: {reason}. Next: start the server or check embedder.base_url"
