"""Links that open an article at the quote, by URL text fragments.

https://wicg.github.io/scroll-to-text-fragment/: `#:~:text=[prefix-,]start[,end][,-suffix]`, where `,`, `&`
and `-` inside a part are percent-encoded and a match begins and ends at word boundaries.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from vectorstore import Article, Span

_WHOLE = 60
"""Quotes up to this many code points are spelled out; longer ones are named by their two ends, so
that the link stays short and survives small markup differences in the middle."""
_END = 25
"""Code points each end has at the least before it stops at a word boundary."""


def is_web_address(address: str | None) -> bool:
    """Whether an address may become a link: an article's may be `javascript:`."""
    try:
        return address is not None and urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def link_to_quote(article: Article, span: Span) -> str | None:
    """Return the article's URL with a text fragment for `span`; None for one without a web address."""
    # Other schemes than `http` and `https` are not followed: an article is hostile data, and so is its URL.
    if article.url is None or not is_web_address(article.url):
        return None
    words = article.slice(span)
    before = article.text[: span.start]
    fragment = _encode(words) if len(words) <= _WHOLE else f"{_encode(_head(words))},{_encode(_tail(words))}"
    # Browsers go to the first match: where the words are there before, what precedes the quote is named too.
    if words in before or (len(words) > _WHOLE and _head(words) in before):
        prefix = _tail(before.rstrip())
        fragment = f"{_encode(prefix)}-,{fragment}" if prefix else fragment
    base, _, existing = article.url.partition("#")
    return f"{base}#{existing.partition(':~:')[0]}:~:text={fragment}"


def _head(words: str) -> str:
    """At least `_END` code points from the front, up to a word boundary where the script has spaces."""
    cut = words.find(" ", _END)
    return words[:cut] if 0 <= cut <= 2 * _END else words[:_END]


def _tail(words: str) -> str:
    """At least `_END` code points from the back, on one line, from a word boundary where there are spaces."""
    line = words.rsplit("\n", 1)[-1]
    cut = line.rfind(" ", 0, max(len(line) - _END, 0))
    return line[cut + 1 :] if len(line) - cut <= 2 * _END else line[-_END:]


def _encode(part: str) -> str:
    return quote(part, safe="").replace("-", "%2D")
