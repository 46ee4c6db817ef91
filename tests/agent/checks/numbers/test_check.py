"""Numbers of a statement stand in what it cites."""

from __future__ import annotations

from datetime import date

import pytest

from agent.checks import Cited, Claim, check_numbers


def check(language: str, statement: str, cited: str, cited_language: str, **more: object) -> bool | None:
    claim = Claim(statement, language, (Cited(cited, cited_language, **more),))  # type: ignore[arg-type]
    outcome = check_numbers(claim)
    return None if outcome is None else outcome.passed


@pytest.mark.parametrize(
    ("language", "statement", "cited_language", "cited"),
    [
        ("en", "The army has 1.3 million men.", "nl", "Het leger telt 1,3 miljoen man."),
        ("nl", "Er vielen 1.300 doden.", "en", "1,300 people were killed."),
        ("de", "Zwei Minister traten zurück.", "fr", "Deux ministres ont démissionné."),
        ("fr", "Dix pour cent des habitants", "tr", "nüfusun yüzde 10'undan fazlası"),
        ("es", "Murieron 384 personas.", "ar", "لقي ٣٨٤ شخصا مصرعهم."),
        ("pl", "25 tysięcy osób", "ru", "двадцать пять тысяч человек"),
        ("tr", "3,26 milyon izleyici", "zh", "其收视观众为326万。"),
        ("zh", "三名部长辞职。", "it", "Tre ministri si sono dimessi."),
        ("ja", "1億3000万人", "hi", "13 करोड़ लोग"),
        ("hi", "दो लाख लोग", "en", "200,000 people"),
        ("ar", "خمسة آلاف شخص", "de", "5.000 Menschen"),
        ("en", "Half of them left, 50 percent.", "nl", "De helft vertrok."),
        ("en", "one and a half million, or 1.5 million", "ru", "полтора миллиона"),
        ("nl", "anderhalf miljoen, dus 1,5 miljoen", "de", "anderthalb Millionen"),
        ("en", "The match begins at 3 p.m.", "nl", "De wedstrijd begint om 15 uur."),
        ("en", "Two days later", "ar", "بعد يومين"),
    ],
)
def test_passes_equal_values_across_languages(
    language: str, statement: str, cited_language: str, cited: str
) -> None:
    assert check(language, statement, cited, cited_language) is True


@pytest.mark.parametrize(
    ("language", "statement", "cited_language", "cited"),
    [
        ("en", "The army has 1.3 billion men.", "nl", "Het leger telt 1,3 miljoen man."),
        ("nl", "Er vielen 1.400 doden.", "en", "1,300 people were killed."),
        ("de", "Drei Minister traten zurück.", "fr", "Deux ministres ont démissionné."),
        ("fr", "Dix pour cent des habitants", "en", "10 inhabitants"),
        ("es", "Murieron 348 personas.", "ar", "لقي ٣٨٤ شخصا مصرعهم."),
        ("pl", "W 2019 roku", "ru", "в 2018 году"),
        ("tr", "3,26 milyar izleyici", "zh", "其收视观众为326万。"),
        ("zh", "四名部长辞职。", "it", "Tre ministri si sono dimessi."),
        ("ja", "1億4000万人", "hi", "13 करोड़ लोग"),
        ("en", "It cost €5 million.", "en", "It cost $5 million."),
        ("en", "They won 2-1.", "en", "They won 2-0 with 1 man less."),
    ],
)
def test_fails_other_values(language: str, statement: str, cited_language: str, cited: str) -> None:
    assert check(language, statement, cited, cited_language) is False


def test_says_which_number_is_missing_and_what_there_is() -> None:
    claim = Claim("It killed 1,500 people.", "en", (Cited("1.300 doden in 2018", "nl"),))
    outcome = check_numbers(claim)
    assert outcome is not None
    assert outcome.detail == "“1,500” is not in what is cited; the numbers there are 1.300, 2018"


def test_has_nothing_to_say_without_a_number() -> None:
    assert check("en", "One of them said a word.", "Whatever.", "en") is None


def test_the_question_and_the_article_count() -> None:
    cited = (Cited("Het leger groeide.", "nl", about=("Leger groeit met 20 procent",)),)
    claim = Claim("It grew 20 percent after 2018.", "en", cited, "What happened after 2018?", "en")
    outcome = check_numbers(claim)
    assert outcome is not None and outcome.passed


def test_last_year_is_a_year_when_the_article_has_a_date() -> None:
    published = date(2019, 3, 1)
    assert (
        check("en", "In 2018 prices rose.", "Vorig jaar stegen de prijzen.", "nl", published=published)
        is True
    )
    assert (
        check("en", "In 2016 prices rose.", "Vorig jaar stegen de prijzen.", "nl", published=published)
        is False
    )


def test_a_small_number_of_the_passage_counts_only_beside_its_words() -> None:
    passage = "Six soldiers were hurt. The mayor resigned."
    assert check("en", "Six soldiers were hurt.", "The mayor resigned.", "en", passage=passage) is True
    assert check("en", "Six mayors resigned.", "The mayor resigned.", "en", passage=passage) is False
