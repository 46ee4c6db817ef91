"""The tokenizer built from the weight file."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest

from vectorstore.embedding.tokenizer import SentencePieceTokenizer, build_sentencepiece_model, make_encodable
from vectorstore.embedding.weights import PackedWeights, locate_bundled_weights
from vectorstore.model.errors import SetupError


@pytest.fixture(scope="module")
def weights() -> PackedWeights:
    return PackedWeights(locate_bundled_weights()[0])


@pytest.fixture(scope="module")
def model(weights: PackedWeights) -> bytes:
    return build_sentencepiece_model(weights)


@pytest.fixture(scope="module")
def tokenizer(model: bytes) -> SentencePieceTokenizer:
    return SentencePieceTokenizer(model)


def test_building_twice_gives_the_same_bytes(weights: PackedWeights, model: bytes) -> None:
    assert build_sentencepiece_model(weights) == model


def test_ids_are_those_of_the_model(tokenizer: SentencePieceTokenizer) -> None:
    assert (tokenizer.bos, tokenizer.eos) == (0, 2)
    assert tokenizer.tokenize("Hello world").ids.tolist() == [35378, 8999]  # as XLM-RoBERTa's


def test_written_special_tokens_are_text(tokenizer: SentencePieceTokenizer) -> None:
    ids = tokenizer.tokenize("a <s> b </s> c <mask> <pad>").ids
    assert not set(ids.tolist()) & {0, 1, 2, 250001}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Zweedse premier", ["Z", "we", "ed", "se", "premier"]),
        ("  two   spaces\n\nand lines ", ["two", "space", "s", "and", "lines"]),
        ("Ｆｕｌｌ ﬁne ½", ["Ｆｕｌｌ", "ﬁne", "½"]),
        ("cafe\u0301 café", ["cafe\u0301", "café"]),
        ("a\ud800b", ["a", "\ud800b"]),
        ("x\x00y", ["x\x00", "y"]),
        ("日本の首相", ["日本の", "首相"]),
    ],
)
def test_spans_cut_the_original_text(tokenizer: SentencePieceTokenizer, text: str, spans: list[str]) -> None:
    offsets = tokenizer.tokenize(text).offsets
    assert offsets.dtype == np.int32
    cut = [text[start:end] for start, end in offsets.tolist()]
    assert [span for span in cut if span] == spans


def test_of_one_characters_many_tokens_the_last_has_its_span(tokenizer: SentencePieceTokenizer) -> None:
    tokens = tokenizer.tokenize("a ﷺ b")
    assert tokens.offsets.tolist() == [[0, 1], [2, 2], [2, 2], [2, 2], [2, 3], [4, 5]]
    assert len(tokens.ids) == 6


def test_single_characters_are_normalised_as_the_weight_file_says(
    tokenizer: SentencePieceTokenizer, weights: PackedWeights
) -> None:
    rules = weights.normalisation()
    assert len(rules) == 4837
    for character, replacement in rules.items():
        seen = tokenizer.tokenize(f"a {character} b").ids.tolist()
        meant = tokenizer.tokenize(f"a {replacement} b").ids.tolist()
        assert seen == meant, hex(ord(character))


def test_decomposed_text_is_tokenized_like_composed(tokenizer: SentencePieceTokenizer) -> None:
    text = "Ẹ̀kọ́ Việt Nam, Ærøskøbing, Ελλάδα, Йошкар-Ола, 각하, Ångström"
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert composed != decomposed
    assert tokenizer.tokenize(composed).ids.tolist() == tokenizer.tokenize(decomposed).ids.tolist()


def test_counts_equal_tokens(tokenizer: SentencePieceTokenizer) -> None:
    texts = ["", "one", "Gemeenteraadsverkiezingen in Súdwest-Fryslân", "\ud800", "ﷺ" * 3]
    assert tokenizer.count(texts) == [len(tokenizer.tokenize(text).ids) for text in texts]
    assert tokenizer.count(texts)[:2] == [0, 1]


def test_encodable_text_keeps_its_length() -> None:
    text = "".join(map(chr, range(0x11000)))
    encodable = make_encodable(text)
    assert len(encodable) == len(text)
    encodable.encode("utf-8")
    assert not re.search("\x00", encodable)
    assert [a for a, b in zip(text, encodable, strict=True) if a != b] == [
        "\x00",
        *map(chr, range(0xD800, 0xE000)),
    ]


def test_a_broken_model_is_refused() -> None:
    with pytest.raises(SetupError, match="cached tokenizer cannot be loaded"):
        SentencePieceTokenizer(b"no model")
