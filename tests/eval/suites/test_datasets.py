"""Evaluation files."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.suites.datasets import XquadQuestion, read_questions, read_sentences
from vectorstore import SourceError

GOLD = '{"en": "en-12-3-4", "de": "de-12-3-4"}'
QUESTION = f'{{"qid": "q", "lang": "en", "question": "Who?", "answer": "x", "gold": {GOLD}}}'


def test_questions_know_where_their_answer_is(tmp_path: Path) -> None:
    (tmp_path / "xquad_r_questions.jsonl").write_text(f"{QUESTION}\n\n", encoding="utf-8")
    expected = XquadQuestion(
        qid="q", lang="en", question="Who?", answer="x", gold={"en": "en-12-3-4", "de": "de-12-3-4"}
    )
    assert read_questions(tmp_path) == [expected]
    assert (expected.article, expected.paragraph) == (12, (12, 3))


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xquad_r_questions.jsonl"
    path.write_text(f'{QUESTION}\n{{"qid": 1}}\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"xquad_r_questions\.jsonl line 2: "):
        read_questions(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"xquad_r_sentences\.jsonl cannot be read .*--data"):
        read_sentences(tmp_path)
