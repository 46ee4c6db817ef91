"""An article as far as a case needs it, with what is cited and what is gold marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from eval.runs.rows import ArticleRow
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


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Words of a paragraph that are marked in one way."""

    words: str
    cited: str
    """Numbers of the citations that have them, with spaces between."""
    is_gold: bool
    begins: tuple[tuple[int, str | None], ...]
    """Citations that begin here, each with the id that links to it; None where it began before."""


@dataclass(frozen=True, slots=True)
class ExcerptPart:
    """A paragraph in pieces, or how much is left out."""

    pieces: Sequence[MarkedWords] = ()
    after: str = ""
    """What is between it and the next one."""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in an article; ids of marks begin with `prefix`."""

    cited: list[Numbered] = field(default_factory=list)
    gold: list[Span] = field(default_factory=list)
    prefix: str = ""

    @property
    def spans(self) -> list[Span]:
        return [*(each.span for each in self.cited), *self.gold]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Who published an article, and the shown parts of its text."""

    title: str
    language: str
    facts: Sequence[str]
    parts: Sequence[ExcerptPart] = field(repr=False)


def make_excerpt(article: ArticleRow, marks: Marks) -> Excerpt:
    """Return an article with everything that is marked in it."""
    facts = (article.outlet, article.published, article.language, article.key)
    parts = list(_list_parts(article.text, marks))
    return Excerpt(article.title or article.key, article.language, list(filter(None, facts)), parts)


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
    """Return the next end of a word; the place itself where none is near."""
    # In scripts without spaces no word ends near.
    for offset in range(40):
        at = place + step * offset
        if at <= 0 or at >= len(text) or text[at - 1].isspace() or text[at].isspace():
            return min(max(at, 0), len(text))
    return place


def _list_parts(text: str, marks: Marks) -> Iterator[ExcerptPart]:
    end = 0
    for window in choose_windows(text, marks.spans):
        if window.start > end:
            yield ExcerptPart(left_out=window.start - end)
        start = window.start
        while start < window.end:
            stop = text.find(_GAP, start, window.end)
            stop = window.end if stop < 0 else stop
            following = stop
            while following < window.end and text[following] == "\n":
                following += 1
            pieces = list(_cut(text, Span(start, stop), marks)) if stop > start else []
            yield ExcerptPart(pieces, text[stop:following])
            start = following
        end = window.end
    if end < len(text):
        yield ExcerptPart(left_out=len(text) - end)


def _cut(text: str, paragraph: Span, marks: Marks) -> Iterator[MarkedWords]:
    """Return a paragraph cut wherever a mark begins or ends."""
    edges = {paragraph.start, paragraph.end}
    for span in marks.spans:
        if span.overlaps(paragraph):
            edges |= {edge for edge in span if paragraph.start < edge < paragraph.end}
    for start, end in pairwise(sorted(edges)):
        piece = Span(start, end)
        covering = [each for each in marks.cited if each.span.overlaps(piece)]
        begins: list[tuple[int, str | None]] = []
        for each in covering:
            if max(each.span.start, paragraph.start) == start:
                is_first = each.span.start >= paragraph.start
                begins.append((each.number, f"{marks.prefix}{each.number}" if is_first else None))
        numbers = " ".join(str(each.number) for each in covering)
        is_gold = any(span.overlaps(piece) for span in marks.gold)
        yield MarkedWords(text[start:end], numbers, is_gold, tuple(begins))
