"""Runs the transformer: token ids of one text in, last hidden states out.

Texts are never batched. One text at a time on one thread is as fast as any batch on one thread
(10,300 tokens a second for 140 tokens, 9,900 for seven such texts at once, 8,100 for 16 tokens; two
threads 19,000), needs no padding and no mask, and makes a vector depend on its own text alone:
`DynamicQuantizeMatMul` takes one scale for a whole batch, so neighbours would change it (in batches of
eight to a mean cosine of .9993, least .9987). Callers run several texts in as many threads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import FloatArray
from vectorstore.embedding.weights import PackedWeights
from vectorstore.model.errors import SetupError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped,unused-ignore]

_SLOW_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""Operators that take longer than those they replace (ONNX Runtime 1.32, 150 tokens): skip + layer
normalisation nine times (24 of them 5.1 ms against 0.57, which is 29 % of a whole run), bias + Gelu 1.2."""


class PackedEncoder:
    """The graph built from the bundled weights; word embeddings stay 4-bit in the mapped weight file."""

    def __init__(self, weights: PackedWeights, graph: bytes) -> None:
        """Load `graph`, made by `build_graph` from the same weights."""
        self._weights = weights
        self._session = open_session(graph, "the cached graph")
        types = weights.vector("emb.type").reshape(-1, weights.hidden)
        self._positions: FloatArray = weights.vector("emb.pos").reshape(-1, weights.hidden) + types[0]
        self.dimension: int = weights.hidden
        """Length of a hidden state."""
        self.window: int = weights.window
        """Most tokens one text may have, special ones included."""

    def encode(self, ids: NDArray[np.int64]) -> FloatArray:
        """Turn token ids (T,) into last hidden states (T, dimension)."""
        embeddings = self._weights.word_rows(ids)
        embeddings += self._positions[: len(ids)]
        (states,) = self._session.run(None, {"embeddings": embeddings[None]})
        return np.asarray(states[0], np.float32)


class ExportedEncoder:
    """A published ONNX export with the inputs of a BERT-like model."""

    def __init__(self, path: Path, window: int) -> None:
        """Load `path`. Raises SetupError when its inputs or output are not an encoder's."""
        self._session = open_session(path, str(path))
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        output = self._session.get_outputs()[0]
        unknown = set(self._inputs) - {"input_ids", "attention_mask", "token_type_ids"}
        if unknown or "input_ids" not in self._inputs or len(output.shape) != 3:
            raise SetupError(
                f"{path} takes {', '.join(self._inputs)} and gives {output.name} {output.shape}; "
                "an e5 export takes input_ids, attention_mask (and token_type_ids) and gives hidden states "
                "of three dimensions"
            )
        self._output = output.name
        self.window: int = window
        self.dimension: int = self.encode(np.zeros(1, np.int64)).shape[1]

    def encode(self, ids: NDArray[np.int64]) -> FloatArray:
        row = ids[None]
        values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        (states,) = self._session.run([self._output], {name: values[name] for name in self._inputs})
        return np.asarray(states[0], np.float32)


Encoder: TypeAlias = PackedEncoder | ExportedEncoder
"""A transformer that can be called from several threads at once."""


def open_session(model: bytes | Path, name: str) -> InferenceSession:
    """Open a model for use from several threads, each run staying on its caller's thread.

    Raises SetupError naming `name` when ONNX Runtime refuses it.
    """
    import onnxruntime  # type: ignore[import-untyped,unused-ignore]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            model if isinstance(model, bytes) else str(model),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOW_FUSIONS,
        )
    except Exception as error:  # ONNX Runtime's exceptions have no common base but this
        raise SetupError(f"ONNX Runtime cannot load {name} ({error})") from error
