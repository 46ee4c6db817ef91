from __future__ import annotations

import pytest

from agent.extractive.near_duplicates import repeats


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The minister warned on Tuesday.", "The minister warned on Tuesday"),
        ("両国の防衛相は懸念を表明した。", "両国の防衛相は懸念を表明した"),
        ("Ja.", "JA"),
    ],
)
def test_reprints_are_duplicates(one: str, other: str) -> None:
    assert repeats(one, other)
    assert repeats(other, one)


def test_a_part_repeats_the_whole_but_the_whole_adds_to_the_part() -> None:
    part = "De minister waarschuwde."
    whole = "“De minister waarschuwde”, aldus het persbureau dinsdag in Tokio."
    assert repeats(part, whole)
    assert not repeats(whole, part)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The minister warned on Tuesday.", "The minister was silent on Wednesday."),
        ("両国の防衛相は懸念を表明した。", "日本政府は新しい予算案を閣議決定した。"),
        ("Ja.", "Nee."),
        ("", "Something."),
    ],
)
def test_different_sentences_are_not(one: str, other: str) -> None:
    assert not repeats(one, other)
