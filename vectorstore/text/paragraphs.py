"""Where the paragraphs of a text are."""

from __future__ import annotations

import re

from vectorstore.model.article import Span

SENTENCE_FINAL = ".!?…。！？｡．।॥۔؟։။።፧។"
"""Ends a sentence, in the scripts the readers are tested on."""

CLOSERS = "\"'”’“‘»«›‹)]}）］」』】〉》"
"""Quotes and brackets that may follow the end of a sentence."""

LINE_SHARE = 2 / 3
"""A block's lines are paragraphs when this share of them ends like a sentence. In text wrapped at 60 to 100
characters one line in ten or so does; in text with a paragraph a line nearly all do."""

LONG_LINE = 120
"""A line longer than this was not wrapped by anyone, so a line break beside it means something."""

TITLE_LENGTH = 200
"""Longer first lines are not titles; news headlines stay under 150 code points."""

_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_ENDS_LIKE_A_SENTENCE = re.compile(rf"[{re.escape(SENTENCE_FINAL)}:：][{re.escape(CLOSERS)}\s]*\Z")


def find_paragraphs(text: str) -> tuple[Span, ...]:
    """Return the paragraphs of canonical `text`, without the white space around them, in order.

    Blank lines separate paragraphs. Single line ends do too, where a block has a paragraph a line
    (see `LINE_SHARE`), and after a first line that is a title.
    """
    edges = [0]
    for blank in _BLANK_LINES.finditer(text):
        edges += blank.span()
    edges.append(len(text))
    found: list[Span] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for span in _split_lines(text, start, end, is_first=not found):
            trimmed = trim(text, span)
            if trimmed.start < trimmed.end:
                found.append(trimmed)
    return tuple(found)


def trim(text: str, span: Span) -> Span:
    """Return `span` without the white space at its ends; empty, at its start, when that is all there is."""
    inside = span.of(text)
    if not inside.strip():
        return Span(span.start, span.start)
    return Span(span.end - len(inside.lstrip()), span.start + len(inside.rstrip()))


def ends_like_a_sentence(text: str) -> bool:
    """Whether `text` ends in sentence-final punctuation, closing quotes and brackets aside."""
    return _ENDS_LIKE_A_SENTENCE.search(text[-16:]) is not None


def _split_lines(text: str, start: int, end: int, *, is_first: bool) -> list[Span]:
    lines: list[Span] = []
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline
        if text[start:stop].strip():
            lines.append(Span(start, stop))
        start = stop + 1
    if len(lines) < 2:
        return lines
    finished = [ends_like_a_sentence(line.of(text).rstrip()) for line in lines]
    if sum(finished) >= LINE_SHARE * len(lines):
        return lines
    is_short = lines[0].end - lines[0].start <= TITLE_LENGTH
    if is_first and is_short and sum(finished[1:]) >= LINE_SHARE * (len(lines) - 1):
        longest = max(line.end - line.start for line in lines)
        if len(lines) > 2 or longest > LONG_LINE:
            return lines
    return [Span(lines[0].start, lines[-1].end)]
