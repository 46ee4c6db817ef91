"""Text and blocks for Slack, in which whatever an article is called or says can style, link or call nothing.

Blocks are rich text, which Slack takes literally. What is sent as `text` or in a stream is parsed: as mrkdwn
(https://docs.slack.dev/messaging/formatting-message-text) and as Markdown, so it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.answer.citations import format_published, in_quotation_marks
from agent.answer.links import link_to_quote
from agent.answer.locating import LocatedQuote
from agent.answer.view import NO_DATE, NO_TITLE, QuoteView, SourceView
from agent.terminal.safe_text import clean, clean_lines

Block = dict[str, Any]
"""A block, an element of one or a view, as Slack takes it."""

FEEDBACK = "feedback"
PASSAGE = "passage"
"""Action ids; a passage's has a number behind it, as ids must differ within a message."""
GOOD, BAD = "good", "bad"

_LONGEST_TITLE = 150
_LONGEST_QUOTE = 1000
"""Of a quote beneath an answer; the button shows it whole."""
_LONGEST_TRANSLATION = 800
_LONGEST_URL = 2000
_MOST_AROUND = 2_500
"""Code points shown before a quote, and after it: with a long quote well under Slack's limit for a view."""
_MOST_QUOTED = 5_000

_PASSAGE_VALUE = re.compile(r"([0-9a-f]{16}):([0-9]{1,9}):([0-9]{1,9})")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKUP = re.compile(r"([\\`*_~\[\]|#])")
_LIVE = re.compile(r"(:(?=//)|\bwww(?=\.)|@(?=(?:here|channel|everyone)\b))", re.IGNORECASE)
_JOINER = "\u2060"
"""WORD JOINER: breaks up what Slack would make a link or a call of, and is not seen."""
_LINE_MARKS = re.compile(r"^(\d*)([-+.)])(?=\s)")


def to_mrkdwn(text: str) -> str:
    """Return a line for a `text` field, without a mention, a link or a call to a channel in it."""
    return _LIVE.sub(rf"\1{_JOINER}", _flatten(text)).translate(_ENTITIES)


def to_markdown(text: str) -> str:
    """Return a line for `markdown_text`, without a heading, list, image or emphasis either."""
    escaped = _LINE_MARKS.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _flatten(text)))
    return _LIVE.sub(rf"\1{_JOINER}", escaped).translate(_ENTITIES)


def cut(text: str, longest: int) -> str:
    """Return `text` on one line, ended with an ellipsis where it is longer than `longest` code points."""
    text = _flatten(text)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def words(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """Return text that Slack shows as it is."""
    style = {"bold": bold} if bold else {"italic": italic} if italic else None
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def link(text: str, address: str | None) -> Block:
    """Return text that leads to a web address; only the text where there is none that Slack takes."""
    if address is None or not address.startswith(("http://", "https://")) or len(address) > _LONGEST_URL:
        return words(text)
    return {"type": "link", "url": address, "text": text}


def line(*parts: Block) -> Block:
    """Return one line."""
    return _rich_text(_section(*parts))


def source(article: SourceView, quote: QuoteView) -> Block:
    """Return what is cited: number, outlet, date, the title linked to the quote, and the quote."""
    citation = quote.citation
    facts = filter(None, (article.outlet, article.published, article.language, quote.role))
    known = " · ".join(cut(fact, _LONGEST_TITLE) for fact in facts)
    address = citation.link if citation.link and len(citation.link) <= _LONGEST_URL else citation.url
    heading = _section(
        words(f"[{quote.number}] ", bold=True),
        words(f"{known} · "),
        link(cut(article.title, _LONGEST_TITLE), address),
    )
    text = in_quotation_marks(cut(citation.quote, _LONGEST_QUOTE))
    elements = [heading, {"type": "rich_text_quote", "elements": [words(text)]}]
    if quote.translation is not None:
        elements.append(_section(words(cut(quote.translation, _LONGEST_TRANSLATION), italic=True)))
    return _rich_text(*elements)


def passage_buttons(quotes: Sequence[QuoteView]) -> Block:
    """Return a button for each quote, which opens its passage."""
    buttons = []
    for quote in quotes:
        citation = quote.citation
        label = "Show passage" if len(quotes) == 1 else f"Show passage [{quote.number}]"
        value = f"{citation.article}:{citation.start}:{citation.end}"
        action = {"action_id": f"{PASSAGE}-{quote.number}", "value": value}
        buttons.append({"type": "button", "text": _plain(label), **action})
    return {"type": "actions", "elements": buttons}


def read_passage_value(value: str) -> tuple[str, int, int] | None:
    """Return article, start and end out of the value of a passage's button."""
    found = _PASSAGE_VALUE.fullmatch(value)
    return (found[1], int(found[2]), int(found[3])) if found else None


def feedback_buttons(receipt: str) -> Block:
    """Return thumbs for the answer of a receipt."""
    good = {"text": _plain("Good answer"), "value": f"{GOOD}:{receipt}"}
    bad = {"text": _plain("Bad answer"), "value": f"{BAD}:{receipt}"}
    good["accessibility_label"] = "This answers my question"
    bad["accessibility_label"] = "This does not answer my question"
    buttons = {"action_id": FEEDBACK, "positive_button": good, "negative_button": bad}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", **buttons}]}


def passage_view(place: LocatedQuote) -> Block:
    """Return a modal that shows a quote in its paragraph, the quote bold."""
    article = place.article
    before = article.text[place.passage.start : place.quote.start]
    if len(before) > _MOST_AROUND:
        before = f"…{before[-_MOST_AROUND:]}"
    quote = _cut_end(article.slice(place.quote), _MOST_QUOTED)
    after = _cut_end(article.text[place.quote.end : place.passage.end].rstrip(), _MOST_AROUND)
    facts = (article.outlet, format_published(article.published) or NO_DATE, article.language)
    known = " · ".join(cut(fact, _LONGEST_TITLE) for fact in facts if fact)
    title = cut(article.title or NO_TITLE, 200)
    heading = line(link(title, link_to_quote(article, place.quote)), words(f"\n{known}"))
    parts = [words(clean_lines(quote), bold=True)]
    # Slack refuses rich text with an empty part in it.
    if before:
        parts.insert(0, words(clean_lines(before)))
    if after:
        parts.append(words(clean_lines(after)))
    return _modal(heading, line(*parts))


def words_view(text: str) -> Block:
    """Return a modal that gives a reason in place of a passage."""
    return _modal(line(words(text)))


def _cut_end(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _modal(*blocks: Block) -> Block:
    return {"type": "modal", "title": _plain("Passage"), "close": _plain("Close"), "blocks": blocks}


def _rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(*parts: Block) -> Block:
    return {"type": "rich_text_section", "elements": parts}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _flatten(text: str) -> str:
    return " ".join(clean(text).split())
