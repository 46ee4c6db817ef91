"""Gaps in sentences, in several scripts."""

from __future__ import annotations

import pytest

from eval.cases.articles import GoldCandidate
from eval.cases.cloze import draft_cloze
from vectorstore import Article, Span


def draft(text: str) -> tuple[str, str] | str:
    article = Article(id="a" * 16, text=text, language="en", origin="a.md")
    made = draft_cloze(0, article, [GoldCandidate("a1.1", text, Span(0, len(text)))])
    return made if isinstance(made, str) else (made.question or "", made.answers[0])


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The repair costs 1,250.50 crowns.", ("The repair costs ____ crowns.", "1,250.50")),
        ("渡轮上有42名船员。", ("渡轮上有____名船员。", "42")),
        ("تكلف التذكرة ٤٥ كرونة.", ("تكلف التذكرة ____ كرونة.", "٤٥")),
        ("The bill, said Anna Visser, is late.", ("The bill, said ____, is late.", "Anna Visser")),
    ],
)
def test_a_number_or_a_name_is_left_out(text: str, made: tuple[str, str]) -> None:
    assert draft(text) == made


@pytest.mark.parametrize(
    "text",
    [
        "Anna Visser spoke.",
        "Nobody came to the harbour.",
        "Of 12 boats 12 came back.",
        "The A380 landed.",
        "Er kostet 5 Kronen." + " Und mehr." * 40,
    ],
)
def test_what_gives_itself_away_or_is_no_gap(text: str) -> None:
    assert draft(text) == "none of its first sentences has a number or a name to leave out"
