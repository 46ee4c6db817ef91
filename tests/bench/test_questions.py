"""Which questions are asked."""

from __future__ import annotations

from pathlib import Path

from bench.questions import BenchQuestion, read_half, spread


def test_questions_about_articles_that_are_away_have_no_answer(tmp_path: Path) -> None:
    (tmp_path / "xquad_r_sentences.jsonl").write_text(
        "\n".join(
            f'{{"pid": "{lang}-{art}-0-0", "lang": "{lang}", "art": {art}, "par": 0, "text": "{lang}{art}."}}'
            for lang in ("de", "en")
            for art in (0, 1)
        )
    )
    (tmp_path / "xquad_r_questions.jsonl").write_text(
        "\n".join(
            f'{{"qid": "{art}", "lang": "en", "question": "{art}?", "gold": {{"en": "en-{art}-0-0"}}}}'
            for art in (0, 1)
        )
    )
    documents, questions = read_half(tmp_path)
    assert [document.text for document in documents] == ["de0.", "en0."]
    assert questions == [BenchQuestion("0?", "en", True), BenchQuestion("1?", "en", False)]


def test_languages_and_answers_have_even_shares() -> None:
    every = [
        BenchQuestion(f"{lang}{n}", lang, has)
        for lang in ("nl", "en")
        for has in (True, False)
        for n in range(9)
    ]
    chosen = spread(every, 6)
    assert [(asked.language, asked.has_answer) for asked in chosen] == [
        ("en", True),
        ("en", False),
        ("en", True),
        ("en", False),
        ("nl", True),
        ("nl", False),
    ]
    assert len(set(spread(every, 36))) == 36
