"""A published export from a folder, stood for by a model small enough to compute by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from vectorstore.embedding import E5Embedder
from vectorstore.model.errors import SetupError

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁query", "▁passage", ":", "▁rain", "▁sun", "y", "▁"]
TABLE = np.random.default_rng(7).standard_normal((len(PIECES), 4)).astype(np.float32)


def _write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in PIECES], unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=16)
    tokenizer.save(str(folder / "tokenizer.json"))


def _write_model(path: Path, *, types: bool = False, output_rank: int = 3, extra: str | None = None) -> None:
    """A model whose hidden states are rows of TABLE, doubled where the attention mask is 1."""
    inputs = [
        "input_ids",
        "attention_mask",
        *(["token_type_ids"] if types else []),
        *([extra] if extra else []),
    ]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["floats", "last"], ["mask"]),
        helper.make_node("Mul", ["rows", "mask"], ["masked"]),
        helper.make_node("Add", ["rows", "masked"], ["last_hidden_state"]),
    ]
    shape = ["batch", "tokens", 4]
    if output_rank == 2:
        nodes.append(helper.make_node("ReduceMean", ["last_hidden_state"], ["pooled"], axes=[1], keepdims=0))
        shape = ["batch", 4]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs],
        [
            helper.make_tensor_value_info(
                "pooled" if output_rank == 2 else "last_hidden_state", TensorProto.FLOAT, shape
            )
        ],
        [numpy_helper.from_array(TABLE, "table"), numpy_helper.from_array(np.array([2]), "last")],
    )
    path.parent.mkdir(exist_ok=True)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def write_export(folder: Path) -> None:
    """An export with vectors of four numbers, as a published model's folder looks."""
    folder.mkdir()
    _write_tokenizer(folder)
    _write_model(folder / "model.onnx")


@pytest.fixture(params=["model.onnx", "onnx/model.onnx"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    _write_tokenizer(tmp_path)
    _write_model(tmp_path / request.param, types="/" in request.param)
    return tmp_path


def _expected(ids: list[int]) -> np.ndarray:
    mean = (2 * TABLE[ids]).mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_states_and_vectors_are_the_models(folder: Path) -> None:
    embedder = E5Embedder.from_folder(folder, threads=2)
    assert embedder.dimension == 4
    assert embedder.max_tokens == 508
    query = embedder.encode_query("rain  sunny")
    np.testing.assert_allclose(query.vector, _expected([0, 4, 6, 7, 8, 3, 9, 2]), rtol=1e-5)
    np.testing.assert_allclose(query.states, 2 * TABLE[[7, 8, 3, 9]], rtol=1e-6)
    assert query.offsets.tolist() == [[0, 4], [6, 9], [9, 10], [10, 11]]
    np.testing.assert_allclose(
        embedder.embed_passages(["rain", "sun", "rain"]),
        [_expected([0, 5, 6, word, 2]) for word in (7, 8, 7)],
        rtol=1e-5,
    )


def test_no_text_is_padded_cut_or_counted_with_specials(folder: Path) -> None:
    embedder = E5Embedder.from_folder(folder, threads=1)
    assert embedder.count_tokens(["rain", "", "rain sun " * 300]) == [1, 0, 600]
    assert embedder.token_offsets("\ud800 rain\x00 sun").tolist()[-1] == [8, 11]
    assert len(embedder.encode_passages(["rain " * 600])[0].states) == 508


def test_a_shorter_window_is_taken_from_the_configuration(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 16}))
    embedder = E5Embedder.from_folder(folder, threads=1)
    assert embedder.max_tokens == 12
    assert len(embedder.encode_passages(["rain " * 600])[0].states) == 12
    (folder / "config.json").write_text("{")
    with pytest.raises(SetupError, match=r"config\.json cannot be read"):
        E5Embedder.from_folder(folder, threads=1)


def test_the_fingerprint_follows_model_tokenizer_and_window(folder: Path) -> None:
    first = E5Embedder.from_folder(folder, threads=1).fingerprint
    assert E5Embedder.from_folder(folder, threads=2).fingerprint == first
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 16}))
    second = E5Embedder.from_folder(folder, threads=1).fingerprint
    tokenizer = folder / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text("utf-8") + " ", "utf-8")
    third = E5Embedder.from_folder(folder, threads=1).fingerprint
    assert len({first, second, third}) == 3


def test_missing_parts_are_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"needs model\.onnx \(or onnx/model\.onnx\) and tokenizer\.json"):
        E5Embedder.from_folder(tmp_path, threads=1)
    _write_model(tmp_path / "model.onnx")
    with pytest.raises(SetupError, match=r"tokenizer\.json"):
        E5Embedder.from_folder(tmp_path, threads=1)


def test_models_of_another_kind_are_refused(tmp_path: Path) -> None:
    _write_tokenizer(tmp_path)
    _write_model(tmp_path / "model.onnx", output_rank=2)
    with pytest.raises(SetupError, match=r"gives pooled \['batch', 4\]"):
        E5Embedder.from_folder(tmp_path, threads=1)
    _write_model(tmp_path / "model.onnx", extra="pixel_values")
    with pytest.raises(SetupError, match=r"takes input_ids, attention_mask, pixel_values"):
        E5Embedder.from_folder(tmp_path, threads=1)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(SetupError, match=r"ONNX Runtime cannot load .*model\.onnx"):
        E5Embedder.from_folder(tmp_path, threads=1)


def test_tokenizers_of_another_kind_are_refused(folder: Path) -> None:
    path = folder / "tokenizer.json"
    whole = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(whole | {"post_processor": None}), "utf-8")
    with pytest.raises(SetupError, match="puts 0 special tokens around a text instead of 2"):
        E5Embedder.from_folder(folder, threads=1)
    path.write_text(json.dumps(whole | {"normalizer": {"type": "Prepend", "prepend": "rain"}}), "utf-8")
    with pytest.raises(SetupError, match="tokenizes a text otherwise behind a prefix"):
        E5Embedder.from_folder(folder, threads=1)
    path.write_text("{}", "utf-8")
    with pytest.raises(SetupError, match=r"tokenizer\.json is not a tokenizer"):
        E5Embedder.from_folder(folder, threads=1)
