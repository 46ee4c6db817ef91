"""Published formats, in a few records of our own writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.judge import LabelLayout
from eval.judge.labels import read_labels
from eval.suites.cases import SetName, SetSource
from eval.suites.loading import find_suite, load_suite
from eval.suites.sets.content import read_set
from vectorstore import SourceError


def write_lines(path: Path, *records: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")


def load(folder: Path, **source: Any) -> dict[str, tuple[str | None, list[str], bool]]:
    """Cases of a set, loaded as a suite: question, the words its gold has in the articles, unanswerable."""
    suite = folder / "suite"
    suite.mkdir(exist_ok=True)
    (suite / "suite.yaml").write_text(
        json.dumps({"name": "s", "title": "t", "sets": [source], "gate": ["passed"]}), "utf-8"
    )
    loaded = load_suite(suite, folder)
    texts = {a.id: a.text for library in loaded.libraries.values() for a in library.articles.values()}
    return {
        planned.case.id: (
            planned.case.question,
            [texts[place.article][place.start : place.end] for place in planned.gold],
            planned.case.unanswerable,
        )
        for planned in loaded.cases
    }


XQUAD = {
    ("en", 0, 0): ["The ferry was built in 1974.", "It is red."],
    ("en", 1, 0): ["Frost makes the sap flow."],
    ("de", 0, 0): ["Die Fähre wurde 1974 gebaut.", "Sie ist rot."],
    ("de", 1, 0): ["Frost lässt den Saft fließen."],
}


@pytest.fixture
def xquad(tmp_path: Path) -> Path:
    write_lines(
        tmp_path / "xquad_r_sentences.jsonl",
        *(
            {"pid": f"{lang}-{art}-{par}-{row}", "lang": lang, "art": art, "par": par, "text": text}
            for (lang, art, par), texts in XQUAD.items()
            for row, text in enumerate(texts)
        ),
    )
    asked = [("q1", "en", "Which colour?", "0-0-1"), ("q1", "de", "Welche Farbe?", "0-0-1")]
    asked += [("q2", "en", "What makes sap flow?", "1-0-0"), ("q2", "de", "Was lässt Saft fließen?", "1-0-0")]
    write_lines(
        tmp_path / "xquad_r_questions.jsonl",
        *(
            {"qid": q, "lang": lang, "question": text, "gold": {each: f"{each}-{g}" for each in ("en", "de")}}
            for q, lang, text, g in asked
        ),
    )
    return tmp_path


def test_xquad_in_one_language_at_a_time(xquad: Path) -> None:
    assert load(xquad, set="xquad-r", part="monolingual") == {
        "xquad-r:q1:en-en": ("Which colour?", ["It is red."], False),
        "xquad-r:q1:de-de": ("Welche Farbe?", ["Sie ist rot."], False),
        "xquad-r:q2:en-en": ("What makes sap flow?", ["Frost makes the sap flow."], False),
        "xquad-r:q2:de-de": ("Was lässt Saft fließen?", ["Frost lässt den Saft fließen."], False),
    }


def test_xquad_across_languages(xquad: Path) -> None:
    assert load(xquad, set="xquad-r", part="gap", languages=["de"], every=2) == {
        "xquad-r:q1:en-de": ("Which colour?", ["Sie ist rot."], False),
        "xquad-r:q1:de-de": ("Welche Farbe?", ["Sie ist rot."], False),
    }
    mixed = load(xquad, set="xquad-r", part="mixed")
    assert mixed["xquad-r:mixed:q1:de"] == ("Welche Farbe?", ["It is red.", "Sie ist rot."], False)
    assert len(mixed) == 4


def test_xquad_with_half_of_it_there(xquad: Path) -> None:
    assert load(xquad, set="xquad-r", part="half-articles", languages=["de"]) == {
        "xquad-r/articles-0:q1:de": ("Which colour?", ["Sie ist rot."], False),
        "xquad-r/articles-0:q2:de": ("What makes sap flow?", [], True),
        "xquad-r/articles-1:q1:de": ("Which colour?", [], True),
        "xquad-r/articles-1:q2:de": ("What makes sap flow?", ["Frost lässt den Saft fließen."], False),
    }


def test_ntrex_headlines_find_articles(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "ntrex_news.jsonl",
        {
            "doc_id": "paper.1",
            "title": {"eng": "A title", "deu": "Ein Titel"},
            "sentences": {"eng": ["A title", "One.", "Two."], "deu": ["Ein Titel", "Eins.", "Zwei."]},
        },
    )
    assert load(tmp_path, set="ntrex", part="headlines", languages=["de"]) == {
        "ntrex:de/paper.1": ("A title", ["Eins. Zwei."], False)
    }


def test_multihop_rag_in_either_layout(tmp_path: Path) -> None:
    fact = {"title": "Rates held", "source": "The Courier", "author": "A. Vis", "url": "https://c.example/1"}
    queries = [
        {
            "query": "Who held rates?",
            "question_type": "inference_query",
            "answer": "The bank",
            "evidence_list": [
                {**fact, "fact": "The bank held rates.", "published_at": "2023-11-01T13:00:00+00:00"},
                {**fact, "fact": "It will look again.", "published_at": "2023-11-01T13:00:00+00:00"},
            ],
        },
        {
            "query": "And on Mars?",
            "question_type": "null_query",
            "answer": "Insufficient",
            "evidence_list": [],
        },
    ]
    expected = {
        "multihop-rag:0": ("Who held rates?", ["It will look again.", "The bank held rates."], False),
        "multihop-rag:1": ("And on Mars?", [], True),
    }
    (tmp_path / "MultiHopRAG.json").write_text(json.dumps(queries), "utf-8")
    assert load(tmp_path, set="multihop-rag") == expected
    write_lines(tmp_path / "multihop_rag.jsonl", *({**q, "id": str(row)} for row, q in enumerate(queries)))
    assert load(tmp_path, set="multihop-rag") == expected
    (article,) = read_set(SetSource(set=SetName.MULTIHOP_RAG), tmp_path).libraries["multihop-rag"]
    assert (article.outlet, article.authors, article.text) == (
        "The Courier",
        ("A. Vis",),
        "The bank held rates.\n\nIt will look again.",
    )


def test_rgb_asks_every_question_twice(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "en_refine.json",
        {
            "id": 7,
            "query": "When does the bridge open?",
            "answer": [["18 October", "October 18"]],
            "positive": ["The bridge opens on 18 October."],
            "negative": ["The bridge is long.", "The bridge is grey."],
        },
    )
    assert load(tmp_path, set="rgb", part="rejection") == {
        "rgb:en:7:answerable": ("When does the bridge open?", ["The bridge opens on 18 October."], False),
        "rgb:en:7:unanswerable": ("When does the bridge open?", [], True),
    }


def test_squad_2_answers_stand_in_their_paragraph(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "Lund sails. Lund rests.", "qas": []},
        {
            "context": "The ship is red. Lund sails it.",
            "qas": [
                {"id": "a", "question": "Who sails?", "answers": [{"text": "Lund", "answer_start": 17}]},
                {"id": "b", "question": "Who paints?", "is_impossible": True, "answers": []},
            ],
        },
    ]
    (tmp_path / "dev-v2.0.json").write_text(
        json.dumps({"version": "v2.0", "data": [{"title": "Ship", "paragraphs": paragraphs}]}), "utf-8"
    )
    assert load(tmp_path, set="squad-2") == {
        "squad-2:a": ("Who sails?", ["Lund"], False),
        "squad-2:b": ("Who paints?", [], True),
    }
    (case, _) = read_set(SetSource(set=SetName.SQUAD_2), tmp_path).cases
    assert case.gold[0].start == len("Lund sails. Lund rests.") + 2 + 17


def test_summedits_are_claims_about_their_document(tmp_path: Path) -> None:
    doc = "The council approved the path by 14 votes to 9."
    write_lines(
        tmp_path / "summedits_news.jsonl",
        {"id": "x", "doc": doc, "summary": "The path was approved.", "label": 1, "edit_types": []},
        {"id": "y", "doc": doc, "summary": "It was rejected.", "label": 0, "edit_types": ["negation"]},
    )
    content = read_set(SetSource(set=SetName.SUMMEDITS, part="news"), tmp_path)
    assert [(c.claim.text, c.claim.holds, c.tags) for c in content.cases if c.claim] == [
        ("The path was approved.", True, ()),
        ("It was rejected.", False, ("negation",)),
    ]
    assert len(content.libraries["summedits"]) == 1


def test_beir_in_its_layout(tmp_path: Path) -> None:
    folder = tmp_path / "beir" / "tiny"
    write_lines(
        folder / "corpus.jsonl",
        {"_id": "d 1", "title": "Ferry", "text": "The ferry sails."},
        {"_id": "d2", "title": "", "text": "The bridge is closed."},
    )
    write_lines(folder / "queries.jsonl", {"_id": "q1", "text": "what sails"}, {"_id": "q2", "text": "none"})
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td 1\t1\nq1\td2\t0\n", "utf-8")
    assert load(tmp_path, set="beir", part="test") == {
        "beir:d-q1": ("what sails", ["The ferry sails."], False)
    }
    (folder / "qrels" / "test.tsv").write_text("q1\td 1\t1\nq1\td2\n", "utf-8")
    with pytest.raises(SourceError, match=r"test\.tsv line 2: not `query<TAB>document<TAB>score`"):
        load(tmp_path, set="beir", part="test")


def test_a_damaged_file_and_an_unknown_part_are_named(tmp_path: Path) -> None:
    path = tmp_path / "summedits_news.jsonl"
    path.write_text('{"id": "x"}', "utf-8")
    with pytest.raises(SourceError) as caught:
        load(tmp_path, set="summedits", part="news")
    assert str(caught.value) == f"{path} line 1: doc: Field required; download the file again"
    with pytest.raises(SourceError) as caught:
        load(tmp_path, set="summedits", part="sports")
    assert str(caught.value) == "summedits has no part “sports”; its parts are news"


def test_a_set_that_is_not_required_is_left_out_aloud(xquad: Path) -> None:
    suite = xquad / "suite"
    suite.mkdir()
    sets = [{"set": "xquad-r", "part": "gap"}, {"set": "rgb", "part": "rejection", "required": False}]
    (suite / "suite.yaml").write_text(json.dumps({"name": "s", "title": "t", "sets": sets}), "utf-8")
    assert load_suite(suite, xquad).notices == (f"s: rgb left out, {xquad} has no en_refine.json or en.json",)


def test_the_development_parts_are_read(data: Path) -> None:
    sizes = {}
    for name in ("retrieval", "crosslingual", "refusal", "faithfulness"):
        sizes[name] = len(load_suite(find_suite(name), data).cases)
    (summhay,) = read_labels(data, LabelLayout.SUMMHAY)
    sizes["summhay"] = len(summhay.labels)
    assert min(sizes.values()) > 300, sizes
