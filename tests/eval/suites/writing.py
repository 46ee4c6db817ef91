"""A suite of two small articles of our own, written where a test wants it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ARTICLES = {
    "ferry.en.md": (
        "---\ntitle: Ferry laid up\noutlet: The Courier\ndate: 2025-05-13\n---\n\n"
        "The ferry Aurora will not sail until 24 June.\n\n"
        "Cracks were found in the propeller shaft during an inspection.\n\n"
        "Captain Berit Lund said that nobody would be dismissed.\n"
    ),
    "brug.nl.md": (
        "---\ntitle: Brug over de Tarn gaat dicht\noutlet: De Avondbode\ndate: 2025-06-02\n---\n\n"
        "De brug over de Tarn gaat op 1 september dicht voor vrachtwagens.\n\n"
        "Wethouder Karin Smit trekt 900.000 euro uit voor het herstel.\n"
    ),
}
CASES: list[dict[str, Any]] = [
    {
        "id": "ferry-until",
        "question": "Until when will the ferry Aurora not sail?",
        "language": "en",
        "gold": [
            {"article": "articles/ferry.en.md", "quote": "The ferry Aurora will not sail until 24 June."}
        ],
        "answers": ["24 June"],
    },
    {
        "id": "bridge-when",
        "question": "When does the bridge over the Tarn close for lorries?",
        "language": "en",
        "gold": [
            {
                "article": "articles/brug.nl.md",
                "quote": "De brug over de Tarn gaat op 1 september dicht voor vrachtwagens.",
            }
        ],
    },
    {"id": "moon", "question": "How far away is the moon?", "language": "en", "unanswerable": True},
]
SUITE = """\
format: 1
name: small
title: Two articles
libraries:
  - articles: [articles]
cases: [cases.jsonl]
gate: [passed, hit@1]
floors: {citation_validity: 1.0}
"""


def write_suite(folder: Path, *, suite: str = SUITE, cases: list[Any] | str | None = None) -> Path:
    """A suite in `folder`; `cases` are records, or the file's text."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for name, text in ARTICLES.items():
        (folder / "articles" / name).write_text(text, "utf-8")
    (folder / "suite.yaml").write_text(suite, "utf-8")
    records = CASES if cases is None else cases
    text = (
        records
        if isinstance(records, str)
        else "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    )
    (folder / "cases.jsonl").write_text(text, "utf-8")
    return folder
