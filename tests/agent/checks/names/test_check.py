"""Names of a statement stand in what it cites."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.checks import Cited, Claim, NameMatcher, check_names
from vectorstore import Centering, Embedder, Prefix

LEAD = (
    "De Zweedse minister van Defensie Pål Jonson waarschuwde in Tokio dat de oorlog in Oekraïne en de "
    "veiligheid in de Indo-Pacific met elkaar verbonden zijn, zei hij tegen Kyodo."
)


@pytest.fixture(scope="module")
def matcher(embedder: Embedder) -> NameMatcher:
    centering = Centering.shipped()
    return NameMatcher(
        embedder, lambda states, language: centering.center_tokens(states, language, Prefix.PASSAGE)
    )


def check(
    language: str, statement: str, cited_language: str, cited: str, matcher: NameMatcher | None = None
) -> bool | None:
    outcome = check_names(Claim(statement, language, (Cited(cited, cited_language),)), matcher)
    return None if outcome is None else outcome.passed


@pytest.mark.parametrize(
    ("language", "statement", "cited_language", "cited", "passes"),
    [
        ("en", "He met Jonson in Tokyo.", "en", "Mr Jonson was in Tokyo.", True),
        ("en", "He met Johnson in Tokyo.", "en", "Mr Jonson was in Tokyo.", False),
        ("nl", "Hij sprak met Jonson.", "nl", "Jonsons bezoek", True),
        ("pl", "Rozmawiał z Donaldem Trumpem.", "pl", "Donald Trump rozmawiał.", True),
        ("pl", "Rozmawiał z Donaldem Tuskiem.", "pl", "Donald Trump rozmawiał.", False),
        ("ru", "Он говорил с Путиным.", "ru", "Путин говорил.", True),
        ("tr", "Dün Erdoğan'la konuştu.", "tr", "Erdoğan konuştu.", True),
        ("tr", "Dün Gül'le konuştu.", "tr", "Erdoğan konuştu.", False),
        ("fr", "Il a rencontré Merkel à Berlin.", "fr", "Merkel était à Paris.", False),
        ("en", "Swedish troops left.", "en", "The troops of Sweden left.", True),
        ("nl", "Het Zweedse leger vertrok.", "en", "The army of Sweden left.", True),
        ("en", "The army of Norway left.", "nl", "Het Zweedse leger vertrok.", None),
        ("en", "He spoke to the UN.", "en", "He spoke to the United Nations.", True),
        ("en", "He spoke to the U.N. about NATO.", "en", "He spoke to the UN about N.A.T.O.", True),
        ("it", "Ha parlato di Crosetto.", "it", "Crosetto ha parlato.", True),
        ("zh", "他会见了Joko。", "zh", "Joko先生说。", True),
        ("zh", "他去了法国。", "zh", "他去了德国。", False),
        ("ar", "زار فرنسا.", "ar", "زار الرئيس فرنسا أمس.", True),
        ("ja", "フランスを訪れた。", "ja", "ドイツを訪れた。", False),
    ],
)
def test_compares_letters_within_a_language(
    language: str, statement: str, cited_language: str, cited: str, passes: bool | None
) -> None:
    assert check(language, statement, cited_language, cited) is passes


def test_without_a_matcher_a_name_that_may_be_translated_is_let_pass() -> None:
    assert check("en", "Yesterday Germany agreed.", "nl", "Duitsland ging akkoord.") is True
    assert check("en", "They met in Germany.", "tr", "Paris'te buluştular.") is None


@pytest.mark.parametrize(
    ("language", "statement", "cited_language", "cited"),
    [
        ("en", "Sweden's defence minister, Jonson, spoke in Tokyo about Ukraine.", "nl", LEAD),
        ("de", "Gestern sprach Jonson in Tokio.", "nl", LEAD),
        ("ru", "Вчера Путин приехал в Берлин.", "en", "Putin came to Berlin yesterday."),
        ("en", "Yesterday Putin met Merkel.", "ru", "Вчера Путин встретился с Меркель."),
        ("en", "They live in Switzerland.", "zh", "他们住在瑞士。"),
        ("fr", "Ils vivent en Allemagne.", "tr", "Almanya'da yaşıyorlar."),
        ("es", "Viven en Egipto.", "ar", "يعيشون في مصر."),
        ("hi", "वे जर्मनी में रहते हैं", "en", "They live in Germany."),
    ],
)
def test_finds_names_in_other_languages(
    matcher: NameMatcher, language: str, statement: str, cited_language: str, cited: str
) -> None:
    assert check(language, statement, cited_language, cited, matcher) is True


@pytest.mark.parametrize("name", ["Finland", "Germany", "Tehran", "Zimbabwe", "Johnson"])
def test_misses_names_that_are_not_there(matcher: NameMatcher, name: str) -> None:
    claim = Claim(f"According to the minister, {name} is to blame.", "en", (Cited(LEAD, "nl"),))
    outcome = check_names(claim, matcher)
    assert outcome is not None
    assert (outcome.passed, outcome.detail) == (False, f"“{name}” is not named in what is cited")


def test_a_name_of_the_passage_or_the_question_will_do() -> None:
    cited = (Cited("He warned of war.", "en", "Jonson was in Tokyo. He warned of war."),)
    outcome = check_names(Claim("In Tokyo, Jonson warned NATO.", "en", cited, "What of NATO?", "en"))
    assert outcome is not None and outcome.passed


def test_has_nothing_to_say_without_a_name() -> None:
    assert check("en", "He warned of war.", "en", "He warned.") is None


@pytest.mark.parametrize(
    "step", [pytest.param(4, id="short"), pytest.param(1, id="long", marks=pytest.mark.torture)]
)
def test_detection_and_false_alarms_on_the_development_news(
    data: Path, matcher: NameMatcher, step: int
) -> None:
    from bench.minimal_pairs import Edit, make_pairs, spread, to_claim, true_pairs
    from eval.suites.datasets import read_news

    documents = read_news(data)[::step]
    swapped = [pair for pair in make_pairs(documents) if pair.edit is Edit.NAME and pair.language == "eng"]
    outcomes = [check_names(to_claim(pair), matcher) for pair in spread(swapped, 40)]
    assert sum(outcome is not None and not outcome.passed for outcome in outcomes) >= 0.9 * len(outcomes)
    true = spread(list(true_pairs(documents, "nld", "eng")), 40)
    alarms = [check_names(to_claim(pair), matcher) for pair in true]
    assert sum(outcome is not None and not outcome.passed for outcome in alarms) <= 0.1 * len(true)
