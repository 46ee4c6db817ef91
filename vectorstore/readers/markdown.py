"""Markdown with YAML front matter, to plain paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from vectorstore.model.errors import SourceError
from vectorstore.readers.raw_article import RawArticle

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER_LIMIT = 20_000
"""Code points of front matter that are parsed; more is no list of details."""

BRACKETS_LIMIT = 200
"""Opening brackets in front matter; PyYAML takes 13 s over 9,000 of them."""

_FRONT_MATTER = re.compile(
    r"\A\s*---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)

_NAMES = {
    "title": ("title", "headline"),
    "subtitle": ("subtitle", "deck", "standfirst"),
    "outlet": ("outlet", "publisher", "source", "site"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "published_at", "date", "pubdate"),
    "language": ("language", "lang"),
    "url": ("url", "link", "canonical"),
}


def read_markdown(text: str, name: str) -> RawArticle:
    """Return the article in `text`: its details from the front matter, its paragraphs without the markup.

    Headings, list items, table rows and code become paragraphs of their own; of a link the text stays,
    of a picture nothing; HTML stays as it is written, never interpreted. Raises SourceError when the
    front matter is no YAML; `name` is for the message.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _FRONT_MATTER.match(text)
    details = _parse_details(found["yaml"], name) if found else None
    if found is None or details is None:
        return RawArticle(_to_plain(text))
    values: dict[str, list[str]] = {}
    for field, names in _NAMES.items():
        values[field] = next(filter(None, map(details.get, names)), [])
    authors = tuple(values.pop("authors"))
    firsts: dict[str, Any] = {field: next(iter(several), None) for field, several in values.items()}
    return RawArticle(_to_plain(text[found.end() :]), authors=authors, **firsts)


def _parse_details(source: str, name: str) -> dict[str, list[str]] | None:
    """Return lower-case keys, each with its scalar or scalars; None when `source` is no mapping."""
    import yaml  # type: ignore[import-untyped]

    if len(source) > FRONT_MATTER_LIMIT:
        raise SourceError(
            f"{name} has front matter of {len(source)} characters; {FRONT_MATTER_LIMIT} are read. "
            "End it with a line of --- after the details"
        )
    if source.count("[") + source.count("{") > BRACKETS_LIMIT:
        raise SourceError(f"{name} has front matter with too many brackets; write a detail a line")
    try:
        # A few lines of aliases can stand for gigabytes.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, yaml.BaseLoader)):
            raise SourceError(f"{name} has front matter with YAML aliases; write the values out")
        # All values stay strings: dates are read by our own rules.
        loaded = yaml.load(source, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 2}" if place else ""
        message = f"{name} has front matter that is no YAML{line}; put values with a colon in quotes"
        raise SourceError(message) from error
    if not isinstance(loaded, dict):
        return None
    details: dict[str, list[str]] = {}
    for key, value in loaded.items():
        values = value if isinstance(value, list) else [value]
        details[str(key).casefold()] = [item for item in values if isinstance(item, str) and item.strip()]
    return details


def _to_plain(source: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return "\n\n".join(filter(str.strip, _blocks(parser.parse(source))))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " | ".join(filter(None, row))
            row = None
        elif token.type == "inline":
            content = _inline(token.children or [])
            if row is None:
                yield content
            else:
                row.append(content)
        elif token.type in {"fence", "code_block"}:
            yield token.content.strip("\n")


def _inline(tokens: Sequence[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    content = ""
    for token in tokens:
        content += token.content if token.type in {"text", "code_inline"} else breaks.get(token.type, "")
    return content.strip()
