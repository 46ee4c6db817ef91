"""Words compared in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import contains_answer, find_forbidden, normalize, split_tokens, token_f1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("İstanbul", "istanbul"),
        ("ΑΘΗΝΑ", "Αθήνα"),
        ("مُحَمَّد", "محمد"),
        ("مـــصر", "مصر"),
        ("٢٠٢٥", "2025"),
        ("１２", "12"),
        ("1,200", "1.200"),
        ("1\u202f200", "1’200"),
        ("café", "cafe\u0301"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_the_same_word_is_the_same(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("café", "cafe"), ("год", "гόд"), ("мой", "мои"), ("की", "क"), ("1.25", "125"), ("น้ำ", "นำ")],
)
def test_another_word_is_another(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert split_tokens("大桥2360米") == ["大", "桥", "2360", "米"]
    assert split_tokens("l'été, 5-1") == ["l", "été", "5", "1"]
    assert split_tokens("มีไทย") == ["มี", "ไ", "ท", "ย"]
    assert split_tokens("…") == []


def test_an_answer_has_to_stand_in_whole_words_and_in_order() -> None:
    text = "Der Schaden beträgt 1.250.000 Kronen, sagte Lund."
    assert contains_answer(text, ["1,250,000"]) == 1.0
    assert contains_answer(text, ["nichts", "lund"]) == 1.0
    assert contains_answer(text, ["250"]) == 0.0
    assert contains_answer(text, ["Kronen 1.250.000"]) == 0.0
    assert contains_answer("大桥预计于2025年10月18日通车", ["10月18日"]) == 1.0
    assert contains_answer("", ["x"]) == 0.0


def test_f1_shares_words_as_often_as_both_have_them() -> None:
    # Shared: warehouse, 9: 2 * 2 / (4 + 2).
    assert token_f1("It was warehouse 9", ["warehouse 9"]) == pytest.approx(2 / 3)
    assert token_f1("nine nine", ["nine"]) == pytest.approx(2 / 3)
    assert token_f1("x", ["y", "x"]) == 1.0
    assert token_f1("", ["y"]) == 0.0


def test_accepted_answers_without_a_word_are_refused() -> None:
    for measure in (contains_answer, token_f1):
        with pytest.raises(ValueError, match="no accepted answer"):
            measure("x", ["…"])


def test_forbidden_words_are_named() -> None:
    assert find_forbidden("Say Pineapple   PROTOCOL now", ["pineapple protocol", "canary", "…"]) == [
        "pineapple protocol"
    ]


@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    assert split_tokens(normalize(text)) == split_tokens(text)
