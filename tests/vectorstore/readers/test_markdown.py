"""Markdown: front matter to details, markup to plain paragraphs, HTML kept as data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vectorstore.model.article import Article, Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.model.errors import SourceError
from vectorstore.model.settings import ReadSettings
from vectorstore.readers import Given, read_path
from vectorstore.readers.markdown import read_markdown
from vectorstore.text.canonical import article_id


def read(path: Path) -> list[Article | SourceError]:
    return list(read_path(path, Given(), ReadSettings.model_validate({})))


def test_an_article_with_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "artikel.md"
    path.write_text(
        "---\n"
        'title: "Kabinet: plan uitgesteld"\n'
        "Subtitle: Minister zwijgt\n"
        "authors: [Jan Jansen, Piet Pietersen]\n"
        "date: 2024-12-03T10:15:00+01:00\n"
        "outlet: De Krant\n"
        "url: https://example.com/plan\n"
        "lang: nl-BE\n"
        "tags: {a: 1}\n"
        "---\n"
        "# Kabinet: plan *uitgesteld*\n\n"
        "De **minister** heeft [gezegd](https://example.com/x 'y') dat hij het\n"
        "_niet_ weet. `Code` &amp; <b>html</b>\\\nnieuwe regel ![plaatje](x.png)\n\n"
        "## Tussenkop\n\n"
        "1. punt een\n2. punt twee\n\n   vervolg\n\n"
        "> citaat\n> loopt door\n\n"
        "| a | b |\n|---|---|\n| 1 | **2** |\n\n"
        "<script>alert(1)</script>\n\n"
        "---\n\n"
        "Lees ook\n--------\n\n[Andere kop](https://example.com/y)\n"
    )
    text = "\n\n".join(
        (
            "Kabinet: plan uitgesteld",
            "Minister zwijgt",
            "De minister heeft gezegd dat hij het niet weet. Code & <b>html</b>\nnieuwe regel",
            "Tussenkop",
            "punt een",
            "punt twee",
            "vervolg",
            "citaat loopt door",
            "a | b",
            "1 | 2",
            "<script>alert(1)</script>",
            "Lees ook",
            "Andere kop",
        )
    )
    assert read(path) == [
        Article(
            id=article_id(text),
            text=text,
            language="nl-BE",
            origin=str(path),
            location="https://example.com/plan",
            title="Kabinet: plan uitgesteld",
            subtitle="Minister zwijgt",
            outlet="De Krant",
            authors=("Jan Jansen", "Piet Pietersen"),
            published=Published(
                datetime(2024, 12, 3, 9, 15, tzinfo=UTC), Precision.MINUTE, Provenance.METADATA
            ),
            url="https://example.com/plan",
            boilerplate=(
                Boilerplate(Span(0, 24), Role.TITLE),
                Boilerplate(Span(text.index("Lees ook"), len(text)), Role.RELATED),
            ),
        )
    ]


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "artikel.md"
    path.write_text("# Plan uitgesteld\n\nDe minister zei dat hij het niet weet.\n")
    [article] = read(path)
    assert isinstance(article, Article)
    assert (article.text, article.title, article.location) == (
        "Plan uitgesteld\n\nDe minister zei dat hij het niet weet.",
        "Plan uitgesteld",
        str(path),
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("---\n\nTekst.", "Tekst."),
        ("---\nTekst die geen YAML is.\n---\nMeer.", "Tekst die geen YAML is.\n\nMeer."),
        ("Tekst.\n\n---\ntitle: x\n---\n", "Tekst.\n\ntitle: x"),
        ("    ingesprongen\n      code", "ingesprongen\n  code"),
    ],
)
def test_what_is_no_front_matter_is_text(source: str, text: str) -> None:
    assert read_markdown(source, "a.md").text == text


def test_values_stay_as_they_are_written() -> None:
    draft = read_markdown("---\ntitle: 2024\ndate: 2024-12-03\nauthor: no\nlang:\n---\nTekst.", "a.md")
    assert (draft.title, draft.published, draft.authors, draft.language) == (
        "2024",
        "2024-12-03",
        ("no",),
        None,
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "---\ntitle: Kop: met dubbele punt\n---\nTekst.",
            "a.md has front matter that is no YAML in line 2; put values with a colon in quotes",
        ),
        (
            "---\na: &a [x]\nb: *a\n---\nTekst.",
            "a.md has front matter with YAML aliases; write the values out",
        ),
        (
            "---\ntitle: " + "x" * 20_000 + "\n---\nTekst.",
            "a.md has front matter of 20008 characters; 20000 are read. "
            "End it with a line of --- after the details",
        ),
        (
            "---\na: " + "[" * 9_000 + "\n---\nTekst.",
            "a.md has front matter with too many brackets; write a detail a line",
        ),
    ],
)
def test_front_matter_that_cannot_be_read(source: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read_markdown(source, "a.md")
    assert str(error.value) == message


@pytest.mark.parametrize("unit", ["> ", "- ", "[", "![", "*", "`", "<a ", "[a]("])
def test_deep_and_unclosed_markup_is_survived(unit: str) -> None:
    assert "Einde." in read_markdown(unit * 10_000 + "\n\nEinde.", "a.md").text
