"""Which passages are read again."""

from __future__ import annotations

from vectorstore.search.candidates import NearestPassage, choose

NEAREST = [NearestPassage(f"{name}:0", 0.5) for name in "abcdefghij"]
SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.95]


def names(chosen: list[NearestPassage]) -> str:
    return "".join(entry.article_id for entry in chosen)


def test_the_best_by_score_are_read() -> None:
    assert names(choose(NEAREST, SCORES, [], 4)) == "jabc"
    assert names(choose(NEAREST, SCORES, [], 20)) == "jabcdefghi"
    assert names(choose([], [], [], 4)) == ""


def test_words_take_the_last_places_for_what_would_not_be_read() -> None:
    lexical = [NearestPassage(f"{name}:0", 0.2) for name in "axyz"]
    assert names(choose(NEAREST, SCORES, lexical, 8)) == "jabcdexy"
    assert names(choose(NEAREST, SCORES, lexical, 4)) == "jabx"
    assert names(choose(NEAREST, SCORES, lexical, 3)) == "jab"
