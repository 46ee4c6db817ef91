"""Builds the int8 ONNX graph of multilingual-e5-small from its packed weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from vectorstore.embedding.base import FloatArray
from vectorstore.embedding.weights import PackedWeights

WEIGHT_LIMIT = 63
"""Largest magnitude of a quantised weight: 7 bits. Without VNNI, x86 adds two products of u8 and s8 in
16 bits and saturates at full range. Over NTREX sentences 7 bits cost nothing measurable
(mean cosine to the original engine .9942 against .9945 with 8)."""

_EPSILON = 1e-12
_GELU_DEPTH = 0.17
"""No output of Gelu is below -0.17, so a token's largest output, or this, bounds its magnitude."""
_FUSED = "com.microsoft"


def build_graph(weights: PackedWeights) -> bytes:
    """Serialise the encoder as an ONNX model.

    Input `embeddings` (batch, tokens, hidden): word + position + type embeddings, not normalised.
    Output `states` of the same shape: the last hidden states. There is no padding mask: all texts of a
    batch have the same number of tokens.
    """
    return bytes(_GraphBuilder(weights).build().SerializeToString())


class _GraphBuilder:
    def __init__(self, weights: PackedWeights) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def build(self) -> ModelProto:
        hidden = self._weights.hidden
        x = self._norm("embeddings", "emb.ln", "normed")
        for layer in range(self._weights.layers):
            x = self._layer(x, f"l{layer}", last=layer == self._weights.layers - 1)
        shape = ["batch", "tokens", hidden]
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    def _layer(self, x: str, name: str, *, last: bool) -> str:
        query, key, value = (self._linear(x, f"{name}.{part}") for part in "qkv")
        attended = self._add(
            "MultiHeadAttention", [query, key, value], f"{name}.attended", num_heads=self._weights.heads
        )
        projected = self._linear(attended, f"{name}.ao")
        x = self._add_and_norm(projected, x, f"{name}.aln", f"{name}.x")
        magnitudes = self._magnitudes(self._standard("Abs", [x], f"{name}.abs"), 1e-6)
        inner = self._scaled_linear(x, magnitudes, f"{name}.fi")
        inner = self._standard("Add", [inner, self._vector(f"{name}.fi.b")], f"{name}.fi.biased")
        active = self._add("Gelu", [inner], f"{name}.gelu")
        outer = self._scaled_linear(active, self._magnitudes(active, _GELU_DEPTH), f"{name}.fo")
        outer = self._standard("Add", [outer, self._vector(f"{name}.fo.b")], f"{name}.fo.biased")
        return self._add_and_norm(outer, x, f"{name}.oln", "states" if last else f"{name}.y")

    def _linear(self, x: str, name: str) -> str:
        operands = [x, *self._matrix(name), "", self._vector(f"{name}.b")]
        return self._add("DynamicQuantizeMatMul", operands, name)

    def _scaled_linear(self, x: str, magnitudes: str, name: str) -> str:
        """Multiply without bias, each token quantised by a scale of its own.

        On the special tokens one channel is 10 to 60 times as large as any other in the text. With one
        scale for all tokens that channel leaves the rest a few levels: the mean cosine to the same graph
        in float32 is .9964, .9985 with these scales around the second matrix of a layer, .9990 around both.
        Six XQuAD-R pools, English questions, MRR@10: .739 → .746 (float32: .747), at 8 % of the speed.
        """
        inverse = self._standard("Reciprocal", [magnitudes], f"{name}.inverse")
        even = self._standard("Mul", [x, inverse], f"{name}.even")
        product = self._add("DynamicQuantizeMatMul", [even, *self._matrix(name)], f"{name}.product")
        return self._standard("Mul", [product, magnitudes], f"{name}.scaled")

    def _magnitudes(self, x: str, floor: float) -> str:
        largest = self._standard("ReduceMax", [x], f"{x}.max", axes=[-1], keepdims=1)
        least = self._constant(f"{x}.floor", np.float32(floor))
        return self._standard("Max", [largest, least], f"{x}.magnitude")

    def _matrix(self, name: str) -> list[str]:
        matrix, scales = _quantise_rows(self._weights.matrix(f"{name}.w"))
        return [self._constant(f"{name}.w", matrix.T), self._constant(f"{name}.s", scales)]

    def _vector(self, name: str) -> str:
        return self._constant(name, self._weights.vector(name))

    def _add_and_norm(self, x: str, skip: str, name: str, output: str) -> str:
        return self._norm(self._standard("Add", [x, skip], f"{name}.sum"), name, output)

    def _norm(self, x: str, name: str, output: str) -> str:
        operands = [x, self._vector(f"{name}.w"), self._vector(f"{name}.b")]
        return self._standard("LayerNormalization", operands, output, axis=-1, epsilon=_EPSILON)

    def _constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        whole = np.ascontiguousarray(value).reshape(np.shape(value))  # A scalar would become a row.
        self._constants.append(numpy_helper.from_array(whole, name))
        return name

    def _standard(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        return self._add(operator, inputs, output, domain="", **attributes)

    def _add(
        self, operator: str, inputs: list[str], output: str, domain: str = _FUSED, **attributes: Any
    ) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output


def _quantise_rows(matrix: FloatArray) -> tuple[NDArray[np.int8], FloatArray]:
    largest = np.abs(matrix).max(axis=1)
    scales = np.where(largest > 0, largest / WEIGHT_LIMIT, 1).astype(np.float32)
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales
