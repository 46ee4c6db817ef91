"""Self-contained HTML pages: an article with what is cited of it marked, and a saved session.

One file, no script, no requests. What goes into a page comes from articles, so the templates escape all of
it, and the page's own policy forbids whatever an escape might have missed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import attrgetter

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from agent.answer.citations import format_published
from agent.answer.links import is_web_address
from agent.answer.view import NO_TITLE, ROLE_NAMES
from agent.render.articles import describe_article
from agent.render.transcript import Transcript, describe_making
from agent.terminal.safe_text import clean
from vectorstore import UNDETERMINED, Article, Span

_GAP = "\n\n"
_LONGEST_ENTRY = 120
"""Code points of a quote in the list at the top of a page."""


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A span of an article that is cited, and its number."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a paragraph in which the same is cited throughout."""

    text: str
    aside: str | None
    """What it is when it is not running text."""
    starts: tuple[tuple[int, bool], ...]
    """Numbers of citations that start here, and False where one continues from the paragraph before."""
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    pieces: tuple[_Piece, ...]
    gap: str
    """The white space after it."""


def render_article_page(
    article: Article, cited: Iterable[MarkedSpan], *, successor: str | None = None
) -> str:
    """Return the article with each of `cited` marked and numbered; `#c7` in its address opens it at number 7.

    The text of its element `.text` is the article's, to the code point; `successor` a later edition's id.
    """
    spans = sorted(cited, key=lambda each: (each.span, each.number))
    return _render(
        "article.html",
        article.title or NO_TITLE,
        article.language,
        facts=describe_article(article, format_published(article.published)),
        origin=clean(article.origin),
        url=article.url,
        successor=successor,
        cited=[(each.number, _shorten(article.slice(each.span))) for each in spans],
        paragraphs=_split_paragraphs(article, spans),
    )


def render_transcript_page(transcript: Transcript) -> str:
    """Return a session on one page, with a place to link to for every number."""
    answers = []
    seen: set[int] = set()
    for entry in transcript.entries:
        numbers = frozenset(transcript.numbering.numbers_of(entry.answer))
        view = transcript.view(entry)
        notes = tuple(filter(None, (*view.notes, describe_making(entry.answer))))
        # A number is the anchor of one place on the page: where it is cited first.
        shown = {"question": entry.question, "view": view, "first_numbers": numbers - seen, "notes": notes}
        answers.append(shown)
        seen |= numbers
    return _render(
        "transcript.html", transcript.session, UNDETERMINED, moment=transcript.moment, answers=answers
    )


def anchor(number: int) -> str:
    """Return the fragment that opens a page at citation `number`."""
    return f"c{number}"


def _render(template: str, title: str, language: str, **values: object) -> str:
    style = files("agent.render").joinpath("templates", "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template(template)
    values |= {"style": Markup(style), "style_hash": f"sha256-{digest}"}
    return page.render(title=clean(title), language=language, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("agent.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"anchor": anchor, "clean": clean}
    environment.tests["web_address"] = is_web_address
    return environment


def _shorten(quote: str) -> str:
    words = " ".join(quote.split())
    if len(words) > _LONGEST_ENTRY:
        words = words[:_LONGEST_ENTRY].rsplit(" ", 1)[0] + "…"
    return clean(words)


def _split_paragraphs(article: Article, cited: Sequence[MarkedSpan]) -> Iterator[_Paragraph]:
    start = 0
    while start <= len(article.text):
        end = article.text.find(_GAP, start)
        end = len(article.text) if end < 0 else end
        gap_length = len(article.text[end:]) - len(article.text[end:].lstrip("\n"))
        pieces = tuple(_cut(article, Span(start, end), cited))
        yield _Paragraph(pieces, article.text[end : end + gap_length])
        if not gap_length:
            return
        start = end + gap_length


def _cut(article: Article, paragraph: Span, cited: Sequence[MarkedSpan]) -> Iterator[_Piece]:
    """Yield the paragraph in pieces, cut wherever a citation or boilerplate begins or ends."""
    inside = [each for each in cited if each.span.overlaps(paragraph)]
    edges = {paragraph.start, paragraph.end}
    for span in map(attrgetter("span"), (*inside, *article.boilerplate)):
        edges.update(edge for edge in span if paragraph.start < edge < paragraph.end)
    for start, end in pairwise(sorted(edges)):
        piece = Span(start, end)
        role = article.role_at(piece)
        yield _Piece(
            text=article.slice(piece),
            aside=ROLE_NAMES[role] if role else None,
            starts=tuple(
                (each.number, each.span.start >= paragraph.start)
                for each in inside
                if max(each.span.start, paragraph.start) == piece.start
            ),
            numbers=tuple(each.number for each in inside if each.span.overlaps(piece)),
        )
