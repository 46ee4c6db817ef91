"""The int8 graph against the C engine the weights come with."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vectorstore.embedding import Embedder

SENTENCES = {
    "en": [
        "The harbour was closed for three days after the storm.",
        "Ministers will vote on the budget in May 2024.",
    ],
    "nl": [
        "De brug over de rivier blijft tot zondag dicht.",
        "Volgens de burgemeester kost het plan 12,5 miljoen euro.",
    ],
    "de": [
        "Die Gewerkschaft kündigte für Montag einen Streik an.",
        "Über die Größe des Parks wird noch gestritten.",
    ],
    "fr": ["L'usine d'Orléans n'emploie plus que 40 ouvriers.", "Le musée rouvrira ses portes à l'automne."],
    "es": ["¿Quién pagará la reconstrucción del puente?", "El río creció cuatro metros en una noche."],
    "pl": ["Sąd odroczył rozprawę do przyszłego tygodnia.", "Mieszkańcy żądają czystszego powietrza."],
    "tr": ["Köprünün onarımı üç yıl sürecek.", "İstanbul'da yeni bir müze açıldı."],
    "ru": ["Поезд задержался из-за сильного снегопада.", "Городской совет отклонил предложение мэра."],
    "el": ["Το πλοίο έφτασε στο λιμάνι με καθυστέρηση.", "Οι αγρότες ζητούν αποζημιώσεις."],
    "ar": ["أعلنت البلدية عن خطة لتنظيف النهر.", "ارتفعت أسعار القمح هذا الأسبوع."],
    "he": ["הרכבת האחרונה יוצאת בחצות.", "המועצה אישרה את התקציב."],
    "hi": ["बाढ़ के बाद स्कूल दो सप्ताह बंद रहे।", "सरकार ने नई सड़क की घोषणा की।"],
    "th": ["สะพานใหม่จะเปิดใช้ในเดือนหน้า", "ราคาข้าวสูงขึ้นมากในปีนี้"],
    "zh": ["台风过后，港口关闭了三天。", "市长说，新桥将于明年开放。"],
    "ja": ["大雨のため電車が二時間遅れた。", "市議会は予算案を可決した。"],
    "ko": ["시장은 새 공원을 짓겠다고 밝혔다.", "폭설로 학교가 문을 닫았다."],
    "vi": ["Cây cầu mới sẽ mở cửa vào tháng sau.", "Giá gạo tăng mạnh trong năm nay."],
    "sw": ["Daraja jipya litafunguliwa mwezi ujao.", "Bei ya mchele imepanda sana."],
}

NTREX_LANGUAGES = [
    *["nld", "deu", "fra", "spa", "ita", "pol", "tur", "arb", "zho-CN", "rus"],
    *["ell", "heb", "hin", "tha", "jpn", "kor", "vie", "swa", "fin", "ukr"],
]
"""Twenty languages; left out are those in which the engine's own normalisation is at fault (bod, dzo, div,
mya, yor: it neither composes characters nor merges unknown ones, as the published tokenizer does)."""


def test_own_sentences_agree_with_the_engine(
    embedder: Embedder, engine: Callable[[Sequence[str]], Any]
) -> None:
    texts = [text for pair in SENTENCES.values() for text in pair]
    assert len(texts) == 36
    _assert_agreement(embedder, engine, texts)


@pytest.mark.parametrize(
    "each", [pytest.param(2, id="short"), pytest.param(10, id="long", marks=pytest.mark.torture)]
)
def test_ntrex_agrees_with_the_engine(
    embedder: Embedder, engine: Callable[[Sequence[str]], Any], data: Path, each: int
) -> None:
    lines = map(json.loads, (data / "ntrex_sentences_128.jsonl").read_text("utf-8").splitlines())
    by_language = {line["lang"]: line["sentences"] for line in lines}
    texts = [text.strip() for language in NTREX_LANGUAGES for text in by_language[language][20 : 20 + each]]
    assert len(texts) == 20 * each
    _assert_agreement(embedder, engine, texts)


def _assert_agreement(
    embedder: Embedder, engine: Callable[[Sequence[str]], Any], texts: Sequence[str]
) -> None:
    reference = engine(texts)
    assert embedder.count_tokens(texts) == reference.counts.tolist()
    passages = np.sum(embedder.embed_passages(texts) * reference.passages, axis=1)
    queries = np.sum([embedder.embed_query(text) for text in texts] * reference.queries, axis=1)
    for cosines in (passages, queries):
        assert cosines.min() >= 0.99, texts[int(cosines.argmin())]
        assert cosines.mean() >= 0.998
    crossed = np.sum(embedder.embed_passages(texts) * reference.queries, axis=1)
    assert crossed.mean() < passages.mean() - 0.01, "the two prefixes must make a difference"
