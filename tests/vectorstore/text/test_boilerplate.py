"""Marks: titles, captions and related coverage, by the conventions of newsrooms in many languages."""

from __future__ import annotations

import pytest

from vectorstore.model.article import Role
from vectorstore.text.boilerplate import find_boilerplate
from vectorstore.text.canonical import fold_words
from vectorstore.text.paragraphs import find_paragraphs


def marked(text: str, **known: object) -> list[tuple[Role, str]]:
    boilerplate = find_boilerplate(text, find_paragraphs(text), **known)  # type: ignore[arg-type]
    return [(mark.role, mark.span.of(text)) for mark in boilerplate]


ARTICLES = {
    "nl": (
        "Kabinet stelt plan uit",
        "De minister zei niets.",
        "Een man loopt. (Foto: ANP)",
        "Lees ook:",
        "Andere kop",
    ),
    "en": (
        "Cabinet delays plan",
        "The minister said nothing.",
        "A man walks. (AP Photo/J. Doe)",
        "Related coverage",
        "Other headline",
    ),
    "de": (
        "Kabinett verschiebt Plan",
        "Der Minister sagte nichts.",
        "Ein Mann geht. Bild: dpa",
        "Mehr zum Thema",
        "Andere Schlagzeile",
    ),
    "fr": (
        "Le plan est reporté",
        "Le ministre n'a rien dit.",
        "Un homme marche. © AFP",
        "À lire aussi :",
        "Un autre titre",
    ),
    "es": (
        "El plan se retrasa",
        "El ministro no dijo nada.",
        "Un hombre camina. (EFE/J. Pérez)",
        "Lea también",
        "Otro titular",
    ),
    "pt": (
        "Plano é adiado",
        "O ministro não disse nada.",
        "Um homem. Crédito: Agência Brasil",
        "Leia também:",
        "Outra manchete",
    ),
    "pl": (
        "Plan opóźniony",
        "Minister nic nie powiedział.",
        "Mężczyzna idzie. Fot. PAP/J. Kowalski",
        "Czytaj także:",
        "Inny nagłówek",
    ),
    "ru": (
        "План отложен",
        "Министр ничего не сказал.",
        "Мужчина идёт. Фото: ТАСС",
        "Читайте также:",
        "Другой заголовок",
    ),
    "ar": (
        "تأجيل الخطة",
        "لم يقل الوزير شيئا.",
        "رجل يمشي. (رويترز)",
        "اقرأ أيضا:",
        "عنوان آخر",
    ),
    "hi": (
        "योजना टली",
        "मंत्री ने कुछ नहीं कहा।",
        "एक आदमी चल रहा है। (फोटो: पीटीआई)",
        "ये भी पढ़ें:",
        "एक और शीर्षक",
    ),
    "th": (
        "เลื่อนแผน",
        "รัฐมนตรีไม่ได้พูดอะไรเลย.",
        "ชายคนหนึ่งเดิน (ภาพ: รอยเตอร์)",
        "ข่าวที่เกี่ยวข้อง",
        "หัวข้ออื่น",
    ),
    "ja": (
        "計画は延期",
        "大臣は何も言わなかった。",
        "男が歩く＝東京（共同）",
        "関連記事",
        "別の見出し",
    ),
    "zh": (
        "计划推迟",
        "部长什么也没说。",
        "一名男子走过。（新华社记者张三摄）",
        "相关报道：",
        "另一个标题",
    ),
    "ko": (
        "계획 연기",
        "장관은 아무 말도 하지 않았다.",
        "남자가 걷는다. (사진=연합뉴스)",
        "관련기사",
        "다른 제목",
    ),
    "fi": (
        "Suunnitelma lykkääntyy",
        "Ministeri ei sanonut mitään.",
        "Mies kävelee. Kuva: Lehtikuva",
        "Lue myös:",
        "Toinen otsikko",
    ),
    "vi": (
        "Hoãn kế hoạch",
        "Bộ trưởng không nói gì.",
        "Người đàn ông. Ảnh: TTXVN",
        "Xem thêm",
        "Tiêu đề khác",
    ),
}


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_in_the_conventions_of_its_language(language: str) -> None:
    title, body, caption, heading, headline = ARTICLES[language]
    text = "\n\n".join((title, title, body, caption, body, heading, headline, headline + "?"))
    assert marked(text) == [
        (Role.TITLE, title),
        (Role.REPEATED_TITLE, title),
        (Role.CAPTION, caption),
        (Role.RELATED, "\n\n".join((heading, headline, headline + "?"))),
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Foto: ANP",
        "Minister in Tokio. Foto: Jan Jansen / ANP",
        "A man walks. Photo by Jane Doe.",
        "A man walks. REUTERS/Jane Doe",
        "Smoke rises. [Photo: AFP]",
        "En mand. Foto: Ritzau Scanpix",
        "رجل يمشي. الصورة: أ ف ب",
        "图：新华社",
        "男が歩く（写真：ロイター）",
    ],
)
def test_captions_end_in_a_credit(paragraph: str) -> None:
    assert marked(f"Tekst die doorgaat.\n\n{paragraph}\n\nMeer tekst.") == [(Role.CAPTION, paragraph)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "De minister zei niets.",
        "He posted a picture: a cat on a boat.",
        "So said the European Space Agency (ESA).",
        "It was built by the Anadolu Agency (AA).",
        "He left (it was late).",
        "Dat meldt persbureau Reuters.",
        "Zij noemde het beeld: een ramp.",
        "© 2024 Kyodo News. All rights reserved.",
        "A" * 700 + " (Foto: ANP)",
    ],
)
def test_running_text_is_no_caption(paragraph: str) -> None:
    assert marked(f"Tekst die doorgaat.\n\n{paragraph}\n\nMeer tekst.") == []


