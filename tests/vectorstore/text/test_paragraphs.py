"""Paragraphs: blank lines, a paragraph a line, wrapped text, and white space trimmed off."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.model.article import Span
from vectorstore.text.paragraphs import ends_like_a_sentence, find_paragraphs, trim

LONG = (
    "De minister zei dat de plannen die vorig jaar werden aangekondigd nog dit voorjaar naar de Kamer gaan."
)

WRAPPED = "De minister zei op\ndinsdag dat het goed\nkomt met de plannen."
WRAPPED_ONCE = "De minister zei op\ndinsdag dat het goed komt."

TEXTS = st.text(st.sampled_from("ab. \n!”\u3000।"), max_size=60)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        (" \n\n ", []),
        ("Een.", ["Een."]),
        ("\n\n Een.\n\n\n \nTwee. \n", ["Een.", "Twee."]),
        (
            "Een alinea per regel.\nZo ook deze.\n“En deze.”",
            ["Een alinea per regel.", "Zo ook deze.", "“En deze.”"],
        ),
        (WRAPPED, [WRAPPED]),
        (f"Kamer krijgt plannen\n{LONG} {LONG}", ["Kamer krijgt plannen", f"{LONG} {LONG}"]),
        ("Kop zonder witregel\nEen zin.\nNog een zin.", ["Kop zonder witregel", "Een zin.", "Nog een zin."]),
        (WRAPPED_ONCE, [WRAPPED_ONCE]),
        ("標題\n第一段。\n第二段。", ["標題", "第一段。", "第二段。"]),
        ("Een.\u00a0\n\u3000\nTwee", ["Een.", "Twee"]),
    ],
)
def test_where_paragraphs_are(text: str, paragraphs: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_paragraphs(text)] == paragraphs


@given(TEXTS)
def test_paragraphs_cover_every_visible_character_in_order(text: str) -> None:
    spans = find_paragraphs(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(span == trim(text, span) and span.start < span.end for span in spans)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_trim_takes_only_white_space_off(text: str, a: int, b: int) -> None:
    span = Span(min(a, b, len(text)), min(max(a, b), len(text)))
    trimmed = trim(text, span)
    assert text[trimmed.start : trimmed.end] == text[span.start : span.end].strip()
    assert span.contains(trimmed)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Klaar.", True),
        ("“Klaar.”", True),
        ("Klaar?", True),
        ("完了。", True),
        ("समाप्त।", True),
        ("انتهى؟", True),
        ("Kop zonder punt", False),
        ("Zweden (Kyodo)", False),
        ("", False),
    ],
)
def test_ends_like_a_sentence(text: str, ends: bool) -> None:
    assert ends_like_a_sentence(text) is ends
