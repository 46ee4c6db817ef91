"""An answer as a page shows it: statements with links to their quotes, checks and grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from agent import Answer, Check, Citation, clean
from eval.judge.rows import Grade
from eval.report.elements import Node, spoken, tag
from eval.report.views import Attempt
from eval.runs.rows import KeptArticle


def show_answer(answer: Answer, attempt: Attempt, prefix: str) -> Iterator[Element]:
    """All that a reader of the answer sees; links go to the marks whose ids begin with `prefix`."""
    number, articles = 1, attempt.articles
    entries = []
    for place, statement in enumerate(answer.statements):
        links: list[Node] = []
        for citation in statement.citations:
            links += [" ", _link(number, citation, articles, prefix)]
            number += 1
        words = spoken("span", clean(statement.text), None)
        graded = _show_grade(attempt.grades[place]) if place in attempt.grades else None
        entries.append(tag("li", words, *links, *show_checks(statement.checks), graded))
    if entries:
        yield tag("ol", *entries, class_="statements")
    if answer.nearest:
        links = []
        for near in answer.nearest:
            links += [" ", _link(number, near, articles, prefix), f" {near.score:.2f}"]
            number += 1
        yield tag("p", "Nearest, and no answer:", *links, class_="quiet")
    if answer.missing:
        yield tag("p", "Left unanswered: ", *list_words(answer.missing), class_="quiet")
    if answer.withheld:
        yield tag("p", f"Withheld after checks: {answer.withheld}.", class_="quiet")
    for note in answer.notes:
        yield spoken("p", clean(note), None, class_="quiet")


def _link(number: int, citation: Citation, articles: Mapping[str, KeptArticle], prefix: str) -> Element:
    if stands(citation, articles):
        return tag("a", f"[{number}]", href=f"#{prefix}{number}", class_="to")
    lost = f"[{number}] “{clean(citation.quote)}” does not stand at its place in {clean(citation.article)}"
    return tag("span", lost, class_="wrong")


def show_checks(checks: Sequence[Check]) -> Iterator[Element]:
    """The checks as they were made; `pointer` is a matter of course, unless it failed."""
    shown = [check for check in checks if check.name != "pointer" or not check.passed]
    if shown:
        words = [
            f"{check.name} {'passed' if check.passed else 'failed'}"
            f"{': ' + clean(check.detail) if check.detail else ''}"
            for check in shown
        ]
        is_bad = not all(check.passed for check in shown)
        yield tag("div", "Checks: ", "; ".join(words), class_="checks wrong" if is_bad else "checks quiet")


def _show_grade(grade: Grade) -> Element:
    said = "supported" if grade.value else "not supported" if grade.value is False else "unscored"
    reason = grade.unscored or next((order.reason for order in grade.orders), "")
    words = f"Judge: {said}{': ' + clean(reason) if reason else ''}"
    return tag("div", words, class_="checks wrong" if grade.value is False else "checks quiet")


def stands(citation: Citation, articles: Mapping[str, KeptArticle]) -> bool:
    """Whether the quote stands at its place, letter for letter."""
    article = articles.get(citation.article)
    return article is not None and article.text[citation.start : citation.end] == citation.quote


def list_words(words: Sequence[str]) -> list[Node]:
    """In quotation marks, with commas between."""
    return join([spoken("q", clean(each), None) for each in words])


def join(entries: Sequence[Element]) -> list[Node]:
    """With commas between."""
    joined: list[Node] = []
    for entry in entries:
        joined += [entry] if not joined else [", ", entry]
    return joined
