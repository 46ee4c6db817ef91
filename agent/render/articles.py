"""Articles of the library as text and JSON: whole, around a quote, and in lists."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.text import Text

from agent.answer.citations import format_published
from agent.answer.view import NO_DATE, NO_TITLE
from agent.render.text import append_line
from agent.terminal.safe_text import clean, clean_lines, join_facts
from vectorstore import Article, ArticleHeader, Provenance, Published, Span, plural

_QUOTE = "bold reverse"


def render_article(article: Article) -> Text:
    """Return the whole article; what is not its running text is dim."""
    text = _render_heading(article)
    end = 0
    for mark in article.boilerplate:
        text.append(clean_lines(article.text[end : mark.span.start]))
        text.append(clean_lines(article.slice(mark.span)), "dim")
        end = mark.span.end
    return text.append(clean_lines(article.text[end:])).append("\n")


def render_quote(article: Article, around: Span, quote: Span) -> Text:
    """Return the passage `around` with the `quote` marked."""
    text = _render_heading(article)
    text.append(clean_lines(article.text[around.start : quote.start]))
    # Where there is no colour, these still show where the quote begins and ends.
    text.append(">>", "dim")
    text.append(clean_lines(article.slice(quote)), _QUOTE)
    text.append("<<", "dim")
    text.append(clean_lines(article.text[quote.end : around.end]).rstrip())
    where = f"[{quote.start}, {quote.end}) of {len(article.text)} in article {article.id}"
    append_line(text, f"\n\n{where}", "dim")
    return text


def describe_header(header: ArticleHeader) -> str:
    """Return two lines on an article in the library."""
    known = join_facts(header.outlet, str(header.published or NO_DATE), header.language)
    title = clean(header.title or NO_TITLE)
    return f"{header.id}  {known} · {plural(header.passages, 'passage')}\n  {title}"


def headers_as_json(headers: Sequence[ArticleHeader]) -> str:
    """Return the articles of a library as a JSON list."""
    rows = [
        {
            "id": header.id,
            "title": header.title,
            "outlet": header.outlet,
            "authors": list(header.authors),
            "published": format_published(header.published),
            "language": header.language,
            "passages": header.passages,
            "url": header.url,
            "origin": header.origin,
        }
        for header in headers
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def describe_article(article: Article, published: Published | str | None, *facts: str | None) -> str:
    """Return on one line what is known: outlet, authors, the date as `published` has it, other facts."""
    date = str(published or NO_DATE)
    if article.published is not None and article.published.provenance is Provenance.TEXT:
        date += " (date read from the text)"
    authors = ", ".join(article.authors)
    return join_facts(article.outlet, authors, date, article.language, article.id, *facts)


def _render_heading(article: Article) -> Text:
    text = Text()
    append_line(text, clean(article.title or NO_TITLE), "bold")
    append_line(text, describe_article(article, article.published, article.url or article.origin), "dim")
    return text.append("\n")
