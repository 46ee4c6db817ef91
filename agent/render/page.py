"""Self-contained HTML: a stored article with what is cited of it marked. One file, no script, no requests.

Everything that goes into a page comes from articles, so everything is escaped, and the page's own policy
forbids whatever an escape might have missed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template
from urllib.parse import urlsplit

from agent.answer.citations import format_published
from agent.render.text import ROLE_NAMES
from agent.terminal.safe_text import clean
from vectorstore import Article, Provenance, Span

_GAP = "\n\n"
_LONGEST_ENTRY = 120
"""Code points of a quote in the list at the top of a page."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A span that is cited, and its number."""

    number: int
    span: Span


def make_page(title: str, language: str, body: str) -> str:
    """A whole page around `body`, which is HTML already; the rest is escaped here."""
    style = _read("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Template(_read("page.html")).substitute(
        language=escape(language),
        title=escape(clean(title)),
        style=style,
        style_hash=f"sha256-{digest}",
        body=body,
    )


def make_article_page(article: Article, cited: Iterable[Cited], *, successor: str | None = None) -> str:
    """The article with each of `cited` marked and numbered; `#c7` in its address opens it at number 7.

    The text of its element `.text` is the article's, to the code point. `successor` is the id of a later
    edition, when there is one.
    """
    spans = sorted(cited, key=lambda each: (each.span, each.number))
    title = clean(article.title or "(no title)")
    body = [
        "<header>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(" · ".join(_list_facts(article)))}</p>',
        f'<p class="quiet">{_say_where(article)}</p>',
    ]
    if successor:
        body.append(
            f'<p class="quiet">A later edition of this article is in the library: {escape(successor)}.</p>'
        )
    body.append("</header>")
    if spans:
        entries = "\n".join(_list_entry(article, each) for each in spans)
        body.append(f'<nav aria-label="Cited here"><ol>\n{entries}\n</ol></nav>')
    body.append(f'<main class="text">{"".join(_set_text(article, spans))}</main>')
    return make_page(title, article.language, "\n".join(body))


def anchor(number: int) -> str:
    """The fragment that opens a page at citation `number`."""
    return f"c{number}"


def is_web_address(address: str | None) -> bool:
    """Whether an address may become a link: an article's may be `javascript:`."""
    try:
        return address is not None and urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def link(address: str | None, words: str) -> str:
    """An HTML link that tells the other side nothing; only words where the address is none of the web's."""
    if address is None or not is_web_address(address):
        return escape(words)
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(words)}</a>'


@cache
def _read(name: str) -> str:
    return files("agent.render").joinpath(name).read_text("utf-8")


def _list_facts(article: Article) -> Iterator[str]:
    published = format_published(article.published)
    if article.published is not None and article.published.provenance is Provenance.TEXT:
        published = f"{published} (date read from the text)"
    facts = (article.outlet, ", ".join(article.authors), published or "no date", article.language, article.id)
    yield from (clean(fact) for fact in facts if fact)


def _say_where(article: Article) -> str:
    stored = f"The text as it is stored, read from {escape(clean(article.origin))}."
    if article.url is None or not is_web_address(article.url):
        return stored
    return f"{stored} Published at {link(article.url, clean(article.url))}."


def _list_entry(article: Article, cited: Cited) -> str:
    words = " ".join(article.text[cited.span.start : cited.span.end].split())
    if len(words) > _LONGEST_ENTRY:
        words = words[:_LONGEST_ENTRY].rsplit(" ", 1)[0] + "…"
    return (
        f'<li dir="auto"><a href="#{anchor(cited.number)}">[{cited.number}]</a> {escape(clean(words))}</li>'
    )


def _set_text(article: Article, cited: Sequence[Cited]) -> Iterator[str]:
    """Paragraphs, with the white space between them between the elements."""
    start = 0
    while start <= len(article.text):
        end = article.text.find(_GAP, start)
        end = len(article.text) if end < 0 else end
        yield f'<p dir="auto">{"".join(_set_pieces(article, Span(start, end), cited))}</p>'
        rest = len(article.text[end:]) - len(article.text[end:].lstrip("\n"))
        yield article.text[end : end + rest]
        start = end + rest if rest else len(article.text) + 1


def _set_pieces(article: Article, paragraph: Span, cited: Sequence[Cited]) -> Iterator[str]:
    """A paragraph cut wherever a citation or a mark begins or ends."""
    inside = [each for each in cited if each.span.overlaps(paragraph)]
    marks = [mark for mark in article.marks if mark.span.overlaps(paragraph)]
    edges = {paragraph.start, paragraph.end}
    for span in [*(each.span for each in inside), *(mark.span for mark in marks)]:
        edges |= {edge for edge in span if paragraph.start < edge < paragraph.end}
    for start, end in pairwise(sorted(edges)):
        piece = Span(start, end)
        words = escape(article.text[start:end], quote=False)
        role = next((mark.role for mark in marks if mark.span.overlaps(piece)), None)
        if role is not None:
            words = f'<span class="aside" title="{escape(ROLE_NAMES[role])}">{words}</span>'
        for each in inside:
            if max(each.span.start, paragraph.start) == start:
                yield _set_number(each, is_first=each.span.start >= paragraph.start)
        numbers = " ".join(str(each.number) for each in inside if each.span.overlaps(piece))
        yield f'<mark data-cited="{numbers}">{words}</mark>' if numbers else words


def _set_number(cited: Cited, *, is_first: bool) -> str:
    """The number before a citation, and again where it goes on in the next paragraph."""
    place = f' id="{anchor(cited.number)}"' if is_first else ""
    return f'<a class="number"{place} data-number="{cited.number}"></a>'
