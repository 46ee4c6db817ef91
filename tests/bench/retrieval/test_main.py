"""The commands, on two small articles of our own in two languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.retrieval.__main__ import app

ARTICLES = {
    ("en", 31): [
        ["The ferry Aurora links Sundholm with the islands.", "It was built in 1974."],
        ["A ticket costs four crowns.", "Captain Berit Lund retired in June."],
    ],
    ("de", 31): [
        ["Die Fähre Aurora verbindet Sundholm mit den Inseln.", "Sie wurde 1974 gebaut."],
        ["Eine Fahrkarte kostet vier Kronen.", "Kapitänin Berit Lund ging im Juni in Rente."],
    ],
    ("en", 36): [
        ["Maple syrup is boiled from the sap of trees.", "Forty litres of sap give one litre of syrup."],
        ["The season lasts six weeks.", "Frost at night makes the sap flow."],
    ],
    ("de", 36): [
        ["Ahornsirup wird aus dem Saft von Bäumen gekocht.", "Vierzig Liter Saft ergeben einen Liter Sirup."],
        ["Die Saison dauert sechs Wochen.", "Nachtfrost bringt den Saft zum Fließen."],
    ],
}
QUESTIONS = [
    ("When was the ferry built?", "31-0-1"),
    ("Who was the captain of the ferry?", "31-1-1"),
    ("How much sap is needed for a litre of syrup?", "36-0-1"),
    ("How long is the maple season?", "36-1-0"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sentences = [
        {"pid": f"{language}-{article}-{p}-{s}", "lang": language, "art": article, "par": p, "text": text}
        for (language, article), paragraphs in ARTICLES.items()
        for p, paragraph in enumerate(paragraphs)
        for s, text in enumerate(paragraph)
    ]
    questions = [
        {
            "qid": gold,
            "lang": "en",
            "question": text,
            "gold": {name: f"{name}-{gold}" for name in ("en", "de")},
        }
        for text, gold in QUESTIONS
    ]
    news = [
        {
            "doc_id": f"paper.{article}",
            "title": {"eng": title},
            "sentences": {
                code: ["Title", *(text for part in ARTICLES[language, article] for text in part)]
                for code, language in (("eng", "en"), ("deu", "de"))
            },
        }
        for article, title in ((31, "Island ferry captain leaves"), (36, "A short season for maple syrup"))
    ]
    for name, records in (
        ("xquad_r_sentences", sentences),
        ("xquad_r_questions", questions),
        ("ntrex_news", news),
    ):
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_retrieval_compares_three_systems_on_every_task(folder: Path) -> None:
    rows = json.loads(
        run("retrieval", "--data", str(folder), "--languages", "en,de", "--mixed-every", "1", "--json")
    )
    tasks = ["en → en", "en → de", "all → all", "headline → de", "headline → mixed"]
    systems = ["raw dense", "naive hybrid", "Pullquote"]
    assert [(row["task"], row["system"]) for row in rows] == [(t, s) for t in tasks for s in systems]
    found = {(row["task"], row["system"]): row for row in rows}
    assert found["en → de", "Pullquote"]["measures"]["P@1"]["mean"] == 1.0
    assert found["en → de", "Pullquote"]["questions"] == 4
    assert found["headline → mixed", "Pullquote"]["measures"]["hit@1"]["mean"] == 1.0
    assert found["en → en", "Pullquote"]["tokens"] > found["en → en", "raw dense"]["tokens"] > 0


def test_retrieval_prints_a_table(folder: Path) -> None:
    lines = run("retrieval", "--data", str(folder), "--languages", "de", "--part", "sentences").splitlines()
    assert (
        lines[0] == "| task | system | n | P@1 | hit@4 | MRR@10 | nDCG@10 | tokens/question | ms/question |"
    )
    assert [line.split(" | ")[1] for line in lines[2:]] == [
        "raw dense",
        "naive hybrid",
        "**Pullquote**, depth 8",
    ]


def test_refusal_prints_auroc_operating_point_and_coverage(folder: Path) -> None:
    output = run("refusal", "--data", str(folder), "--languages", "en", "--splits", "articles")
    assert "| en | articles | 4 | 4 | 1.0000 [1.0000, 1.0000] | 0.000 [0.000, 0.000] |" in output
    assert "Risk and coverage, en, half of the articles present:" in output
    assert "| **0.50** |" in output


def test_missing_data_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["refusal", "--data", str(tmp_path)])
    assert "xquad_r_sentences.jsonl cannot be read" in str(result.exception)
