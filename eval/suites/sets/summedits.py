"""SummEdits (Laban et al., EMNLP 2023): summaries of news, some with one fact changed."""

from __future__ import annotations

from pathlib import Path

from eval.suites.cases import Case, CaseClaim, SetSource
from eval.suites.hashing import shorten_hash
from eval.suites.sets.content import Record, SetArticle, SetContent, find_file, read_records

NAME = "summedits"
_FILES = ("summedits_news.jsonl",)


class SummeditsRow(Record):
    """A line of the set."""

    id: str
    doc: str
    summary: str
    label: int
    """1 when it is consistent with the document."""
    edit_types: tuple[str, ...] = ()


def read_news(source: SetSource, data: Path) -> SetContent:
    """Return each summary is a claim about its document."""
    found = find_file(data, _FILES)
    articles: dict[str, SetArticle] = {}
    cases: list[Case] = []
    for row, summary in list(enumerate(read_records(found, SummeditsRow)))[:: source.every]:
        key = "d" + shorten_hash(summary.doc)
        articles.setdefault(key, SetArticle(id=key, text=summary.doc, language="en"))
        cases.append(
            Case(
                id=f"{NAME}:{row}:{summary.id}",
                claim=CaseClaim(text=summary.summary, language="en", article=key, holds=summary.label == 1),
                language="en",
                library=NAME,
                tags=tuple(kind.replace(" ", "_") for kind in summary.edit_types if kind),
            )
        )
    return SetContent({NAME: list(articles.values())}, cases)


PARTS = {"news": read_news}
