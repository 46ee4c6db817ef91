"""A session as Markdown: headings, statements with numbers, sources as lists; no article's markup in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.answer.links import is_web_address
from agent.answer.view import AnswerView, QuoteView, SourceView
from agent.render.transcript import Transcript, describe_making
from agent.terminal.safe_text import clean

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$^])")
_OPENING = re.compile(r"\A(\d*)([-=.)])")
"""What makes a list, a heading or a rule of a line that begins with it."""


def render_transcript(transcript: Transcript) -> str:
    """Return the whole session."""
    lines = [f"# {_plain(transcript.session)}", "", f"Saved {transcript.moment} by Pullquote.", ""]
    for entry in transcript.entries:
        lines += [f"## {_plain(entry.question)}", ""]
        lines += _render_answer(transcript.view(entry))
    return "\n".join(lines).rstrip("\n") + "\n"


def _render_answer(view: AnswerView) -> Iterator[str]:
    """Yield lines, an empty one after each paragraph."""
    if view.lead is not None:
        yield from (view.lead, "")
    for group in view.shown_groups:
        if group.heading is not None:
            yield from (_plain(group.heading), "")
        for statement in group.statements:
            numbers = " ".join(f"[{number}]" for number in statement.numbers)
            yield from (f"{_plain(statement.line)} {numbers}".rstrip(), "")
    for source in view.sources:
        facts = " · ".join(filter(None, (*source.facts, source.origin)))
        yield from (f"**{_plain(source.title)}**  ", _plain(facts), "")
        yield from _render_quotes(source)
        yield ""
    for note in filter(None, (*view.notes, describe_making(view.answer))):
        yield from (_plain(note), "")


def _render_quotes(source: SourceView) -> Iterator[str]:
    for quote in source.quotes:
        role = f"({quote.role}) " if quote.role else ""
        yield f"- [{quote.number}] {role}{_plain(quote.words)}{_link(quote)}"
        if quote.translation is not None:
            yield f"  {_plain(quote.translation)}"


def _plain(words: str) -> str:
    """Return words that mean nothing in Markdown."""
    escaped = _MARKUP.sub(r"\\\1", clean(words).strip())
    return _OPENING.sub(r"\1\\\2", escaped)


def _link(quote: QuoteView) -> str:
    link = quote.citation.link
    if link is None or not is_web_address(link):
        return ""
    # A space or a bracket would end the address.
    address = "".join(f"%{ord(char):02X}" if char in "<>() \\" else char for char in clean(link))
    return f" ([open](<{address}>))"
