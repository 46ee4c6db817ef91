"""HTML: the article's paragraphs by trafilatura, its details from the page's own metadata."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from vectorstore.model.errors import SourceError
from vectorstore.readers.raw_article import RawArticle
from vectorstore.text.canonical import canonicalize, fold_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]
    from trafilatura.settings import Document

DEEPEST = 255
"""Levels of nesting that are read: where libxml2 stops, dropping what is below. Real pages have 20 to 40."""

_BLOCKS = frozenset({"p", "head", "item", "quote", "code", "row", "list", "table", "body", "main", "figure"})
_HIDDEN_TAGS = ("style", "template", "noscript", "iframe", "object", "svg", "math", "dialog")
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
)
_PARAGRAPH_BREAK = re.compile(r"<br\s*/?>(?:\s*<br\s*/?>)+", re.IGNORECASE)
_SURE_DATES = ("article:published_time", "og:article:published_time", "og:published_time", "datepublished")
_OTHER_DATES = (
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dcterms.created"),
    *("dc.date.issued", "dc.date", "publish-date", "publishdate", "pubdate", "date"),
)


def read_html(text: str, name: str) -> RawArticle:
    """Return the article on the page `text`; `name` is for messages.

    Hidden elements, comments and scripts are not article text. Nothing is fetched. Raises SourceError
    when the page is nested more than `DEEPEST` levels deep or has no article on it.
    """
    tree = _parse(canonicalize(text), name)
    published = _find_date(tree)
    language = _find_language(tree)
    _remove_hidden(tree)
    captions = _keep_captions(tree)
    document = _extract(tree)
    paragraphs = list(_paragraphs(document.body)) if document and document.body is not None else []
    if document is None or not paragraphs:
        raise SourceError(
            f"{name} has no article that can be distinguished from the rest of the page; "
            "save its text as .txt"
        )
    return RawArticle(
        text="\n\n".join(paragraphs),
        title=_title_on_page(document.title, paragraphs[0]),
        outlet=document.sitename,
        authors=tuple(filter(None, map(str.strip, (document.author or "").split(";")))),
        published=published or document.date,
        language=language,
        url=document.url,
        captions=captions,
    )


def _parse(text: str, name: str) -> HtmlElement:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring

    # the text is decoded already, and lxml refuses one with an encoding declaration
    text = re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text)
    text = _PARAGRAPH_BREAK.sub("</p><p>", text)  # trafilatura leaves one line break of several
    try:
        tree = document_fromstring(
            text, parser=HTMLParser(remove_comments=True, remove_pis=True, recover=True)
        )
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(f"{name} is not HTML ({error}); save the page again") from error
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise SourceError(f"{name} is nested more than {DEEPEST} levels deep; save its text as .txt")
    return tree


def _extract(tree: HtmlElement) -> Document | None:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it warns of is reported below
    dates = {"extensive_search": False, "original_date": True}
    for recall in (False, True):
        document = trafilatura.bare_extraction(
            deepcopy(tree),  # which it takes apart
            with_metadata=True,
            include_comments=False,
            favor_recall=recall,
            date_extraction_params=dates,
        )
        if document is not None and not isinstance(document, dict):
            return document
    return None


def _title_on_page(title: str | None, first: str) -> str | None:
    """Take the page's own headline over one that metadata has with the outlet's name behind it."""
    if title and fold_words(first) and fold_words(title).startswith(fold_words(first) + " "):
        return first
    return title


def _remove_hidden(tree: HtmlElement) -> None:
    from lxml import etree

    etree.strip_elements(tree, *_HIDDEN_TAGS, with_tail=False)
    # The date may be in the others.
    for script in tree.xpath("//script[not(@type='application/ld+json')]"):
        script.drop_tree()
    for element in tree.xpath("//*[@hidden or @aria-hidden='true' or @style]"):
        style = element.get("style", "").lower()
        is_hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        if (is_hidden or _HIDING_STYLE.search(style)) and element.getparent() is not None:
            element.drop_tree()


def _keep_captions(tree: HtmlElement) -> frozenset[str]:
    """Turn captions into paragraphs, which trafilatura leaves in, and return them folded."""
    captions = set()
    for caption in tree.iter("figcaption"):
        if content := " ".join(caption.text_content().split()):
            captions.add(fold_words(content))
            for child in list(caption):
                caption.remove(child)
            caption.text = content
            caption.tag = "p"
            figure = caption.getparent()
            if figure is not None and figure.tag == "figure":
                figure.tag = "div"
    return frozenset(captions)


def _paragraphs(body: Any) -> Iterator[str]:
    """Yield the paragraphs of trafilatura's tree, each on one line but for its own line breaks."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            yield from _flush(parts)
        if event == "start":
            parts.append("\n" if element.tag == "lb" else element.text or "")
        else:
            if element.tag == "cell" and element.getnext() is not None:
                parts.append(" | ")
            parts.append(element.tail or "")
    yield from _flush(parts)


def _flush(parts: list[str]) -> Iterator[str]:
    content = "".join(part if part == "\n" else re.sub(r"\s+", " ", part) for part in parts)
    parts.clear()
    for paragraph in re.split(r"\n\s*\n", content):
        if joined := "\n".join(filter(None, map(str.strip, paragraph.split("\n")))):
            yield joined


def _find_language(tree: HtmlElement) -> str | None:
    metas = "//meta[@http-equiv='content-language']/@content", "//meta[@property='og:locale']/@content"
    for path in ("/html/@lang", "/html/@xml:lang", *metas):
        for value in tree.xpath(path):
            if str(value).strip():
                return str(value)
    return None


def _find_date(tree: HtmlElement) -> str | None:
    """When the page says it was published, as it says it: meta elements, JSON-LD, `<time>`."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            key, content = meta.get(attribute), meta.get("content")
            if key and content:
                named.setdefault(key.lower(), content)
    for key in _SURE_DATES:
        if key in named:
            return named[key]
    for script in tree.xpath("//script[@type='application/ld+json']"):
        if found := _find_in_json_ld(script.text or ""):
            return found
    for value in tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime"):
        return str(value)
    return next((named[key] for key in _OTHER_DATES if key in named), None)


def _find_in_json_ld(source: str) -> str | None:
    try:
        waiting = [json.loads(source)]
    except (ValueError, RecursionError):
        return None
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            value = item.get("datePublished")
            if isinstance(value, str) and "Article" in str(item.get("@type", "Article")):
                return value
            waiting += [child for child in item.values() if isinstance(child, dict | list)]
    return None
