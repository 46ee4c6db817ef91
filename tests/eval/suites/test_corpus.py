"""Evaluation articles, and what evidence in them points at."""

from __future__ import annotations

from bench.retrieval.library import units_at
from eval.suites.datasets import NewsDocument, XquadSentence, compose, compose_news, compose_xquad


def test_paragraphs_and_sentences_keep_their_places() -> None:
    document = compose("k", "en", [[("a", "One. "), ("b", "Two\ttimes.")], [("c", "Three.")]])
    assert document.text == "One. Two times.\n\nThree."
    assert list(zip(document.units, document.starts, document.ends, strict=True)) == [
        ("a", 0, 4),
        ("b", 5, 15),
        ("c", 17, 23),
    ]
    assert compose("k", "zh-CN", [[("a", "一。"), ("b", "二。")]]).text == "一。二。"


def test_a_span_points_at_what_it_shares_more_than_half_with() -> None:
    document = compose("k", "en", [[("a", "0123456789"), ("b", "0123456789"), ("c", "01")]])
    assert units_at(document, 0, 10) == ["a"]
    assert units_at(document, 2, 6) == ["a"]
    assert units_at(document, 0, 21) == ["a", "b"]
    assert units_at(document, 4, 24) == ["b", "a", "c"]
    assert units_at(document, 8, 15) == ["b"]
    assert units_at(document, 24, 30) == []


def test_articles_of_xquad_are_told_apart_by_language_and_number() -> None:
    pids = ["en-3-0-0", "en-3-1-0", "de-3-0-0", "en-7-0-0"]
    sentences = [
        XquadSentence(pid=pid, lang=pid[:2], art=int(pid[3]), par=int(pid[5]), text=f"Text {pid}.")
        for pid in pids
    ]
    found = {document.key: (document.language, document.text) for document in compose_xquad(sentences)}
    assert found == {
        "en-3": ("en", "Text en-3-0-0.\n\nText en-3-1-0."),
        "de-3": ("de", "Text de-3-0-0."),
        "en-7": ("en", "Text en-7-0-0."),
    }


def test_news_lose_their_titles() -> None:
    news = NewsDocument(
        doc_id="x.1",
        title={"eng": "Title", "zho-CN": "题"},
        sentences={"eng": ["Title", "First.", "Second."], "zho-CN": ["题", "一。"], "nld": ["Kop"]},
    )
    found = [(document.key, document.text, set(document.units)) for document in compose_news([news])]
    assert found == [
        ("en/x.1", "First. Second.", {"en/x.1"}),
        ("zh-CN/x.1", "一。", {"zh-CN/x.1"}),
    ]
