"""Passages tile their article, fit the budget, and keep marked text apart."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vectorstore.embedding import Embedder
from vectorstore.model.article import Article, Boilerplate, Passage, Role, Span
from vectorstore.model.settings import ReadSettings
from vectorstore.readers import Given, read_path
from vectorstore.text.canonical import article_id, canonicalize
from vectorstore.text.chunking import cut

SEED = Path(__file__).parents[3] / "seeds" / "000_900c80e9f77e3d38.txt"


def words(text: str) -> NDArray[np.int32]:
    """A token a word or punctuation mark."""
    return np.array([found.span() for found in re.finditer(r"\w+|[^\w\s]", text)], np.int32).reshape(-1, 2)


def characters(text: str) -> NDArray[np.int32]:
    """A token a code point, white space included."""
    return np.array([(place, place + 1) for place in range(len(text))], np.int32).reshape(-1, 2)


def moody(text: str) -> NDArray[np.int32]:
    """Like a real tokenizer: the start of a text costs tokens of its own, some characters cost three."""
    spans = [(0, 0)] * min(2, len(text))
    for place, character in enumerate(text):
        spans += [(place, place), (place, place), (place, place + 1)] if character == "ﷺ" else []
        spans += [] if character.isspace() or character == "ﷺ" else [(place, place + 1)]
    return np.array(spans, np.int32).reshape(-1, 2)


def article(text: str, language: str = "en", boilerplate: tuple[Boilerplate, ...] = ()) -> Article:
    return Article(article_id(text), text, language, "test", boilerplate=boilerplate)


def slices(whole: Article, passages: tuple[Passage, ...]) -> list[str]:
    return [whole.text[passage.span.start : passage.span.end] for passage in passages]


def assert_sound(whole: Article, passages: tuple[Passage, ...]) -> None:
    assert "".join(slices(whole, passages)) == whole.text
    assert [passage.id for passage in passages] == [f"{whole.id}:{row}" for row in range(len(passages))]
    edges = [passage.span.start for passage in passages] + [len(whole.text)]
    for passage, (start, end) in zip(passages, pairwise(edges), strict=True):
        assert passage.span == Span(start, end)
        assert start < end
        bounds = [sentence.start for sentence in passage.sentences] + [end]
        assert bounds[0] == start
        assert list(passage.sentences) == list(map(Span, bounds, bounds[1:]))
        assert all(sentence.start < sentence.end for sentence in passage.sentences)


def test_short_paragraphs_share_a_passage_and_long_ones_break_between_sentences() -> None:
    whole = article("One two.\n\nThree four.\n\nHe sat down. She sat up. They got on.\n\nEnd.")
    passages = cut(whole, words, 8)
    assert_sound(whole, passages)
    assert slices(whole, passages) == [
        "One two.\n\nThree four.\n\n",
        "He sat down. She sat up. ",
        "They got on.\n\nEnd.",
    ]
    assert [len(passage.sentences) for passage in passages] == [2, 2, 2]


def test_a_paragraph_that_fits_is_not_broken_to_fill_the_one_before() -> None:
    whole = article("One two.\n\nHe sat. She ran. They left.")
    assert slices(whole, cut(whole, words, 10)) == ["One two.\n\n", "He sat. She ran. They left."]


def test_an_endless_sentence_breaks_at_a_space_or_punctuation_near_the_budget() -> None:
    whole = article("abcdef ghij, klmnopqrst uvw" + "x" * 30)
    passages = cut(whole, characters, 12)
    assert_sound(whole, passages)
    assert slices(whole, passages) == [
        "abcdef ghij,",
        " klmnopqrst ",
        "uvwxxxxxxxxx",
        "xxxxxxxxxxxx",
        "xxxxxxxxx",
    ]


def test_letters_keep_their_marks_and_emoji_their_parts() -> None:
    whole = article("क्षि" * 20 + "👩‍👩‍👧" * 20, "hi")
    for passage in cut(whole, characters, 10):
        text = whole.text[passage.span.start : passage.span.end]
        assert text[0] not in "्िष‍" or text[0] == "ष"
        assert not text.endswith("\u200d")


def test_marked_text_does_not_share_a_passage_with_running_text() -> None:
    text = "\n\nTitle\n\nTitle\n\nBody one.\n\nA man. (AP)\n\nBody two.\n\nRelated:\n\nOther story"
    boilerplate = tuple(
        Boilerplate(Span(text.index(first), text.index(first) + len(first)), role)
        for first, role in (
            ("Title", Role.TITLE),
            ("A man. (AP)", Role.CAPTION),
            ("Related:\n\nOther story", Role.RELATED),
        )
    )
    boilerplate += (Boilerplate(Span(9, 14), Role.REPEATED_TITLE),)
    whole = article(text, boilerplate=boilerplate)
    passages = cut(whole, words, 100)
    assert_sound(whole, passages)
    assert slices(whole, passages) == [
        "\n\nTitle\n\nTitle\n\n",
        "Body one.\n\n",
        "A man. (AP)\n\n",
        "Body two.\n\n",
        "Related:\n\nOther story",
    ]


def test_a_mark_inside_a_sentence_is_cut_out() -> None:
    text = "Before it, the caption (AP) and after it."
    whole = article(text, boilerplate=(Boilerplate(Span(11, 27), Role.CAPTION),))
    assert slices(whole, cut(whole, words, 100)) == ["Before it, ", "the caption (AP) ", "and after it."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x"])
def test_hardly_any_text(text: str) -> None:
    whole = article(text)
    passages = cut(whole, words, 5)
    assert_sound(whole, passages)
    assert len(passages) == (1 if text else 0)


def test_a_budget_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 tokens"):
        cut(article("x"), words, 0)


@given(
    st.text(st.sampled_from("ab cd.!?\n\n“”(),ﷺé\u0301日本。ا"), max_size=300) | st.text(max_size=200),
    st.sampled_from([words, characters, moody]),
    st.integers(5, 40),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.sampled_from(Role)), max_size=3),
)
def test_any_article_is_tiled_within_the_budget(
    raw: str, tokenize: object, budget: int, places: list[tuple[int, int, Role]]
) -> None:
    assert callable(tokenize)
    text = canonicalize(raw)
    boilerplate = tuple(
        Boilerplate(Span(start, min(len(text), start + size)), role)
        for start, size, role in places
        if start < len(text)
    )
    whole = article(text, boilerplate=boilerplate)
    passages = cut(whole, tokenize, budget)
    assert_sound(whole, passages)
    assert all(len(tokenize(part)) <= budget for part in slices(whole, passages))


LONG_LINES = {
    "one word": "a" * 200_000,
    "words": "word " * 40_000,
    "sentences": "Dit is zin nr. 1. " * 11_000,
    "chinese": "部长说他不知道。" * 25_000,
    "thai": "ภาษาไทยไม่มีช่องว่าง" * 10_000,
    "quotes": "“a " * 66_000,
}


@pytest.mark.parametrize("name", LONG_LINES)
def test_a_line_of_200_000_characters_costs_tokens_in_proportion(name: str) -> None:
    tokenized = 0

    def counting(text: str) -> NDArray[np.int32]:
        nonlocal tokenized
        tokenized += len(text)
        return characters(text)

    whole = article(LONG_LINES[name], "zh" if name == "chinese" else "th" if name == "thai" else "en")
    passages = cut(whole, counting, 160)
    assert_sound(whole, passages)
    assert len(whole.text) / 160 <= len(passages) <= 2.2 * len(whole.text) / 160
    assert tokenized <= 3 * len(whole.text)


def test_passages_fit_the_bundled_embedder(embedder: Embedder) -> None:
    texts = {
        "nl": "De minister zei niets. " * 200,
        "ja": "大臣は何も言わなかった。" * 200,
        "ar": "لم يقل الوزير شيئا. " * 200,
        "hi": "मंत्री ने कुछ नहीं कहा। " * 200,
        "th": "รัฐมนตรีไม่ได้พูดอะไรเลย" * 200,
        "und": "ﷺ😀" * 300,
    }
    for language, text in texts.items():
        whole = article(text, language)
        passages = cut(whole, embedder.token_offsets, 160)
        assert_sound(whole, passages)
        counts = embedder.count_tokens(slices(whole, passages))
        assert max(counts) <= 160
        assert len(passages) >= 5


def test_the_seed_with_the_bundled_embedder(embedder: Embedder) -> None:
    [seed] = read_path(SEED, Given(), ReadSettings.model_validate({}))
    assert isinstance(seed, Article)
    passages = cut(seed, embedder.token_offsets, 160)
    assert_sound(seed, passages)
    parts = slices(seed, passages)
    assert max(embedder.count_tokens(parts)) <= 160
    assert [len(passage.sentences) for passage in passages] == [2, 2, 1, 1, 4, 2, 2, 1, 2, 1, 3]
    assert parts[0] == f"{seed.title}\n\n{seed.title}\n\n"
    assert parts[3].endswith("op 3 december 2024. (Kyodo)\n\n")
    assert parts[3].startswith("De Zweedse minister van Defensie Pal Jonson spreekt")
    assert parts[-1].startswith("Gerelateerde dekking:\n\nG7 noemt")
