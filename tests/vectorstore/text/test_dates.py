"""Dates: metadata exactly or not at all; from text only a date that stands for the article's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.model.article import Precision, Provenance, Published
from vectorstore.text.boilerplate import find_boilerplate
from vectorstore.text.dates import find_published, parse_published
from vectorstore.text.paragraphs import find_paragraphs


def day(text: str, provenance: Provenance) -> Published:
    return Published(datetime.fromisoformat(text).replace(tzinfo=UTC), Precision.DAY, provenance)


def minute(text: str) -> Published:
    return Published(datetime.fromisoformat(text).replace(tzinfo=UTC), Precision.MINUTE, Provenance.METADATA)


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2024-12-03T10:15:30+09:00", minute("2024-12-03T01:15")),
        ("2024-12-03T10:15Z", minute("2024-12-03T10:15")),
        ("2024-12-03 10:15:30.123+0100", minute("2024-12-03T09:15")),
        ("2024-12-03T01:15:00+09:00", minute("2024-12-02T16:15")),
        ("Tue, 03 Dec 2024 10:15:00 +0900", minute("2024-12-03T01:15")),
        ("3 Dec 2024 10:15 GMT", minute("2024-12-03T10:15")),
    ],
)
def test_a_time_with_its_zone_is_known_to_the_minute(value: str, published: Published) -> None:
    assert parse_published(value, Provenance.METADATA) == published


@pytest.mark.parametrize(
    "value",
    [
        "2024-12-03",
        " 2024-12-03\n",
        "2024-12-03T10:15",  # no zone
        "2024-12-03T00:00:00Z",  # how systems write "no time known"
        "2024-12-03T00:00:00+09:00",
        "December 3, 2024",
        "3 Dec. 2024",
        "Tuesday 3 December 2024",
    ],
)
def test_a_day(value: str) -> None:
    assert parse_published(value, Provenance.GIVEN) == day("2024-12-03", Provenance.GIVEN)


def test_a_day_in_the_articles_language() -> None:
    expected = day("2024-12-03", Provenance.METADATA)
    assert parse_published("3 décembre 2024", Provenance.METADATA, "fr") == expected
    assert parse_published("2024年12月3日", Provenance.METADATA, "ja") == expected
    assert parse_published("3 décembre 2024", Provenance.METADATA, "nl") is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "03/12/2024",
        "12-03-2024",
        "3.12.24",
        "December 2024",
        "2024",
        "yesterday",
        "2024-13-03",
        "2024-02-30",
        "2024-12-03T25:00Z",
        "3 December 2024 or 4 December 2024",
        "Tue, 99 Dec 2024 10:15:00 +0900",
        "9999-12-31T23:59:00-12:00",
    ],
)
def test_what_is_no_full_date_or_could_be_two_is_none(value: str) -> None:
    assert parse_published(value, Provenance.METADATA) is None


@given(st.text(max_size=40) | st.text(st.sampled_from("0123456789-/:.TZ+ DecMar"), max_size=30))
def test_any_text_is_a_date_or_none(value: str) -> None:
    published = parse_published(value, Provenance.METADATA)
    assert published is None or published.at.tzinfo is UTC


WRITTEN = {
    "nl": "3 december 2024",
    "en": "December 3rd, 2024",
    "de": "3. Dezember 2024",
    "fr": "3 décembre 2024",
    "es": "3 de diciembre de 2024",
    "pt": "3 de dezembro de 2024",
    "it": "3 dicembre 2024",
    "ca": "3 de desembre del 2024",
    "pl": "3 grudnia 2024",
    "cs": "3. prosince 2024",
    "hu": "2024. december 3.",
    "ro": "3 decembrie 2024",
    "hr": "3. prosinca 2024.",
    "sr": "3. децембра 2024",
    "bg": "3 декември 2024",
    "ru": "3 декабря 2024 года",
    "uk": "3 грудня 2024",
    "lt": "2024 m. gruodžio 3 d.",
    "lv": "2024. gada 3. decembrī",
    "et": "3. detsembril 2024",
    "fi": "3. joulukuuta 2024",
    "sv": "3 december 2024",
    "da": "3. december 2024",
    "nb": "3. desember 2024",
    "eu": "2024ko abenduaren 3a",
    "el": "3 Δεκεμβρίου 2024",
    "tr": "3 Aralık 2024",
    "ar": "٣ كانون الأول/ديسمبر ٢٠٢٤",
    "fa": "3 دسامبر 2024",
    "he": "3 בדצמבר 2024",
    "hi": "3 दिसम्बर 2024",
    "bn": "৩ ডিসেম্বর ২০২৪",
    "ur": "3 دسمبر 2024",
    "th": "3 ธันวาคม 2567",
    "vi": "ngày 3 tháng 12 năm 2024",
    "id": "3 Desember 2024",
    "sw": "3 Desemba 2024",
    "ja": "2024年12月3日",
    "zh": "2024年12月3日",
    "ko": "2024년 12월 3일",
    "und": "2024-12-03",
}


def find(text: str, language: str) -> Published | None:
    paragraphs = find_paragraphs(text)
    return find_published(text, paragraphs, find_boilerplate(text, paragraphs), language)


@pytest.mark.parametrize("language", WRITTEN)
def test_a_date_line_in_every_way_of_writing(language: str) -> None:
    text = f"Title\n\n{WRITTEN[language]}\n\nA longer paragraph that ends in a full stop."
    assert find(text, language) == day("2024-12-03", Provenance.TEXT)


OWN_DATES = [
    ("nl", "Kop\n\nGepubliceerd op 3 december 2024\n\nDat was op 1 januari 2020 nog anders."),
    ("en", "Title\n\nBy Jane Doe | December 3, 2024 | Updated December 4, 2024\n\nThe minister said so."),
    ("en", "Title\n\nTOKYO, Dec. 3, 2024 (Kyodo) -- The minister said that nothing happened."),
    ("de", "Titel\n\nBerlin, den 3. Dezember 2024 – Der Minister sagte nichts."),
    ("fr", "Titre\n\nPublié le 3 décembre 2024 à 10h15\n\nLe ministre n'a rien dit."),
    ("es", "Título\n\nMadrid, 3 de diciembre de 2024 (EFE).- El ministro no dijo nada."),
    ("pt", "Título\n\nAtualizado em 3 de dezembro de 2024\n\nO ministro não disse nada."),
    ("ru", "Заголовок\n\nМосква, 3 декабря 2024 года — Министр ничего не сказал."),
    ("pl", "Tytuł\n\nWarszawa, 3 grudnia 2024 – Minister nic nie powiedział."),
    ("tr", "Başlık\n\nYayınlanma: 3 Aralık 2024\n\nBakan bir şey söylemedi."),
    ("ja", "見出し\n\n2024年12月3日 10時15分\n\n大臣は何も言わなかった。"),
    ("zh", "标题\n\n发布时间：2024年12月3日\n\n部长什么也没说。"),
    ("ko", "제목\n\n입력 2024년 12월 3일 10:15\n\n장관은 아무 말도 하지 않았다."),
    ("ar", "العنوان هنا\n\nنشر في 3 ديسمبر 2024\n\nلم يقل الوزير شيئا."),
    ("hi", "शीर्षक\n\nप्रकाशित: 3 दिसंबर 2024\n\nमंत्री ने कुछ नहीं कहा।"),
    ("th", "หัวข้อข่าว\n\n3 ธันวาคม 2567\n\nรัฐมนตรีไม่ได้พูดอะไรเลย"),
    ("vi", "Tiêu đề\n\nCập nhật ngày 3 tháng 12 năm 2024\n\nBộ trưởng không nói gì."),
    (
        "nl",
        "Kop\n\nTekst zonder datum.\n\nDe minister in Tokio op 3 december 2024. (Foto: ANP)\n\nMeer tekst.",
    ),
    (
        "en",
        "Title\n\nThe minister, Tokyo, Dec. 3, 2024. (AP Photo/E. Hoshiko)\n\nBody.\n\n"
        "Another minister, Nov. 12, 2024. (AP Photo/X)",
    ),
    ("ja", "見出し\n\n本文がここにある。\n\n会見する大臣＝2024年12月3日、東京（共同）\n\n本文が続く。"),
]


@pytest.mark.parametrize(("language", "text"), OWN_DATES)
def test_the_articles_own_date_is_found(language: str, text: str) -> None:
    assert find(text, language) == day("2024-12-03", Provenance.TEXT)


OTHER_DATES = [
    ("nl", "Kop\n\nOp 24 februari 2022 – de dag van de invasie – veranderde alles voor hem."),
    ("nl", "Kop\n\nDe aanslag van 11 september 2001\n\nDaarna veranderde alles."),
    ("nl", "Kop\n\nDe minister op 3 december 2019. Archieffoto. (Foto: ANP)\n\nDe minister zei niets."),
    ("en", "Title\n\nHe was born on May 3, 1971, in Tokyo - a city of millions."),
    ("en", "FILE - The minister in Tokyo, Dec. 3, 2019. (AP Photo/X, File)\n\nThe minister said nothing."),
    ("en", "Title\n\nThe treaty - signed June 5, 2001 - has ended."),
    ("en", "Title\n\nOn 03/12/2024 the minister spoke."),
    ("en", "Title\n\nPublished in December 2024\n\nThe minister spoke."),
    ("de", "Titel\n\nSeit dem 24. Februar 2022 führt Russland Krieg gegen die Ukraine."),
    ("es", "Título\n\nDesde el 24 de febrero de 2022, la guerra continúa en Ucrania."),
    ("fr", "Titre\n\nLe 13 novembre 2015, des attentats ont frappé Paris."),
    ("ru", "Заголовок\n\nС 24 февраля 2022 года идёт война, сказал министр."),
    ("ja", "見出し\n\n2011年3月11日の東日本大震災から13年が過ぎた。"),
    ("zh", "标题\n\n2022年2月24日，俄罗斯入侵乌克兰。"),
    ("ar", "العنوان\n\nمنذ 24 فبراير 2022 تستمر الحرب في أوكرانيا."),
]


@pytest.mark.parametrize(("language", "text"), OTHER_DATES)
def test_dates_of_other_things_are_left_alone(language: str, text: str) -> None:
    assert find(text, language) is None
