"""Articles cut into passages: slices that tile the text and fit the embedder."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vectorstore.model.article import Article, Boilerplate, Passage, Role, Span
from vectorstore.text.paragraphs import find_paragraphs
from vectorstore.text.sentences import split_sentences

TokenOffsets: TypeAlias = Callable[[str], NDArray[np.int32]]
"""Gives the (T, 2) spans of all tokens of a text in code points, starts non-decreasing: an embedder's
`token_offsets`."""

LOOK_BACK = 0.25
"""Share of the budget given up to cut an endless sentence at a space or a punctuation mark."""

CHUNK = 50_000
"""Code points tokenized at once, so that a file of many megabytes does not become as many token tuples."""

SHRINK = 0.9
"""Share of the budget given to a piece that turned out too long alone; such a piece is some tokens over."""

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_TOGETHER = {Role.REPEATED_TITLE: Role.TITLE}


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one too long: never cut again unless its own tokens demand it."""

    span: Span
    tokens: int
    paragraph: int


def cut(article: Article, token_offsets: TokenOffsets, budget: int) -> tuple[Passage, ...]:
    """Return passages that tile the text of `article`, each at most `budget` tokens when tokenized alone.

    Cuts fall between paragraphs; inside a paragraph longer than the budget between sentences; inside
    a sentence longer than the budget at a token, by preference at a space or a punctuation mark.
    Short paragraphs share a passage. Boilerplate (title, caption, related coverage) never shares one
    with running text. Only a single character of more than `budget` tokens can exceed it. The time
    taken grows linearly with the text. Raises ValueError when `budget` is not positive.
    """
    if budget < 1:
        raise ValueError(f"a passage of {budget} tokens cannot hold anything")
    text = article.text
    paragraphs = [span.start for span in find_paragraphs(text)]
    sections = list(_sections(article))
    sentence_starts = [span.start for span in chain.from_iterable(sections)]
    starts = _token_starts(text, sentence_starts, token_offsets)
    passages: list[Passage] = []
    for sentences in sections:
        for group in _pack(_units(text, sentences, paragraphs, starts, budget), budget):
            for fitting in _fit(text, group, token_offsets, budget):
                span = Span(fitting[0].start, fitting[-1].end)
                passages.append(Passage(article.id, len(passages), span, tuple(fitting)))
    return tuple(passages)


def _sections(article: Article) -> Iterator[list[Span]]:
    """Yield the sentences of each stretch of one role; they tile the text, and none crosses an edge."""
    text = article.text
    starts = {span.start for span in split_sentences(text, article.language)}
    starts.update(_edges(text, article.boilerplate))
    bounds = [*sorted(starts), len(text)]
    sentences = list(map(Span, bounds[:-1], bounds[1:]))
    roles = _roles([_first_word(text, sentence) for sentence in sentences], article.boilerplate)
    for _, group in groupby(zip(sentences, roles, strict=True), key=lambda pair: pair[1]):
        yield [sentence for sentence, _ in group]


def _edges(text: str, boilerplate: Iterable[Boilerplate]) -> Iterator[int]:
    """Yield where boilerplate starts and where the text after it does, except the text's own ends."""
    for part in boilerplate:
        for place in part.span:
            edge = _first_word(text, Span(place, len(text)))
            if edge < len(text) and text[:edge].strip():
                yield edge


def _roles(starts: Sequence[int], boilerplate: Sequence[Boilerplate]) -> list[Role | None]:
    """Return the roles of the sentences that start there."""
    roles: list[Role | None] = [None] * len(starts)
    for part in boilerplate:
        for row in range(bisect_left(starts, part.span.start), bisect_left(starts, part.span.end)):
            roles[row] = _TOGETHER.get(part.role, part.role)
    return roles


