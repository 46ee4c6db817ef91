"""Where an answer points, on articles of two letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    ArticleSpan,
    GoldSpan,
    citation_coverage,
    citation_precision,
    citation_recall,
    citation_validity,
    evidence_precision,
    evidence_recall,
    find_facts,
    is_hit,
    rank_facts,
)

GOLD = [
    GoldSpan(ArticleSpan("a", 0, 10), "fire"),
    GoldSpan(ArticleSpan("b", 50, 60), "fire"),
    GoldSpan(ArticleSpan("a", 20, 30), "cost"),
]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (ArticleSpan("a", 0, 10), True),
        (ArticleSpan("a", 2, 5), True),
        (ArticleSpan("a", 4, 100), True),
        (ArticleSpan("a", 5, 100), False),
        (ArticleSpan("a", 10, 20), False),
        (ArticleSpan("b", 0, 10), False),
    ],
)
def test_a_hit_shares_more_than_half_of_the_shorter(place: ArticleSpan, expected: bool) -> None:
    assert is_hit(place, ArticleSpan("a", 0, 10)) is expected


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(
    lambda pair: ArticleSpan("a", pair[0], sum(pair))
)


@given(one=SPANS, other=SPANS)
def test_hits_are_mutual_and_of_itself(one: ArticleSpan, other: ArticleSpan) -> None:
    assert is_hit(one, other) == is_hit(other, one)
    assert is_hit(one, one)


def test_copies_of_a_sentence_are_one_fact() -> None:
    ranking = [
        ArticleSpan("c", 0, 9),
        ArticleSpan("b", 50, 60),
        ArticleSpan("a", 1, 9),
        ArticleSpan("a", 20, 30),
    ]
    assert rank_facts(ranking, GOLD) == [ArticleSpan("c", 0, 9), "fire", "cost"]
    assert find_facts(ArticleSpan("b", 52, 60), GOLD) == ["fire"]


def test_evidence_of_distinct_places() -> None:
    # Cited: both copies of one fact, and a sentence that is none: 1 of 2 facts, 2 of 3 places.
    cited = [
        ArticleSpan("a", 0, 10),
        ArticleSpan("b", 50, 60),
        ArticleSpan("c", 0, 5),
        ArticleSpan("c", 0, 5),
    ]
    assert evidence_recall(cited, GOLD) == 1 / 2
    assert evidence_precision(cited, GOLD) == pytest.approx(2 / 3)
    assert evidence_recall([], GOLD) == 0.0
    assert evidence_precision([], GOLD) is None
    with pytest.raises(ValueError, match="without gold"):
        evidence_recall(cited, [])


def test_citations_are_counted_by_statement_and_by_citation() -> None:
    # Statements: one with gold and noise, one with noise, one with gold.
    gold, noise = ArticleSpan("a", 0, 10), ArticleSpan("c", 0, 5)
    statements = [[gold, noise], [noise], [gold]]
    assert citation_recall(statements, GOLD) == pytest.approx(2 / 3)
    assert citation_precision(statements, GOLD) == 2 / 4
    assert citation_coverage([[gold], []]) == 1 / 2
    assert [citation_recall([], GOLD), citation_precision([[]], GOLD), citation_coverage([])] == [None] * 3


def test_a_quote_is_valid_when_it_stands_there_to_the_letter() -> None:
    texts = {"a": "Der Hafen brannte nicht."}
    right = (ArticleSpan("a", 4, 9), "Hafen")
    wrong = [
        (ArticleSpan("a", 4, 9), "hafen"),
        (ArticleSpan("a", 5, 10), "Hafen"),
        (ArticleSpan("b", 4, 9), "Hafen"),
        (ArticleSpan("a", 9, 9), ""),
        (ArticleSpan("a", -6, -1), "nicht"),
    ]
    assert citation_validity([right], texts) == 1.0
    assert [citation_validity([each], texts) for each in wrong] == [0.0] * 5
    assert citation_validity([right, wrong[0]], texts) == 0.5
    assert citation_validity([], texts) is None
