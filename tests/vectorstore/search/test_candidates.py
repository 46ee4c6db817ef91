"""Which passages are read again."""

from __future__ import annotations

from vectorstore.article import Article, Passage, Span
from vectorstore.search.candidates import Candidate, choose


def candidate(name: str, nearness: float = 0.5) -> Candidate:
    article = Article(id=name, text="Words.", language="en", origin="test")
    return Candidate(article, Passage(name, 0, Span(0, 6), (Span(0, 6),)), nearness)


NEAREST = [candidate(name) for name in "abcdefghij"]
SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.95]


def names(chosen: list[Candidate]) -> str:
    return "".join(entry.article.id for entry in chosen)


def test_the_best_by_score_are_read() -> None:
    assert names(choose(NEAREST, SCORES, [], 4)) == "jabc"
    assert names(choose(NEAREST, SCORES, [], 20)) == "jabcdefghi"
    assert names(choose([], [], [], 4)) == ""


def test_words_take_the_last_places_for_what_would_not_be_read() -> None:
    lexical = [candidate(name) for name in "axyz"]
    assert names(choose(NEAREST, SCORES, lexical, 8)) == "jabcdexy"
    assert names(choose(NEAREST, SCORES, lexical, 4)) == "jabx"
    assert names(choose(NEAREST, SCORES, lexical, 3)) == "jab"