def _token_starts(text: str, sentences: Sequence[int], token_offsets: TokenOffsets) -> NDArray[np.int32]:
    """Return where the tokens of `text` start, tokenized in chunks that end before one of `sentences`."""
    found = [np.empty(0, np.int32)]
    place = 0
    while place < len(text):
        end = min(place + CHUNK, len(text))
        if end < len(text):
            between = sentences[bisect_right(sentences, end) - 1]
            end = between if between > place else end
        found.append((token_offsets(text[place:end])[:, 0] + place).astype(np.int32))
        place = end
    return np.concatenate(found)


def _first_word(text: str, span: Span) -> int:
    """Return where the white space at the start of `span` ends."""
    place = span.start
    while place < span.end and text[place].isspace():
        place += 1
    return place


def _units(
    text: str, sentences: list[Span], paragraphs: list[int], starts: NDArray[np.int32], budget: int
) -> Iterator[_Unit]:
    for sentence in sentences:
        paragraph = bisect_right(paragraphs, _first_word(text, sentence))
        low, high = (int(row) for row in np.searchsorted(starts, sentence))
        while high - low > budget:
            piece, after = _break(text, sentence, starts, low, budget)
            yield _Unit(piece, after - low, paragraph)
            sentence, low = Span(piece.end, sentence.end), after
        yield _Unit(sentence, high - low, paragraph)


def _break(text: str, sentence: Span, starts: NDArray[np.int32], low: int, room: int) -> tuple[Span, int]:
    """Return a piece of about `room` tokens from the start of `sentence`, and the first token after it.

    `starts[low]` is the first token of the sentence. The piece is never empty, nor the whole.
    """
    last = low + room
    for row in range(last, max(low, last - round(LOOK_BACK * room)), -1):
        place = int(starts[row])
        if sentence.start < place < sentence.end and _is_gap(text[place - 1]):
            return Span(sentence.start, place), row
    place = max(sentence.start + 1, min(int(starts[last]), sentence.end - 1))
    while place > sentence.start + 1 and _is_glued(text, place):
        place -= 1
    return Span(sentence.start, place), int(np.searchsorted(starts, place))


def _is_gap(character: str) -> bool:
    return character.isspace() or unicodedata.category(character).startswith("P")


def _is_glued(text: str, place: int) -> bool:
    """Whether a cut before `place` would tear a letter from its combining marks, or an emoji apart."""
    is_mark = unicodedata.category(text[place]).startswith("M")
    return is_mark or text[place] in _JOINERS or text[place - 1] == "\u200d"


def _pack(units: Iterable[_Unit], budget: int) -> Iterator[list[_Unit]]:
    """Yield groups of units up to `budget` tokens: whole paragraphs, long ones sentence by sentence."""
    current: list[_Unit] = []
    filled = 0
    for _, group in groupby(units, key=lambda unit: unit.paragraph):
        paragraph = list(group)
        size = sum(unit.tokens for unit in paragraph)
        if current and filled + size > budget:
            yield current
            current, filled = [], 0
        for unit in paragraph:
            if current and filled + unit.tokens > budget:
                yield current
                current, filled = [], 0
            current.append(unit)
            filled += unit.tokens
    if current:
        yield current


def _fit(text: str, units: Sequence[_Unit], token_offsets: TokenOffsets, budget: int) -> Iterator[list[Span]]:
    """Yield the spans of `units`, in parts where the slice has more than `budget` tokens."""
    waiting = [[unit.span for unit in units]]
    while waiting:
        spans = waiting.pop()
        start, end = spans[0].start, spans[-1].end
        # Counted again: a slice may be tokenized otherwise alone than inside its article.
        offsets = token_offsets(text[start:end])
        if len(offsets) <= budget or end - start == 1:
            yield spans
        elif len(spans) > 1:
            half = len(spans) // 2
            waiting += [spans[half:], spans[:half]]
        else:
            room = max(1, round(SHRINK * budget))
            piece, _ = _break(text, spans[0], offsets[:, 0] + start, 0, room)
            waiting += [[Span(piece.end, end)], [piece]]
