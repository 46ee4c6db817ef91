"""All checks on one statement."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from agent.answer.answer import Check
from agent.checks import Cited, Claim, check_claim

CITED = Cited(
    "Jonson zei dinsdag dat Zweden 1.300 soldaten niet zal sturen.",
    "nl",
    "Jonson sprak in Tokio. Jonson zei dinsdag dat Zweden 1.300 soldaten niet zal sturen.",
    date(2024, 12, 3),
)


def test_every_check_with_something_to_say_speaks_in_order() -> None:
    true = Claim("Jonson zei op 3 december dat Zweden 1300 soldaten niet zal sturen.", "nl", (CITED,))
    assert check_claim(true) == tuple(
        Check(name=name, passed=True) for name in ("numbers", "dates", "names", "negation", "attribution")
    )


def test_each_thing_changed_is_named() -> None:
    false = Claim("Kobayashi zei woensdag dat Zweden 1.400 soldaten zal sturen.", "nl", (CITED,))
    failed = {check.name: check.detail for check in check_claim(false) if not check.passed}
    assert failed == {
        "numbers": "“1.400” is not in what is cited; the numbers there are 1.300",
        "dates": "“woensdag” is not in what is cited; the dates there are dinsdag",
        "negation": "what is cited denies “zweden 1.300 soldaten niet zal sturen”, the other side does not",
        "attribution": "“Kobayashi” does not say this in what is cited; Jonson does",
    }


def test_a_statement_that_says_nothing_checkable_is_not_checked() -> None:
    assert check_claim(Claim("so it goes.", "en", (Cited("so it goes.", "en"),))) == ()


@given(
    st.text(max_size=80),
    st.text(max_size=80),
    st.sampled_from(["en", "de", "tr", "ar", "zh", "hi", "und", "xx-Latn"]),
)
def test_no_text_breaks_a_check(statement: str, cited: str, language: str) -> None:
    claim = Claim(
        statement, language, (Cited(cited, "und", cited + statement, date(2024, 2, 29)),), cited, "en"
    )
    assert all(isinstance(check, Check) for check in check_claim(claim))


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    st.sampled_from(["en", "nl", "de", "fr", "ru", "zh"]),
)
def test_a_text_bears_out_its_own_numbers_and_dates(text: str, language: str) -> None:
    checks = check_claim(Claim(text, language, (Cited(text, language),)))
    assert [check for check in checks if not check.passed and check.name in ("numbers", "dates")] == []
