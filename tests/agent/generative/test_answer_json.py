from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.generative.answer_json import AnswerStream, CandidateStatement

TWO = {
    "statements": [
        {"text": 'A {brace}, a "quote" and a \\ — é\n', "labels": ["a1.1", "a1.2"]},
        {"text": "B", "labels": ["a2.1"]},
    ],
    "missing": ["who"],
}
CANDIDATES = [
    CandidateStatement('A {brace}, a "quote" and a \\ — é\n', ("a1.1", "a1.2")),
    CandidateStatement("B", ("a2.1",)),
]


def feed(stream: AnswerStream, pieces: list[str]) -> list[CandidateStatement]:
    return [candidate for piece in pieces for candidate in stream.feed(piece)]


@given(st.lists(st.integers(0, 200), max_size=30), st.booleans())
def test_wherever_a_reply_is_cut_into_pieces_the_statements_are_the_same(
    cuts: list[int], ascii: bool
) -> None:
    text = json.dumps(TWO, ensure_ascii=ascii)
    edges = [0, *sorted(cut for cut in cuts if cut <= len(text)), len(text)]
    stream = AnswerStream()
    assert feed(stream, [text[a:b] for a, b in itertools.pairwise(edges)]) == CANDIDATES
    assert (stream.missing, stream.is_complete) == (("who",), True)


@given(st.integers(0, 200))
def test_a_reply_that_ends_anywhere_gives_whole_statements_only(end: int) -> None:
    stream = AnswerStream()
    found = feed(stream, list(json.dumps(TWO)[:end]))
    assert found == CANDIDATES[: len(found)]


def test_a_statement_is_given_as_soon_as_the_next_one_begins() -> None:
    text = json.dumps(TWO)
    stream = AnswerStream()
    assert stream.feed(text[: text.index("]}") + 2]) == []
    assert stream.feed(", {") == CANDIDATES[:1]
    assert not stream.is_complete


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("```json\n", "\n```"),
        ('<think>perhaps {"statements": [{"text": "no", "labels": []}]}</think>', ""),
        ("Sure {here it is}: ", " I hope {this} helps."),
    ],
    ids=["bare", "fence", "thought", "talk"],
)
def test_what_stands_around_the_json_is_passed_over(before: str, after: str) -> None:
    stream = AnswerStream()
    assert feed(stream, list(before + json.dumps(TWO) + after)) == CANDIDATES


@pytest.mark.parametrize(
    "text",
    ["", "Anna did.", "[]", '"statements"', '{"answer": "Anna did."}', "{{{{{{", "\x00", '{"statements": 3}'],
)
def test_what_is_no_answer_has_no_statement(text: str) -> None:
    stream = AnswerStream()
    assert feed(stream, list(text)) == []


def test_entries_that_are_no_statements_are_passed_over() -> None:
    odd = {
        "statements": ["A", {"text": 1, "labels": []}, {"labels": []}, {"text": "B", "labels": "a1.1"}, None]
    }
    assert AnswerStream().feed(json.dumps(odd)) == [CandidateStatement("B", ("a1.1",))]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1, 1),
        ("2", 2),
        (3.0, 3),
        (0, None),
        (-1, None),
        (True, None),
        ("x", None),
        ([1], None),
        (None, None),
        ("9" * 5000, None),
        (10**300, None),
        (float("inf"), None),
        (float("nan"), None),
    ],
)
def test_a_conflict_is_a_number_from_1_or_none(written: object, read: int | None) -> None:
    entry = {"text": "B", "labels": ["a1.1"], "conflict": written}
    assert AnswerStream().feed(json.dumps({"statements": [entry]})) == [
        CandidateStatement("B", ("a1.1",), read)
    ]
