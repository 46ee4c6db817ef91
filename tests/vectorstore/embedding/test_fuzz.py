"""Any text at all: nothing crashes, every vector has length one, every span lies in its text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from vectorstore.embedding import Embedder, TokenStates
from vectorstore.embedding.e5 import _tokenize_start
from vectorstore.embedding.tokenizer import SentencePieceTokenizer, Tokenizer, build_sentencepiece_model
from vectorstore.embedding.weights import PackedWeights, locate_bundled_weights

_FRAGMENTS = st.sampled_from(
    [
        "\x00",
        "\ud800",
        "\udfff",
        "\ud83d\ude00",  # a surrogate pair that was never joined
        "ﷺ",
        "ﷻ",
        "👩‍👩‍👧‍👦",
        "🇳🇱",
        "👍🏽",
        "\u202eright to left\u202c",
        "שלום עולם",
        "مرحبا",
        "\u0301" * 9,
        "각",
        "\u200b\u200d\ufeff",
        "\u2581",
        "</s><mask>",
        " \t\r\n\u3000\xa0",
        "½㌀",
        "\U0010ffff",
    ]
)
_TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.text(st.characters(), max_size=40),
    st.lists(st.one_of(_FRAGMENTS, st.text(st.characters(codec=None), max_size=6)), max_size=8).map("".join),
)
_BATCH = 10


@settings(
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(texts=st.lists(_TEXTS, min_size=_BATCH, max_size=_BATCH))
def test_any_text_is_encoded(embedder: Embedder, texts: list[str]) -> None:
    counts = embedder.count_tokens(texts)
    for text, count, states in zip(texts, counts, embedder.encode_passages(texts), strict=True):
        _assert_sound(text, states)
        assert len(states.offsets) == min(count, embedder.max_tokens)
    _assert_sound(texts[0], embedder.encode_query(texts[0]))


@pytest.mark.parametrize(
    "unit",
    ["The council met again. ", "x", "國", " ", "\u0301", "ﷺ", "\x00", "\ud800", "שלום ", "👩‍👩‍👧‍👦", "a\n"],
)
def test_a_line_of_a_million_characters_is_encoded(embedder: Embedder, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    (states,) = embedder.encode_passages([text])
    _assert_sound(text, states)


@pytest.mark.parametrize("unit", ["The council met again. ", "國", "x", "👩‍👩‍👧‍👦"])
def test_all_of_a_million_characters_can_be_cut_into_tokens(embedder: Embedder, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    offsets = embedder.token_offsets(text)
    _assert_spans(text, offsets)
    assert embedder.count_tokens([text]) == [len(offsets)]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return SentencePieceTokenizer(build_sentencepiece_model(PackedWeights(locate_bundled_weights()[0])))


@settings(database=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.one_of(_FRAGMENTS, st.text(max_size=12)), min_size=1, max_size=6),
    repeats=st.integers(1, 400),
    count=st.integers(1, 60),
)
def test_the_start_of_a_text_is_tokenized_as_in_the_whole(
    tokenizer: Tokenizer, parts: list[str], repeats: int, count: int
) -> None:
    text = " ".join(parts * repeats)
    start, whole = _tokenize_start(tokenizer, text, count), tokenizer.tokenize(text)
    assert start.ids.tolist() == whole.ids[:count].tolist()
    assert start.offsets.tolist() == whole.offsets[:count].tolist()


def _assert_sound(text: str, states: TokenStates) -> None:
    assert np.isfinite(states.vector).all()
    assert abs(float(np.linalg.norm(states.vector)) - 1) < 1e-5
    assert np.isfinite(states.states).all()
    assert len(states.states) == len(states.offsets)
    _assert_spans(text, states.offsets)


def _assert_spans(text: str, offsets: np.ndarray) -> None:
    flat = offsets.ravel()
    assert offsets.shape == (len(offsets), 2)
    assert (np.diff(flat) >= 0).all(), "spans neither overlap nor go back"
    assert not len(flat) or (flat[0] >= 0 and flat[-1] <= len(text))
