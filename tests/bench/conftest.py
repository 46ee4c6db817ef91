"""A few articles in the published form of the evaluation sets, of our own writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ARTICLES = {
    "en": [
        ["Anna Visser warned of flooding along the Maas.", "She said that soldiers would fill sandbags."],
        ["Tulip growers in Lisse sold 40 million bulbs.", "They do not expect a shortage."],
    ],
    "de": [
        ["Anna Visser warnte vor Hochwasser an der Maas.", "Sie sagte, Soldaten würden Sandsäcke füllen."],
        ["Tulpenzüchter in Lisse verkauften 40 Millionen Zwiebeln.", "Sie erwarten keinen Mangel."],
    ],
}
QUESTIONS = {
    "en": ["Who warned of flooding?", "How many bulbs did the growers in Lisse sell?"],
    "de": ["Wer warnte vor Hochwasser?", "Wie viele Zwiebeln verkauften die Züchter?"],
}
FACTS = [
    ("Visser warned of flooding", "The Courier", "Anna Visser warned of flooding along the Maas."),
    ("Bulbs sold", "De Avondbode", "Tulip growers in Lisse sold 40 million bulbs."),
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder of both sets."""
    folder = tmp_path / "sets"
    folder.mkdir()
    sentences = [
        {"pid": f"{lang}-{art}-0-{row}", "lang": lang, "art": art, "par": 0, "text": text}
        for lang, articles in ARTICLES.items()
        for art, told in enumerate(articles)
        for row, text in enumerate(told)
    ]
    questions = [
        {
            "qid": str(art),
            "lang": lang,
            "question": question,
            "gold": {other: f"{other}-{art}-0-0" for other in ARTICLES},
        }
        for lang, asked in QUESTIONS.items()
        for art, question in enumerate(asked)
    ]
    evidence = [
        {
            "title": title,
            "source": outlet,
            "fact": fact,
            "published_at": "2024-12-03T10:00:00+00:00",
            "url": f"https://news.example/{at}",
        }
        for at, (title, outlet, fact) in enumerate(FACTS)
    ]
    asked = [
        {
            "id": "1",
            "query": "Who warned of flooding, and what did the growers sell?",
            "evidence_list": evidence,
        },
        {"id": "2", "query": "Who won?", "evidence_list": []},
    ]
    for name, rows in (
        ("xquad_r_sentences", sentences),
        ("xquad_r_questions", questions),
        ("multihop_rag", asked),
    ):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return folder
