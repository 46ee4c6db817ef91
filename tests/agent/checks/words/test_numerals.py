"""Number words of many languages."""

from __future__ import annotations

import pytest

from agent.checks.words.folding import find_words
from agent.checks.words.numerals import load_table


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "two hundred and fifty-three thousand", [253_000]),
        ("en", "two and three", [2, 3]),
        ("nl", "tweehonderddrieënvijftig", [253]),
        ("nl", "vijftienhonderd", [1500]),
        ("nl", "duizenden", []),
        ("de", "zweihundertdreiundfünfzig", [253]),
        ("de", "fünfhunderttausend", [500_000]),
        ("fr", "quatre-vingt-dix-sept", [97]),
        ("fr", "deux mille dix-huit", [2018]),
        ("es", "dos mil millones", [2_000_000_000]),
        ("es", "treinta y dos", [32]),
        ("it", "duemiladiciotto", [2018]),
        ("pt", "duzentos e cinquenta e três", [253]),
        ("pl", "dwadzieścia pięć tysięcy", [25_000]),
        ("pl", "pięciuset", [500]),
        ("ru", "двухсот пятидесяти", [250]),
        ("ru", "двадцать первого", [21]),
        ("tr", "iki yüz elli üç", [253]),
        ("tr", "otuz beşinci", [35]),
        ("ar", "ثلاثة وخمسون", [53]),
        ("ar", "الرابعة والثلاثين", [34]),
        ("hi", "तीन करोड़ पचास लाख", [35_000_000]),
        ("sv", "tvåhundrafemtiotre", [253]),
        ("da", "treoghalvtreds", [53]),
        ("fi", "kaksisataaviisikymmentäkolme", [253]),
        ("hu", "kétszázötvenhárom", [253]),
        ("el", "διακόσια πενήντα τρία", [253]),
        ("he", "מאתיים חמישים ושלוש", [253]),
        ("fa", "دویست و پنجاه و سه", [253]),
    ],
)
def test_reads_number_words(language: str, text: str, values: list[int]) -> None:
    table = load_table(language)
    assert table is not None
    words = [word.folded for word in find_words(text)]
    assert [number.value for number in table.parse(words)] == values


def test_a_language_without_a_table_has_no_number_words() -> None:
    assert load_table("xx") is None
