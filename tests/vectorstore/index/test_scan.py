from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.index.scan import Scan, merge, rank, unit

SCAN = Scan(["a", "b", "c", "d"], unit(np.array([[3, 0], [0, 2], [1, 1], [-1, 0]], np.float32)))


def rounded(found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return [(passage_id, round(similarity, 3)) for passage_id, similarity in found]


def test_nearest_first_by_cosine() -> None:
    question = np.array([10, 0], np.float32)
    everything = [("a", 1.0), ("c", 0.707), ("b", 0.0), ("d", -1.0)]
    assert rounded(SCAN.query(question, 9)) == everything
    assert rounded(SCAN.query(question, 2)) == everything[:2]
    assert rounded(SCAN.restrict({"d", "b", "x"}).query(question, 9)) == everything[2:]
    assert SCAN.restrict(set()).query(question, 9) == []
    assert Scan.join([], 2).query(question, 9) == []
    assert rounded(Scan.join([SCAN.restrict({"b"}), SCAN.restrict({"a"})], 2).query(question, 9)) == [
        ("a", 1.0),
        ("b", 0.0),
    ]


def test_a_zero_vector_is_near_nothing() -> None:
    assert np.array_equal(unit(np.zeros((2, 3), np.float32)), np.zeros((2, 3), np.float32))
    assert rounded(SCAN.query(np.zeros(2, np.float32), 1)) == [("a", 0.0)]


def test_later_knowledge_holds() -> None:
    assert merge([("a", 0.9), ("b", 0.8)], [("a", 0.1), ("c", 0.8)], 2) == [("b", 0.8), ("c", 0.8)]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(-1, 1)), unique_by=lambda x: x[0]),
    st.integers(1, 9),
)
def test_ranks_are_sorted_and_cut(scored: list[tuple[str, float]], n: int) -> None:
    ranked = rank(scored, n)
    assert len(ranked) == min(n, len(scored))
    assert ranked == sorted(ranked, key=lambda item: (-item[1], item[0]))
    left_out = set(scored) - set(ranked)
    assert all(similarity <= ranked[-1][1] for _, similarity in left_out)