def test_an_agency_signs_the_last_paragraph_of_a_whole_article() -> None:
    assert marked("Tekst.\n\nDe minister zei niets. (ANP)") == []


def test_captions_known_from_markup() -> None:
    text = "Tekst.\n\nDe minister in Tokio\n\nMeer tekst."
    assert marked(text, captions=frozenset({fold_words("De Minister in Tokio.")})) == [
        (Role.CAPTION, "De minister in Tokio")
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kop\n\nTekst.", "Kop"),
        ("Wie wint?\n\nTekst.", "Wie wint?"),
        ("KOP!\nTekst een.\nTekst twee.", "KOP!"),
        ("Vijf doden in Rotterdam.\n\nVijf doden in Rotterdam\n\nTekst.", "Vijf doden in Rotterdam."),
        ("Alleen een regel", None),
        ("De minister zei niets.\n\nTekst.", None),
        ("Een man loopt (Foto: ANP)\n\nTekst.", None),
        ("k" * 201 + "\n\nTekst.", None),
        ("…\n\nTekst.", None),
        ("", None),
    ],
)
def test_what_a_title_is(text: str, title: str | None) -> None:
    assert next((content for role, content in marked(text) if role is Role.TITLE), None) == title


def test_a_known_title_is_one_whatever_it_looks_like() -> None:
    assert marked("Dit is een zin.\n\nTekst.", title="Dit is een zin") == [(Role.TITLE, "Dit is een zin.")]


def test_related_coverage_is_only_what_ends_the_text() -> None:
    assert marked("Tekst.\n\nLees ook:\n\nAndere kop\n\nTekst die doorgaat met een punt.") == []
    assert marked("Tekst.\n\nLees ook:") == []
    assert marked("Tekst.\n\nLees ook: Andere kop") == [(Role.RELATED, "Lees ook: Andere kop")]
    assert marked("Tekst.\n\nLees ook\n\nKop een\n\nMeer nieuws\n\nKop twee") == [
        (Role.RELATED, "Lees ook\n\nKop een\n\nMeer nieuws\n\nKop twee")
    ]
