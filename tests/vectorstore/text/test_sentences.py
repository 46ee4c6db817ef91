"""Sentences tile their text in every language, and quotations stay whole."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.model.article import Span
from vectorstore.text.languages import LANGUAGES, primary_language, to_bcp47
from vectorstore.text.paragraphs import trim
from vectorstore.text.sentences import WINDOW, split_sentences


def sentences(text: str, language: str) -> list[str]:
    return [text[a:b].strip() for a, b in split_sentences(text, language)]


def assert_tiles(text: str, spans: tuple[Span, ...]) -> None:
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)
    assert [a for a, _ in spans[1:]] == [b for _, b in spans[:-1]]
    assert all(not text[a].isspace() for a, _ in spans[1:])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "nl",
            [
                "“Er bestaat een risico”, aldus Jonson.",
                "„Het is vrij duidelijk.“",
                "“Wat nu?”, zei hij.",
                "Klaar.",
            ],
        ),
        ("nl", ["„Het is klaar.” zei zij.", "„Echt?” vroeg hij.", "‘Ja.’", "Zo ging dat."]),
        (
            "nl",
            [
                "Prof. dr. A. de Vries zei o.a. dat 3,5 mln. euro nodig is.",
                "’s Middags niet.",
                "'t Was laat.",
            ],
        ),
        (
            "nl",
            [
                "Dat zei hij tijdens een bijeenkomst. bezoek aan Tokio.",
                "Hij sprak op 3 december 2024. (Kyodo)",
            ],
        ),
        ("en", ["“Stop!” he said.", "“We are done.”", "Then he left.", "(He woke.) Done."]),
        ("en", ["U.S. President J. Biden met Mr. Smith.", "He left."]),
        ("de", ["»Warum?« fragte sie.", "»Darum.«", "„Wir gehen.“", "Am 3. Dezember 2024 schwieg er."]),
        ("fr", ["« Pourquoi ? » demanda-t-elle.", "« Nous partons. »", "Puis il se tut."]),
        ("fi", ["Hän vaikeni.", "”Miksi?” nainen kysyi."]),
        ("ru", ["«Почему?» — спросила она.", "«Мы уходим».", "Потом он замолчал."]),
        ("es", ["¡Vamos!", "¿Adónde?", "A casa."]),
        ("el", ["Έφυγε.", "Γιατί;", "Δεν ξέρω."]),
        ("ar", ["«نحن ذاهبون.»", "ثم صمت.", 'قال: "لماذا؟"', "انتهى."]),
        ("hi", ["“हम जा रहे हैं।”", "फिर वह चुप हो गया।", "क्यों?"]),
        ("am", ["ሄደ።", "እሷ እዚህ ናት።"]),
        ("hy", ["Նա գնաց։", "Նա այստեղ է։"]),
        ("und", ["One.", "Two!", "Three?"]),
        ("tlh", ["One.", "Two!"]),
    ],
)
def test_sentences_a_language(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", ["「行くぞ。」", "彼は黙った。", "「なぜ？」と彼女は聞いた。", "終わり。"]),
        ("zh", ["“我们走。”", "他沉默了。", "手机很贵！", "是吗？"]),
    ],
)
def test_sentences_without_spaces(language: str, expected: list[str]) -> None:
    assert sentences("".join(expected), language) == expected


def test_thai_breaks_at_spaces_never_at_abbreviations() -> None:
    clause = "รัฐมนตรีว่าการกระทรวงกลาโหมกล่าวเมื่อวันอังคารว่าความร่วมมือทางทหารจะส่งผลต่อความมั่นคงของภูมิภาค"
    text = f"{clause} พ.ศ. 2567 {clause} {clause} {clause}"
    found = sentences(text, "th")
    assert found == [f"{clause} พ.ศ. 2567 {clause}", f"{clause} {clause}"]


def test_paragraphs_always_end_a_sentence() -> None:
    text = "\n Kop zonder punt\n\n\nde tekst gaat door \n\nen door\n"
    assert [text[a:b] for a, b in split_sentences(text, "nl")] == [
        "\n Kop zonder punt\n\n\n",
        "de tekst gaat door \n\n",
        "en door\n",
    ]


def test_lower_case_text_still_has_sentences() -> None:
    assert sentences("all lower. second one. third.", "en") == ["all lower.", "second one.", "third."]


def test_nothing_to_split() -> None:
    assert split_sentences("", "en") == ()
    assert split_sentences(" \n\n ", "en") == (Span(0, 4),)
    assert split_sentences("… !", "en") == (Span(0, 3),)


def test_trim_takes_the_white_space_off_for_a_citation() -> None:
    text = "Een. \n\nTwee.\n"
    assert [trim(text, span) for span in split_sentences(text, "nl")] == [Span(0, 4), Span(7, 12)]


def test_windows_do_not_cut_sentences() -> None:
    sentence = "De heer J. de Vries zei in 3,5 uur niets. "
    text = sentence * (3 * WINDOW // len(sentence))
    spans = split_sentences(text, "nl")
    assert len(spans) == 3 * WINDOW // len(sentence)
    assert {text[a:b] for a, b in spans} == {sentence}


TRICKY = "ab .!?\n“”‘’()[]«»。！？…\u200b\u3000é😀𝒳1,;:A.Mr\u00a0ß।؟क日「」と\u0301\u200d—-"


ANY_TEXT = st.text(max_size=120) | st.text(st.sampled_from(TRICKY), max_size=80)


@given(ANY_TEXT, st.sampled_from([*LANGUAGES, "und", "xx"]))
@example("A.\u3000B. C", "en")  # sentencex 1.0.32 panics here
@example("“ . ” Really. “", "en")
def test_any_text_is_tiled(text: str, language: str) -> None:
    assert_tiles(text, split_sentences(text, language))


def test_every_language_of_ntrex_is_tiled(data: Path) -> None:
    lines = (data / "ntrex_sentences_128.jsonl").read_text("utf-8").splitlines()
    assert len(lines) > 120
    for line in lines:
        record = json.loads(line)
        parts = record["sentences"]
        text = "\n\n".join(" ".join(parts[row : row + 5]) for row in range(0, len(parts), 5))
        spans = split_sentences(text, to_bcp47(record["lang"]))
        assert_tiles(text, spans)
        assert len(spans) >= len(parts) // 5


def test_boundaries_agree_with_xquad(data: Path) -> None:
    paragraphs = defaultdict(list)
    for line in (data / "xquad_r_sentences.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        paragraphs[record["lang"], record["art"], record["par"]].append(record["text"])
    right: dict[str, int] = defaultdict(int)
    told: dict[str, int] = defaultdict(int)
    for (language, _, _), parts in paragraphs.items():
        space = "" if language in {"zh", "th"} else " "
        text = space.join(parts)
        spans = split_sentences(text, primary_language(language))
        assert_tiles(text, spans)
        gold, end = set(), 0
        for part in parts[:-1]:
            end += len(part) + len(space)
            gold.add(end)
        found = {span.end for span in spans[:-1]}
        right[language] += 2 * len(gold & found)
        told[language] += len(gold) + len(found)
    f1 = {language: right[language] / told[language] for language in told if language != "th"}
    assert len(f1) == 10
    assert min(f1.values()) > 0.94
