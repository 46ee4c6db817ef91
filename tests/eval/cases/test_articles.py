"""Articles of a library as files of a suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases.articles import SuiteArticles, id_of, key_of
from vectorstore import Article, Given, ReadSettings, SetupError, read_path


def read(path: Path, given: Given) -> Article:
    (article,) = read_path(path, given, ReadSettings())
    assert isinstance(article, Article)
    return article


def test_an_article_is_read_as_it_was_written(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("---\ntitle: Storm\noutlet: De Bode\n---\n\nHet waait “hard”.\n\nHeel hard.\n", "utf-8")
    for given in (Given(), Given.parse(title="By hand", published="2025-05-13T10:15Z", language="nl")):
        article = read(source, given)
        articles = SuiteArticles(tmp_path / (given.title or "suite"))
        key = articles.put(article)
        assert (key, id_of(key)) == (key_of(article.id), article.id)
        found = articles.find(key)
        assert found is not None
        assert (found.text, found.outlet, str(found.published)) == (
            article.text,
            article.outlet,
            str(article.published),
        )
        assert articles.keys() == [key]


def test_what_is_not_there(tmp_path: Path) -> None:
    assert SuiteArticles(tmp_path).find("articles/none.jsonl#1") is None
    assert SuiteArticles(tmp_path).keys() == []


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("Het waait.", "utf-8")
    (tmp_path / "articles").write_text("", "utf-8")
    with pytest.raises(SetupError, match=r"articles.*cannot be written"):
        SuiteArticles(tmp_path).put(read(source, Given()))
