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


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Three people died when a ferry sank.", "Five people died when a ferry sank."),
        ("en", "The parliament has approved the budget.", "The parliament has not approved the budget."),
        ("en", "The bank will raise its rate in June.", "The bank will cut its rate in June."),
        ("en", "He confirmed that talks would begin.", "He denied that talks would begin."),
        ("en", "Both Iran and Oman signed on Friday.", "Both Iraq and Oman signed on Friday."),
        ("nl", "De kamer heeft de begroting goedgekeurd.", "De kamer heeft de begroting niet goedgekeurd."),
        ("de", "Der Rat hat den Plan am Montag gebilligt.", "Der Rat hat den Plan am Montag abgelehnt."),
        ("fr", "Le conseil a adopté tous les articles hier.", "Le conseil a adopté certains articles hier."),
        ("ru", "Парламент одобрил бюджет министерства.", "Парламент не одобрил бюджет министерства."),
        ("ar", "وافق البرلمان على ميزانية الوزارة.", "لم يوافق البرلمان على ميزانية الوزارة."),
        ("ja", "委員会は新しい港の計画を承認した。", "委員会は新しい港の計画を承認しなかった。"),
        ("ja", "委員会は港の計画を3月に承認した。", "委員会は港の計画を5月に承認した。"),
        ("zh", "议会批准了新港口的计划。", "议会没有批准新港口的计划。"),
    ],
)  # fmt: skip
def test_sentences_that_say_something_else_in_the_same_words_are_not(
    language: str, one: str, other: str
) -> None:
    assert not repeats(one, other, language)
    assert not repeats(other, one, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Minister Warned On Tuesday Of A Wider War", "The minister warned on Tuesday of a wider war."),
        ("The minister warns of a wider conflict there.", "The minister warned of a wider conflict there."),
        (
            "Iran and Oman signed the agreement on Friday.",
            "Iran and Oman signed the agreement on Friday (ANP).",
        ),
    ],
)
def test_another_form_of_the_same_words_is_a_repetition(one: str, other: str) -> None:
    assert repeats(one, other, "en")
    assert repeats(other, one, "en")


def test_a_table_of_a_hundred_thousand_letters_is_compared_at_once() -> None:
    """By the minute, were it compared letter by letter."""
    table = "".join(chr(0x4E00 + at * at % 97) for at in range(50_000))
    assert repeats(table, f"{table}。", "zh")
    assert not repeats(table, f"{table[:25_000]}海{table[25_000:]}", "zh")
