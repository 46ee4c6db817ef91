"""Suites as they are read, and every way in which one can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.suites.loading import find_suite, list_shipped, load_suite
from tests.eval.suites.writing import CASES, SUITE, write_suite
from vectorstore import SourceError


def test_a_suite_is_read_with_its_gold_in_place(tmp_path: Path) -> None:
    suite = load_suite(write_suite(tmp_path))
    articles = suite.libraries["articles"].articles
    assert sorted(articles) == ["articles/brug.nl.md", "articles/ferry.en.md"]
    planned = {each.case.id: each for each in suite.cases}
    assert list(planned) == ["ferry-until", "bridge-when", "moon"]
    (place,) = planned["bridge-when"].gold
    article = articles["articles/brug.nl.md"]
    assert place.article == article.id
    assert article.text[place.start : place.end] == place.quote == CASES[1]["gold"][0]["quote"]
    assert (planned["bridge-when"].article_language, planned["bridge-when"].cluster) == (
        "nl",
        "articles/brug.nl.md",
    )
    assert (planned["moon"].article_language, planned["moon"].cluster) == (None, "moon")


def test_the_same_suite_has_the_same_hash_wherever_it_lies(tmp_path: Path) -> None:
    one, other = (load_suite(write_suite(tmp_path / name)) for name in ("a", "b"))
    assert (one.sha256, one.library_sha256) == (other.sha256, other.library_sha256)
    changed = [{**CASES[0], "answers": ["24 July"]}, *CASES[1:]]
    third = load_suite(write_suite(tmp_path / "c", cases=changed))
    assert third.sha256 != one.sha256
    assert third.library_sha256 == one.library_sha256


def fail(folder: Path, **parts: Any) -> str:
    """What loading a broken suite says, with the folder's path taken out."""
    with pytest.raises(SourceError) as caught:
        load_suite(write_suite(folder, **parts))
    return str(caught.value).replace(f"{folder}/", "").replace(str(folder), "FOLDER")


def test_an_empty_suite_is_refused(tmp_path: Path) -> None:
    expected = "Suite “small” in FOLDER has no case to ask; put one a line into cases.jsonl"
    assert fail(tmp_path, cases="\n\n") == expected
    drafts = [{**case, "draft": True} for case in CASES]
    assert fail(tmp_path, cases=drafts) == expected


def test_duplicate_ids_are_named_with_both_lines(tmp_path: Path) -> None:
    assert fail(tmp_path, cases=[CASES[0], CASES[2], CASES[0]]) == (
        "cases.jsonl line 3: id: “ferry-until” is the id of line 1 too"
    )


def test_gold_that_is_not_in_the_article_is_named(tmp_path: Path) -> None:
    article, other = "articles/ferry.en.md", "articles/gone.md"
    gold = [
        {"article": article, "quote": "The ferry Aurora will sail."},
        {"article": other, "quote": "x"},
        {"article": article, "quote": "Captain Berit Lund", "start": 3},
    ]
    assert fail(tmp_path, cases=[{**CASES[0], "gold": gold}]) == (
        "cases.jsonl line 1: gold.0.quote: “The ferry Aurora will sail.” is not in "
        "articles/ferry.en.md\n"
        "cases.jsonl line 1: gold.1.article: there is no article “articles/gone.md”\n"
        "cases.jsonl line 1: gold.2.quote: “Captain Berit Lund” is not in articles/ferry.en.md at 3"
    )


def test_bad_json_and_bad_fields_are_named_all_at_once(tmp_path: Path) -> None:
    text = '{"id": "a", \n{"id": "b", "question": "?", "language": "english", "gald": []}\n'
    assert fail(tmp_path, cases=text) == (
        "cases.jsonl line 1: no JSON (Expecting property name enclosed in double quotes, column 13)\n"
        "cases.jsonl line 2: language: String should match pattern "
        "'^(und|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$'\n"
        "cases.jsonl line 2: gald: Extra inputs are not permitted"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gold": [], "answers": []}, "nothing has to hold: give gold, answers, unanswerable or a `must_…`"),
        ({"unanswerable": True}, "an unanswerable case has no gold and no answers"),
        ({"question": "  "}, "the question is empty"),
        ({"question": None}, "a case has either a question or a claim"),
    ],
)
def test_a_case_has_to_make_sense(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    assert fail(tmp_path, cases=[CASES[0] | fields]) == f"cases.jsonl line 1: {message}"


def test_bad_yaml_is_named_by_its_line(tmp_path: Path) -> None:
    assert fail(tmp_path, suite=SUITE.replace("name: small", "name: [small")) == (
        "suite.yaml line 3: expected ',' or ']', but got ':'; correct the line"
    )


def test_a_wrong_field_of_a_suite_is_named_by_its_line(tmp_path: Path) -> None:
    assert fail(tmp_path, suite=SUITE.replace("passed,", "Passed!,")) == (
        "suite.yaml line 7: gate.0: String should match pattern '^[a-z][a-z0-9_@-]*$'"
    )
    assert fail(tmp_path, suite=SUITE + "treshold: 3\n") == (
        "suite.yaml line 9: treshold: Extra inputs are not permitted"
    )
    assert fail(tmp_path, suite="- a\n") == (
        "suite.yaml holds no fields; a suite has at least `name`, `title` and `cases`"
    )


def test_a_suite_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    assert fail(tmp_path, suite=SUITE.replace("format: 1", "format: 2")) == (
        "suite.yaml is of format 2, and this version of Pullquote reads 1; install a newer one"
    )


def test_filters_and_libraries_have_to_be_there(tmp_path: Path) -> None:
    cases = [{**CASES[0], "filters": {"articles": ["articles/no.md"]}}, {**CASES[2], "library": "other"}]
    assert fail(tmp_path, cases=cases) == (
        "cases.jsonl line 1: filters.articles: there is no article “articles/no.md”\n"
        "cases.jsonl line 2: library: there is no library “other” in this suite"
    )


def test_an_unknown_suite_is_told_what_there_is() -> None:
    with pytest.raises(SourceError) as caught:
        find_suite("sead")
    assert str(caught.value) == (
        "There is no suite “sead”: it is no folder with a suite.yaml, and none of those that come with "
        "Pullquote (crosslingual, faithfulness, injection, refusal, retrieval, seed)."
    )
    assert list_shipped() == ("crosslingual", "faithfulness", "injection", "refusal", "retrieval", "seed")


def test_a_set_without_its_folder_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        load_suite(find_suite("faithfulness"))
    assert str(caught.value) == (
        "Suite “faithfulness” reads summedits from a folder of evaluation data; name it with --data FOLDER "
        "or PULLQUOTE_DATA. README says where to get it."
    )
    with pytest.raises(SourceError) as caught:
        load_suite(find_suite("faithfulness"), tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} has no summedits_news.jsonl; --data names the folder of the evaluation data"
    )
