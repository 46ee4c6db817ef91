"""Languages: told on articles, short questions and mixed text; `und` rather than a guess."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.text.languages import LANGUAGES, identify, primary_language, to_bcp47

SENTENCES = {
    "nl": "De minister heeft gezegd dat hij het niet weet.",
    "af": "Die minister het gesê dat hy dit nie weet nie.",
    "en": "The minister said that he did not know.",
    "de": "Der Minister sagte, dass er es nicht wisse.",
    "fr": "Le ministre a déclaré qu'il ne le savait pas.",
    "es": "El ministro dijo que no lo sabía.",
    "pt": "O ministro disse que não sabia de nada.",
    "it": "Il ministro ha detto che non lo sapeva.",
    "pl": "Minister powiedział, że tego nie wie.",
    "tr": "Bakan bunu bilmediğini söyledi.",
    "ru": "Министр сказал, что не знает этого.",
    "uk": "Міністр сказав, що не знає цього.",
    "ar": "قال الوزير إنه لا يعرف ذلك.",
    "fa": "وزیر گفت که این را نمی‌داند.",
    "he": "השר אמר שהוא לא יודע.",
    "hi": "मंत्री ने कहा कि उन्हें इसकी जानकारी नहीं है।",
    "zh": "部长说他不知道这件事。",
    "ja": "大臣はそれを知らないと述べた。",
    "ko": "장관은 그것을 모른다고 말했다.",
    "th": "รัฐมนตรีกล่าวว่าเขาไม่รู้เรื่องนี้",
    "vi": "Bộ trưởng nói rằng ông không biết điều đó.",
    "id": "Menteri itu mengatakan bahwa dia tidak mengetahuinya.",
    "sv": "Ministern sade att han inte visste det.",
    "da": "Ministeren sagde, at han ikke vidste det.",
    "nb": "Statsråden sa at han ikke visste noe om det.",
    "nn": "Statsråden sa at han ikkje visste noko om det.",
    "fi": "Ministeri sanoi, ettei hän tiedä siitä.",
    "el": "Ο υπουργός είπε ότι δεν το γνωρίζει.",
    "am": "ሚኒስትሩ ይህን እንደማያውቁ ተናገሩ።",
    "fil": "Sinabi ng ministro na hindi niya ito alam.",
}


def test_a_sentence_each() -> None:
    assert {code: identify(text) for code, text in SENTENCES.items()} == {code: code for code in SENTENCES}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("who warned about Indo-Pacific security?", "en"),
        ("Wat zei Jonson dinsdag?", "nl"),
        ("Wat sê die minister?", "af"),
        ("北朝鮮の兵士は何人？", "ja"),
        ("誰警告了印太安全？", "zh"),
        ("派了多少兵？", "zh"),
        ("몇 명이 파견됐나?", "ko"),
        ("ส่งทหารกี่คน", "th"),
    ],
)
def test_short_questions(question: str, language: str) -> None:
    assert identify(question) == language


@pytest.mark.parametrize("text", ["", "   \n", "12345", "…?!", "😀😀", "G7", "NATO", "OK", "3,5 %", "\u200b"])
def test_nothing_to_go_by_is_undetermined(text: str) -> None:
    assert identify(text) == "und"


def test_mixed_text_is_one_of_its_languages() -> None:
    mixed = {
        (a, b): identify(f"{SENTENCES[a]} {SENTENCES[b]}")
        for a in ("nl", "ru", "ja")
        for b in ("en", "ar", "th")
    }
    assert [pair for pair, found in mixed.items() if found not in pair] == []


@given(st.text(max_size=200))
def test_always_a_known_code(text: str) -> None:
    assert identify(text) in {*LANGUAGES, "und"}


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("nld", "nl"),
        ("dut", "nl"),
        ("NL", "nl"),
        ("nl_BE.UTF-8", "nl-BE"),
        ("zho-CN", "zh-CN"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("cmn", "zh"),
        ("arb", "ar"),
        ("nob", "nb"),
        ("no", "nb"),
        ("nor", "nb"),
        ("nno", "nn"),
        ("tl", "fil"),
        ("iw", "he"),
        ("msa", "ms"),
        ("prs", "fa-AF"),
        ("srp-Latn", "sr-Latn"),
        ("hbs", "sr-Latn"),
        ("ref-2.spa", "es"),
        ("fra-CA", "fr-CA"),
        ("es-419", "es-419"),
        ("en-GB-oxendict", "en-GB"),
        ("yue", "yue"),
        ("", "und"),
        ("dutch", "und"),
        ("Nederlands", "und"),
        ("n", "und"),
        ("12", "und"),
    ],
)
def test_codes_become_bcp_47(code: str, tag: str) -> None:
    assert to_bcp47(code) == tag
    assert to_bcp47(tag) == tag


def test_primary_drops_script_and_region() -> None:
    assert [primary_language(tag) for tag in ("zh-Hant-TW", "pt-BR", "nl", "und")] == [
        "zh",
        "pt",
        "nl",
        "und",
    ]


@pytest.mark.parametrize(
    "step", [pytest.param(5, id="short"), pytest.param(1, id="long", marks=pytest.mark.torture)]
)
def test_accuracy_on_ntrex_and_xquad(step: int, data: Path) -> None:
    by_language: dict[str, list[str]] = {}
    for line in (data / "ntrex_sentences_128.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        by_language.setdefault(primary_language(to_bcp47(record["lang"])), record["sentences"][::step])
    questions = defaultdict(list)
    for line in (data / "xquad_r_questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        questions[record["lang"]].append(record["question"])

    def accuracy(texts: dict[str, list[str]]) -> float:
        shares = [sum(identify(text) == code for text in group) / len(group) for code, group in texts.items()]
        return sum(shares) / len(shares)

    known = {code: group for code, group in by_language.items() if code in LANGUAGES}
    assert len(known) == 95
    assert accuracy(known) > 0.98
    assert accuracy({code: [text[:40] for text in group] for code, group in known.items()}) > 0.95
    assert accuracy({code: group[::step] for code, group in questions.items()}) > 0.99
