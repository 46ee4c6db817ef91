"""Denials and hedges agree within a language."""

from __future__ import annotations

import pytest

from agent.checks import Cited, Claim, check_modality, check_negation

PAIRS = [
    ("en", "The government did not announce new spending.", "The government did announce new spending."),
    ("nl", "De regering kondigde geen extra uitgaven aan.", "De regering kondigde extra uitgaven aan."),
    ("de", "Die Regierung hat die Steuern nicht erhöht.", "Die Regierung hat die Steuern erhöht."),
    ("fr", "Le gouvernement n’a pas augmenté les impôts.", "Le gouvernement a augmenté les impôts."),
    ("es", "El gobierno no subió los impuestos este año.", "El gobierno subió los impuestos este año."),
    (
        "it",
        "Il governo non ha aumentato le tasse quest'anno.",
        "Il governo ha aumentato le tasse quest'anno.",
    ),
    ("pl", "Rząd nie podniósł podatków w tym roku.", "Rząd podniósł podatki w tym roku."),
    ("ru", "Правительство не повысило налоги в этом году.", "Правительство повысило налоги в этом году."),
    ("tr", "Hükümet bu yıl vergileri artırmadı.", "Hükümet bu yıl vergileri artırdı."),
    ("ar", "لم ترفع الحكومة الضرائب هذا العام", "رفعت الحكومة الضرائب هذا العام"),
    ("zh", "政府今年没有提高税收。", "政府今年提高税收。"),
    ("sv", "Regeringen höjde inte skatterna i år.", "Regeringen höjde skatterna i år."),
]


@pytest.mark.parametrize(("language", "denial", "claim"), PAIRS)
def test_a_dropped_or_added_negation_fails(language: str, denial: str, claim: str) -> None:
    dropped = check_negation(Claim(claim, language, (Cited(denial, language),)))
    added = check_negation(Claim(denial, language, (Cited(claim, language),)))
    assert dropped is not None and not dropped.passed
    assert added is not None and not added.passed


@pytest.mark.parametrize(("language", "denial", "claim"), PAIRS)
def test_the_same_words_pass(language: str, denial: str, claim: str) -> None:
    same = check_negation(Claim(denial, language, (Cited(denial, language),)))
    assert same is not None and same.passed
    assert check_negation(Claim(claim, language, (Cited(claim, language),))) is None


def test_says_what_is_denied() -> None:
    outcome = check_negation(Claim(PAIRS[0][2], "en", (Cited(PAIRS[0][1], "en"),)))
    assert outcome is not None
    assert (
        outcome.detail
        == "what is cited denies “government did not announce new spending”, the other side does not"
    )


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("He refused to pay the fine.", "He did not want to pay the fine."),
        ("The plan failed to win support.", "The plan did not win support in parliament."),
        ("Taxes rose.", "Nobody had expected that, but wages fell in the north."),
    ],
)
def test_other_words_for_a_denial_and_other_matters_are_no_failure(statement: str, cited: str) -> None:
    outcome = check_negation(Claim(statement, "en", (Cited(cited, "en"),)))
    assert outcome is None or outcome.passed


def test_a_long_article_is_searched_for_the_sentence_that_is_repeated() -> None:
    article = "Wages fell. Taxes were not raised by the government this year. Nobody was hurt. Prices rose."
    cited = (Cited(article, "en"),)
    outcome = check_negation(Claim("Taxes were raised by the government this year.", "en", cited))
    assert outcome is not None and not outcome.passed
    outcome = check_negation(Claim("Prices rose this year.", "en", cited))
    assert outcome is None or outcome.passed


def test_across_languages_only_a_denial_of_nothing_denied_fails() -> None:
    outcome = check_negation(Claim("Hij betaalde de boete niet.", "nl", (Cited("He paid the fine.", "en"),)))
    assert outcome is not None and not outcome.passed
    assert (
        check_negation(Claim("Hij betaalde de boete niet.", "nl", (Cited("He refused to pay.", "en"),)))
        is None
    )
    assert check_negation(Claim("Hij betaalde de boete.", "nl", (Cited("He did not pay.", "en"),))) is None
    assert check_negation(Claim("Cezayı ödemedi.", "tr", (Cited("He paid the fine.", "en"),))) is None


@pytest.mark.parametrize(
    ("language", "hedged", "sure"),
    [
        ("en", "Prices could possibly rise next year.", "Prices rise next year."),
        ("nl", "De prijzen stijgen volgend jaar misschien.", "De prijzen stijgen volgend jaar."),
        ("de", "Die Preise steigen nächstes Jahr vielleicht.", "Die Preise steigen nächstes Jahr."),
        ("fr", "Les prix augmenteront probablement cette année.", "Les prix augmenteront cette année."),
        ("es", "Los precios subirán probablemente este año.", "Los precios subirán este año."),
        ("it", "I prezzi saliranno forse quest'anno.", "I prezzi saliranno quest'anno."),
        ("pl", "Ceny prawdopodobnie wzrosną w tym roku.", "Ceny wzrosną w tym roku."),
        ("ru", "Цены вероятно вырастут в этом году.", "Цены вырастут в этом году."),
    ],
)
def test_a_statement_may_not_be_surer_than_its_evidence(language: str, hedged: str, sure: str) -> None:
    outcome = check_modality(Claim(sure, language, (Cited(hedged, language),)))
    assert outcome is not None and not outcome.passed
    assert check_modality(Claim(hedged, language, (Cited(sure, language),))) is None
    same = check_modality(Claim(hedged, language, (Cited(hedged, language),)))
    assert same is not None and same.passed
