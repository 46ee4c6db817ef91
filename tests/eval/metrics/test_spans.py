"""Where an answer points, on articles of two letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    GoldSpan,
    Place,
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
    GoldSpan(Place("a", 0, 10), "fire"),
    GoldSpan(Place("b", 50, 60), "fire"),
    GoldSpan(Place("a", 20, 30), "cost"),
]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("a", 0, 10), True),
        (Place("a", 2, 5), True),
        (Place("a", 4, 100), True),
        (Place("a", 5, 100), False),
        (Place("a", 10, 20), False),
        (Place("b", 0, 10), False),
    ],
)
def test_a_hit_shares_more_than_half_of_the_shorter(place: Place, expected: bool) -> None:
    assert is_hit(place, Place("a", 0, 10)) is expected


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda pair: Place("a", pair[0], sum(pair)))


@given(one=SPANS, other=SPANS)
def test_hits_are_mutual_and_of_itself(one: Place, other: Place) -> None:
    assert is_hit(one, other) == is_hit(other, one)
    assert is_hit(one, one)


def test_copies_of_a_sentence_are_one_fact() -> None:
    ranking = [Place("c", 0, 9), Place("b", 50, 60), Place("a", 1, 9), Place("a", 20, 30)]
    assert rank_facts(ranking, GOLD) == [Place("c", 0, 9), "fire", "cost"]
    assert find_facts(Place("b", 52, 60), GOLD) == ["fire"]


def test_evidence_of_distinct_places() -> None:
    # Cited: both copies of one fact, and a sentence that is none: 1 of 2 facts, 2 of 3 places.
    cited = [Place("a", 0, 10), Place("b", 50, 60), Place("c", 0, 5), Place("c", 0, 5)]
    assert evidence_recall(cited, GOLD) == 1 / 2
    assert evidence_precision(cited, GOLD) == pytest.approx(2 / 3)
    assert evidence_recall([], GOLD) == 0.0
    assert evidence_precision([], GOLD) is None
    with pytest.raises(ValueError, match="without gold"):
        evidence_recall(cited, [])


def test_citations_are_counted_by_statement_and_by_citation() -> None:
    # Statements: one with gold and noise, one with noise, one with gold.
    gold, noise = Place("a", 0, 10), Place("c", 0, 5)
    statements = [[gold, noise], [noise], [gold]]
    assert citation_recall(statements, GOLD) == pytest.approx(2 / 3)
    assert citation_precision(statements, GOLD) == 2 / 4
    assert citation_coverage([[gold], []]) == 1 / 2
    assert [citation_recall([], GOLD), citation_precision([[]], GOLD), citation_coverage([])] == [None] * 3


def test_a_quote_is_valid_when_it_stands_there_to_the_letter() -> None:
    texts = {"a": "Der Hafen brannte nicht."}
    right = (Place("a", 4, 9), "Hafen")
    wrong = [
        (Place("a", 4, 9), "hafen"),
        (Place("a", 5, 10), "Hafen"),
        (Place("b", 4, 9), "Hafen"),
        (Place("a", 9, 9), ""),
        (Place("a", -6, -1), "nicht"),
    ]
    assert citation_validity([right], texts) == 1.0
    assert [citation_validity([each], texts) for each in wrong] == [0.0] * 5
    assert citation_validity([right, wrong[0]], texts) == 0.5
    assert citation_validity([], texts) is None
