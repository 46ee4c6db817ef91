"""Labels of people in the published layouts, of our own writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.judge import LabelLayout
from eval.judge.labels import LabelSet, read_labels
from eval.judge.rows import JudgeQuestion, ShownSource
from tests.eval.judge.grading import write_summedits
from vectorstore import SourceError


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


SUMMHAY = {
    "subtopic_id": "s",
    "summkey": "k",
    "summary": ["Three insights:", "- The dike held. [1][2]"],
    "reference_insights": [
        {"insight_id": "a", "insight_name": "A", "insight": "The dike held."},
        {"insight_id": "b", "insight_name": "B", "insight": "The dike held for two days."},
        {"insight_id": "c", "insight_name": "C", "insight": "Nobody left."},
    ],
    "annotation": [
        {"insight_id": "a", "coverage": "fully_covered", "candidate_id": "1"},
        {"insight_id": "b", "coverage": "partially_covered", "candidate_id": "1"},
        {"insight_id": "c", "coverage": "not_covered", "candidate_id": "no_selection"},
    ],
}
EXPERTQA = {
    "question": "Does willow bark help?",
    "annotator_id": "x",
    "answers": {
        "one_system": {
            "answer_string": "…",
            "claims": [
                {
                    "claim_string": "Willow bark holds salicin.",
                    "evidence": ["[1] https://trees.example/bark\n\nThe bark of willows holds salicin."],
                    "support": "Complete",
                },
                {
                    "claim_string": "It cures headaches in an hour.",
                    "evidence": ["https://trees.example/bark Willow bark was taken against headaches."],
                    "support": "Partial",
                },
                {
                    "claim_string": "It is cheap.",
                    "evidence": ["https://trees.example"],
                    "support": "Complete",
                },
                {"claim_string": "It is old.", "evidence": None, "support": "Missing"},
                {"claim_string": "It is new.", "evidence": ["Words."], "support": "N/A"},
            ],
        }
    },
    "metadata": {"field": "Botany"},
}


def read_one(path: Path, layout: LabelLayout | None = None) -> LabelSet:
    (found,) = read_labels(path, layout)
    return found


def test_summedits(tmp_path: Path) -> None:
    found = read_one(write_summedits(tmp_path / "summedits_news.jsonl"))
    assert (found.layout, len(found.labels), found.left_out) == ("summedits", 16, 0)
    true, false = found.labels[:2]
    assert true.asked == JudgeQuestion(
        statement="The ferry Aurora carries 20 cars.",
        language="en",
        shown=(
            ShownSource(
                heading="article",
                sentences=("The ferry Aurora carries 20 cars.", "It was built in 1970."),
            ),
        ),
    )
    assert (true.holds, false.holds, true.cluster == false.cluster) == (True, False, True)
    assert len({label.cluster for label in found.labels}) == 8


def test_summhay_counts_as_supported_what_is_covered_in_full(tmp_path: Path) -> None:
    found = read_one(write(tmp_path / "labels.jsonl", SUMMHAY))
    assert found.layout == "summhay"
    assert [(label.asked.statement, label.holds, label.cluster) for label in found.labels] == [
        ("The dike held.", True, "s"),
        ("The dike held for two days.", False, "s"),
        ("Nobody left.", False, "s"),
    ]
    assert found.labels[0].asked.shown == (
        ShownSource(heading="summary", sentences=("Three insights:", "- The dike held. [1][2]")),
    )


def test_expertqa_leaves_out_what_has_no_words_or_no_label(tmp_path: Path) -> None:
    found = read_one(write(tmp_path / "r2_compiled_anon.jsonl", EXPERTQA))
    assert (found.layout, found.left_out) == ("expertqa", 3)
    assert [(each.asked.statement, each.holds, each.asked.shown[0].sentences) for each in found.labels] == [
        ("Willow bark holds salicin.", True, ("The bark of willows holds salicin.",)),
        ("It cures headaches in an hour.", False, ("Willow bark was taken against headaches.",)),
    ]


def test_a_folder_gives_every_layout_it_has(tmp_path: Path) -> None:
    write_summedits(tmp_path / "summedits_news.jsonl")
    write(tmp_path / "summhay_judge_news.jsonl", SUMMHAY)
    assert [each.layout for each in read_labels(tmp_path)] == ["summedits", "summhay"]
    assert [each.layout for each in read_labels(tmp_path, LabelLayout.SUMMHAY)] == ["summhay"]
    with pytest.raises(SourceError, match=r"has no r2_compiled_anon\.jsonl or expertqa\.jsonl; --data names"):
        read_labels(tmp_path, LabelLayout.EXPERTQA)


def test_summhay_gives_a_label_for_every_insight(tmp_path: Path) -> None:
    row = {
        "subtopic_id": "t",
        "summkey": "m",
        "summary": ["• The path was approved. [1]", "• It is short. [2]"],
        "reference_insights": [
            {"insight_id": "i", "insight": "The council approved the path."},
            {"insight_id": "j", "insight": "It costs nothing."},
        ],
        "annotation": [
            {"insight_id": "i", "coverage": "fully_covered", "candidate_id": "1"},
            {"insight_id": "j", "coverage": "not_covered", "candidate_id": None},
        ],
    }
    path = write(tmp_path / "summhay_judge_news.jsonl", row)
    found = read_one(path)
    assert [(each.id, each.asked.statement, each.holds) for each in found.labels] == [
        ("t:m:i", "The council approved the path.", True),
        ("t:m:j", "It costs nothing.", False),
    ]
    sentences = ("• The path was approved. [1]", "• It is short. [2]")
    assert all(each.asked.shown[0].sentences == sentences for each in found.labels)
    write(path, row | {"reference_insights": []})
    with pytest.raises(SourceError, match=r"summhay_judge_news\.jsonl record 1: no insight i; download"):
        read_one(path)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", EXPERTQA, EXPERTQA | {"answers": {"s": {"claims": [{}]}}})
    with pytest.raises(SourceError, match=r"labels\.jsonl line 2: answers\.s\.claims\.0\.claim_string"):
        read_labels(path)


def test_the_shared_sets_are_read(data: Path) -> None:
    found = {each.layout: (len(each.labels), each.left_out) for each in read_labels(data)}
    assert found == {"summedits": (377, 0), "summhay": (found[LabelLayout.SUMMHAY][0], 0)}
    assert found[LabelLayout.SUMMHAY][0] > 100
