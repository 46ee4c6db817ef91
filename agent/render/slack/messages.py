"""An answer as messages that Slack takes: split at statements and sources, numbers the same throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.answer.answer import Answer, Statement
from agent.answer.numbering import Numbering
from agent.answer.view import AnswerView, QuoteView, SourceView, view_answer
from agent.render.articles import describe_header
from agent.render.slack.blocks import (
    Block,
    cut,
    feedback_buttons,
    line,
    passage_buttons,
    source,
    to_markdown,
    to_mrkdwn,
    words,
)
from agent.terminal.safe_text import clean
from vectorstore import ArticleHeader, plural

MESSAGE_BYTES = 8_500
"""UTF-8 bytes of text, blocks' keys left out, in one message.

Slack documents no limit for all blocks together and refuses with `msg_blocks_too_long` or `msg_too_long`
between 10,600 and 11,300 bytes (bolt-js#2867, openclaw#143882).
"""
_MOST_BLOCKS = 40
"""Of 50, which leaves room for the buttons."""
_MOST_BUTTONS = 20
"""Of 25 in one block."""
_PLAIN_CHARS = 3_500
"""Of a message without blocks: beyond 4,000 Slack splits it where it likes."""
_MOST_LISTED = 40
_LONGEST_STATEMENT = _LONGEST_NOTE = 2000
"""A model's statements have 600 at the most."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: blocks, and the same in plain words for notifications and for where blocks are refused."""

    plain: str
    blocks: tuple[Block, ...] = ()
    is_escaped: bool = False
    """Whether `plain` is mrkdwn already."""

    @property
    def text(self) -> str:
        """The `text` field, escaped."""
        return self.plain if self.is_escaped else next(iter(self.as_text()))

    @property
    def content(self) -> dict[str, Any]:
        """The fields of a request that sends it."""
        return {"text": self.text, "blocks": self.blocks or None}

    def as_text(self) -> list[str]:
        """Return the message without its blocks, escaped, in parts that Slack does not split."""
        parts = [""]
        for each in self.plain.split("\n"):
            for piece in _pieces(each):
                escaped = to_mrkdwn(piece)
                if parts[-1] and len(parts[-1]) + len(escaped) + 1 > _PLAIN_CHARS:
                    parts.append("")
                parts[-1] = f"{parts[-1]}\n{escaped}" if parts[-1] else escaped
        return parts


@dataclass(frozen=True, slots=True)
class MessagePart:
    """What is not split between messages: a statement, a source or a note."""

    plain: str
    block: Block
    markdown: str = ""
    """Of a statement, for a stream."""
    quote: QuoteView | None = None
    """Of a source."""

    @property
    def size(self) -> int:
        """Bytes, as `MESSAGE_BYTES` counts them, with what separates it from the one before."""
        return max(count_bytes(self.block), len(self.markdown.encode())) + 2


@dataclass(slots=True)
class ShownStatements:
    """The statements of an answer that are in Slack already, and the numbers of what they cite."""

    numbering: Numbering = field(default_factory=Numbering)
    statements: list[Statement] = field(default_factory=list)

    def add(self, statement: Statement) -> MessagePart:
        """Add a statement; return it with its numbers."""
        self.statements.append(statement)
        numbers = dict.fromkeys(map(self.numbering.number, statement.citations))
        return _statement(statement.text, numbers)


def answer_messages(answer: Answer, shown: ShownStatements | None = None, used: int = 0) -> list[Message]:
    """Return an answer as messages: statements, sources, gaps, buttons.

    `shown` is how it begins and left out; `used` bytes are already in the message that the first is to end.
    """
    numbering = shown.numbering if shown is not None else Numbering()
    view = view_answer(answer, numbering.numbers_of(answer))
    pieces: list[MessagePart] = []
    if shown is None:
        pieces += _statements(view)
    for article in view.sources:
        pieces += _quotes(article)
    for note in view.notes:
        text = cut(note, _LONGEST_NOTE)
        pieces.append(MessagePart(text, line(words(text, italic=True))))
    return list(_pack(pieces, answer.receipt, used))


def as_message(pieces: Iterable[MessagePart], *more: Block) -> Message:
    """Return one message of `pieces`, with `more` blocks below them."""
    pieces = tuple(pieces)
    return Message("\n".join(piece.plain for piece in pieces), (*(piece.block for piece in pieces), *more))


def article_list(headers: Sequence[ArticleHeader]) -> Message:
    """Return the newest articles, a line each."""
    if not headers:
        return Message(
            "There is no article here. An admin adds some with `pullquote add`, or by attaching a file."
        )
    lines = [f"{plural(len(headers), 'article')}, newest first:"]
    lines += [" ".join(describe_header(header).split()) for header in headers[:_MOST_LISTED]]
    if len(headers) > _MOST_LISTED:
        lines.append(f"… and {len(headers) - _MOST_LISTED} more.")
    return Message("\n".join(cut(each, 240) for each in lines))


def count_bytes(*blocks: Block) -> int:
    """Return the bytes that Slack counts of blocks, on the safe side: all their strings."""
    return sum(len(text.encode()) for text in _strings(blocks))


def _statements(view: AnswerView) -> Iterator[MessagePart]:
    if view.lead is not None:
        yield MessagePart(view.lead, line(words(view.lead, bold=True)))
    for group in view.shown_groups:
        if group.heading is not None:
            yield MessagePart(group.heading, line(words(group.heading, bold=True)))
        for statement in group.statements:
            yield _statement(statement.line, statement.numbers)


def _statement(text: str, cited: Iterable[int]) -> MessagePart:
    text = cut(text, _LONGEST_STATEMENT)
    numbers = "".join(f" [{number}]" for number in cited)
    block = line(words(text), words(numbers, bold=True))
    return MessagePart(f"{text}{numbers}", block, f"{to_markdown(text)}{numbers}")


def _quotes(article: SourceView) -> Iterator[MessagePart]:
    known = " · ".join(filter(None, (article.outlet, article.published, article.title)))
    for quote in article.quotes:
        plain = f"[{quote.number}] {known}: {clean(quote.citation.quote)}"
        yield MessagePart(plain, source(article, quote), quote=quote)


def _pack(pieces: Sequence[MessagePart], receipt: str | None, used: int) -> Iterator[Message]:
    """Yield messages of as many pieces as fit; `used` bytes are in the first already."""
    groups: list[list[MessagePart]] = [[]]
    for piece in pieces:
        group = groups[-1]
        is_full = used + piece.size > MESSAGE_BYTES or len(group) >= _MOST_BLOCKS
        has_all_buttons = piece.quote is not None and len(_quotes_of(group)) >= _MOST_BUTTONS
        if (group or used) and (is_full or has_all_buttons):
            groups.append([])
            used = 0
        groups[-1].append(piece)
        used += piece.size
    for number, group in enumerate(groups, start=1):
        buttons = []
        if cited := _quotes_of(group):
            buttons.append(passage_buttons(cited))
        if receipt is not None and number == len(groups):
            buttons.append(feedback_buttons(receipt))
        yield as_message(group, *buttons)


def _quotes_of(pieces: Iterable[MessagePart]) -> list[QuoteView]:
    return [piece.quote for piece in pieces if piece.quote is not None]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key != "type":
                yield from _strings(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _strings(each)


def _pieces(text: str) -> Iterator[str]:
    """Yield a line in parts that fit, cut at spaces where there are some."""
    longest = _PLAIN_CHARS // 5
    while len(text) > longest:
        at = text.rfind(" ", longest // 2, longest)
        at = at if at > 0 else longest
        yield text[:at]
        text = text[at:].lstrip()
    yield text
