"""An article as far as a case needs it, with what is cited and what is gold marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

from agent import clean
from eval.report.elements import Node, spoken, tag
from eval.runs.rows import KeptArticle
from vectorstore import Span

WHOLE = 2_400
"""Code points up to which an article is shown whole: about a screen, and most of a short news report."""
AROUND = 320
"""Code points shown on either side of a mark in a longer one."""
BEGINNING = 1_200
"""Code points of a longer one in which nothing is marked."""
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A span that is cited, and its number."""

    number: int
    span: Span


def show_article(
    article: KeptArticle, cited: Sequence[Numbered], gold: Sequence[Span], prefix: str
) -> Element:
    """Who published it, and its text; ids of its marks begin with `prefix`."""
    facts = [fact for fact in (article.outlet, article.published, article.language, article.key) if fact]
    apart = [part for fact in facts for part in (" · ", tag("bdi", clean(fact)))]
    return tag(
        "article",
        tag(
            "header",
            spoken("b", clean(article.title or article.key), None),
            " ",
            tag("span", *apart[1:], class_="quiet"),
        ),
        *_show_text(article, cited, gold, prefix),
        lang=article.language if article.language != "und" else None,
    )


def choose_windows(text: str, spans: Sequence[Span]) -> list[Span]:
    """The parts of a text that are shown, in order and apart from each other; every span lies in one."""
    if len(text) <= WHOLE:
        return [Span(0, len(text))]
    if not spans:
        return [Span(0, _widen(text, BEGINNING, 1))]
    windows: list[Span] = []
    for span in sorted(spans):
        start = _widen(text, max(0, span.start - AROUND), -1)
        end = _widen(text, min(len(text), span.end + AROUND), 1)
        if windows and start <= windows[-1].end:
            windows[-1] = Span(windows[-1].start, max(end, windows[-1].end))
        else:
            windows.append(Span(start, end))
    return windows


def _widen(text: str, place: int, step: int) -> int:
    """The next end of a word, unless there is none near, as in scripts without spaces."""
    for offset in range(40):
        at = place + step * offset
        if at <= 0 or at >= len(text) or text[at - 1].isspace() or text[at].isspace():
            return min(max(at, 0), len(text))
    return place


def _show_text(
    article: KeptArticle, cited: Sequence[Numbered], gold: Sequence[Span], prefix: str
) -> Iterator[Node]:
    text, end = article.text, 0
    for window in choose_windows(text, [*(each.span for each in cited), *gold]):
        if window.start > end:
            yield _show_gap(window.start - end)
        start = window.start
        while start < window.end:
            stop = text.find(_GAP, start, window.end)
            stop = window.end if stop < 0 else stop
            if stop > start:
                pieces = _show_paragraph(text, Span(start, stop), cited, gold, prefix)
                yield tag("p", *pieces, dir="auto")
            start = stop
            while start < window.end and text[start] == "\n":
                start += 1
            yield text[stop:start]
        end = window.end
    if end < len(text):
        yield _show_gap(len(text) - end)


def _show_gap(size: int) -> Element:
    return tag("p", f"… {size:,} characters …", class_="quiet gap", lang="en")


def _show_paragraph(
    text: str, paragraph: Span, cited: Sequence[Numbered], gold: Sequence[Span], prefix: str
) -> Iterator[Node]:
    """A paragraph cut wherever a mark begins or ends."""
    inside = [each for each in cited if each.span.overlaps(paragraph)]
    answers = [span for span in gold if span.overlaps(paragraph)]
    edges = {paragraph.start, paragraph.end}
    for span in [*(each.span for each in inside), *answers]:
        edges |= {edge for edge in span if paragraph.start < edge < paragraph.end}
    for start, end in pairwise(sorted(edges)):
        piece, words = Span(start, end), text[start:end]
        for each in inside:
            if max(each.span.start, paragraph.start) == start:
                is_first = each.span.start >= paragraph.start
                place = f"{prefix}{each.number}" if is_first else None
                yield tag("a", class_="number", id=place, data_number=each.number)
        numbers = " ".join(str(each.number) for each in inside if each.span.overlaps(piece))
        is_gold = any(span.overlaps(piece) for span in answers)
        if numbers:
            yield tag("mark", words, class_="gold" if is_gold else None, data_cited=numbers)
        elif is_gold:
            yield tag("span", words, class_="gold", title="gold, and not cited")
        else:
            yield words
