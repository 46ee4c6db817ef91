"""Text for Slack that says what it says and does nothing else.

Blocks are rich text, which Slack takes literally. What goes into `text` and into a stream is parsed: as
mrkdwn (https://docs.slack.dev/messaging/formatting-message-text) and as Markdown.
"""

from __future__ import annotations

import re

from agent.render.text import clean

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKUP = re.compile(r"([\\`*_~\[\]|#])")
_LIVE = re.compile(r"(:(?=//)|\bwww(?=\.)|@(?=(?:here|channel|everyone)\b))", re.IGNORECASE)
_JOINER = "\u2060"
"""WORD JOINER: breaks up what Slack would make a link or a call of, and is not seen."""
_LINE_MARKS = re.compile(r"^(\d*)([-+.)])(?=\s)")


def to_mrkdwn(text: str) -> str:
    """A line for a `text` field: no mention, no link, no call to a channel comes out of it."""
    return _LIVE.sub(lambda live: live.group() + _JOINER, _flatten(text)).translate(_ENTITIES)


def to_markdown(text: str) -> str:
    """A line for `markdown_text`: the same, and no heading, list, image or emphasis either."""
    text = _LINE_MARKS.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _flatten(text)))
    return _LIVE.sub(lambda live: live.group() + _JOINER, text).translate(_ENTITIES)


def cut(text: str, longest: int) -> str:
    """`text` on one line, ended with an ellipsis where it is longer than `longest` code points."""
    text = _flatten(text)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _flatten(text: str) -> str:
    return " ".join(clean(text).split())
