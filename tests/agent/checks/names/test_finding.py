"""What counts as a name."""

from __future__ import annotations

import pytest

from agent.checks.names.finding import find_names


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "The minister met Mr. Jonson of NATO in Tokyo on Tuesday.", ["Jonson", "NATO", "Tokyo"]),
        ("nl", "Volgens de minister ging Jonson in mei naar Zweden.", ["Jonson", "Zweden"]),
        ("fr", "Le président de la France, Emmanuel Macron, a parlé.", ["France", "Emmanuel", "Macron"]),
        ("es", "El presidente visitó Madrid en mayo.", ["Madrid"]),
        ("it", "Il ministro Crosetto ha parlato a Roma.", ["Crosetto", "Roma"]),
        ("pl", "Według ministra Tusk pojechał do Warszawy w środę.", ["Tusk", "Warszawy"]),
        ("tr", "Cumhurbaşkanı Erdoğan İstanbul'da konuştu.", ["Erdoğan", "İstanbul"]),
        ("ru", "По словам министра, Путин приехал в Москву во вторник.", ["Путин", "Москву"]),
        ("zh", "法国总统马克龙会见了Joko Widodo。", ["法国", "Joko", "Widodo"]),
        ("ja", "フランスのマクロン大統領", ["フランス", "マクロン"]),
        ("ar", "زار الرئيس فرنسا مع Macron", ["فرنسا", "Macron"]),
        ("hi", "राष्ट्रपति फ़्रांस गए", ["फ़्रांस"]),
        ("en", "He used an iPhone.", ["iPhone"]),
        ("en", "A WHOLE HEADLINE IN CAPITALS", []),
    ],
)
def test_finds_names(language: str, text: str, names: list[str]) -> None:
    assert [name.text for name in find_names(text, language)] == names


def test_doubts_the_first_word_of_a_sentence_but_not_a_full_name() -> None:
    assert [(name.text, name.opens) for name in find_names("Sailors met. Theresa May left.", "en")] == [
        ("Sailors", True), ("Theresa", False), ("May", False),
    ]  # fmt: skip


def test_doubts_german_nouns_most_of_all_after_an_article() -> None:
    found = find_names("Gestern kam die Regierung mit Merkel nach NATO-Angaben.", "de")
    assert [(name.text, name.is_noun, name.is_determined) for name in found] == [
        ("Regierung", True, True), ("Merkel", True, False), ("NATO", False, False), ("Angaben", True, False),
    ]  # fmt: skip
