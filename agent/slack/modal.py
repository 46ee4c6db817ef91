"""The passage behind a source, as a modal."""

from __future__ import annotations

import re

from slack_sdk.models.blocks import Block, PlainTextObject
from slack_sdk.models.views import View

from agent.answer.citations import format_published
from agent.answer.last_answer import Place
from agent.answer.links import link_to_quote
from agent.render.slack.blocks import line, link, words
from agent.render.slack.wording import cut
from agent.render.text import clean

_VALUE = re.compile(r"([0-9a-f]{16}):([0-9]{1,9}):([0-9]{1,9})")
_MOST_AROUND = 2_500
"""Code points shown before a quote, and after it: with a long quote well under Slack's limit for a view."""
_MOST_QUOTED = 5_000


def read_value(value: str) -> tuple[str, int, int] | None:
    """Article, start and end out of a button's value."""
    found = _VALUE.fullmatch(value)
    return (found[1], int(found[2]), int(found[3])) if found else None


def passage_view(place: Place) -> View:
    """A quote in its paragraph, the quote bold."""
    article = place.article
    before = article.text[place.passage.start : place.quote.start]
    quote = article.text[place.quote.start : place.quote.end]
    after = article.text[place.quote.end : place.passage.end].rstrip()
    if len(before) > _MOST_AROUND:
        before = f"…{before[-_MOST_AROUND:]}"
    if len(after) > _MOST_AROUND:
        after = f"{after[:_MOST_AROUND]}…"
    if len(quote) > _MOST_QUOTED:
        quote = f"{quote[:_MOST_QUOTED]}…"
    facts = (article.outlet, format_published(article.published) or "no date", article.language)
    known = " · ".join(cut(fact, 150) for fact in facts if fact)
    heading = line(
        link(cut(article.title or "(no title)", 200), link_to_quote(article, place.quote)),
        words(f"\n{known}"),
    )
    parts = [words(_show(before)), words(_show(quote), bold=True), words(_show(after))]
    return _view(
        [heading, line(*(part for part, text in zip(parts, (before, quote, after), strict=True) if text))]
    )


def words_view(text: str) -> View:
    """A reason in place of a passage."""
    return _view([line(words(text))])


def _view(blocks: list[Block]) -> View:
    return View(
        type="modal",
        title=PlainTextObject(text="Passage", emoji=False),
        close=PlainTextObject(text="Close", emoji=False),
        blocks=blocks,
    )


def _show(text: str) -> str:
    """A stretch of an article with its line breaks and without characters that hide or turn text."""
    return "\n".join(clean(each) for each in text.split("\n"))
