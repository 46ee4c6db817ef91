"""Seeded draws."""

from __future__ import annotations

from collections.abc import Sequence

from eval.suites.hashing import draw, hash_json

NAMES = ["ferry-until", "bridge-when", "moon", *map(str, range(20))]


def drawn(names: Sequence[str], limit: int | None, seed: int) -> list[str]:
    return list(draw(names, limit, seed, str))


def test_a_draw_is_the_seeds_and_in_order() -> None:
    first = drawn(NAMES, 5, 1)
    assert len(first) == 5 and first == drawn(NAMES, 5, 1) == sorted(first, key=NAMES.index)
    assert first != drawn(NAMES, 5, 2)
    assert drawn(NAMES, None, 0) == drawn(NAMES, 99, 0) == NAMES
    assert {tuple(drawn(NAMES[:3], 1, seed)) for seed in range(20)} == {(name,) for name in NAMES[:3]}


def test_more_of_a_draw_hold_those_of_fewer_and_do_not_depend_on_what_else_there_is() -> None:
    assert set(drawn(NAMES, 4, 3)) < set(drawn(NAMES, 9, 3))
    chosen = drawn(NAMES, 4, 3)
    others = [name for name in NAMES if name not in drawn(NAMES, 9, 3)]
    assert drawn([name for name in NAMES if name not in others], 4, 3) == chosen


def test_a_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert hash_json({"a": 1, "b": 2}) == hash_json({"b": 2, "a": 1}) != hash_json({"a": 2, "b": 1})
