"""Sentences as spans that tile a text: sentencex, held to the text and corrected where news needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectorstore.model.article import Span
from vectorstore.text.languages import primary_language
from vectorstore.text.paragraphs import CLOSERS, SENTENCE_FINAL, find_paragraphs

WINDOW = 16_000
"""Code points given to sentencex at once. It stops seeing paragraph ends after some ten thousand, and is
quadratic in quotation marks that are never closed: 200,000 code points of them take 4.6 s at once and 0.4 s
in windows."""

UNSPACED = frozenset({"th", "lo"})
"""Written without a sentence mark: a full stop is an abbreviation, a space ends a clause or a sentence."""

CLAUSE_LENGTH = 150
"""In those languages a space ends the unit once it is this long. Spaces say little: on XQuAD-R's Thai
(sentences of 200 code points in the mean) .167 of the units so cut end where a sentence does, the most of
nine lengths from 1 to 250. It makes quotes readable, no more."""

_NEAR = 24
"""Code points looked at on either side of a boundary."""

_ODD_SPACE = re.compile(r"[^\S\n ]")
_GOES_ON = re.compile(rf"[{re.escape(CLOSERS)}“„‚‘«‹(\[—–\-\s]*(?P<first>\w)")
_ELIDED = re.compile(r"['’‘`][a-z] \w")
_LATIN_STOP = re.compile(rf"(?P<mark>[.!?…;])(?P<closed>[{re.escape(CLOSERS)}]*)\s*\Z")
_DANGLING_OPENER = re.compile(r"\s(?P<quote>[\"'“”„‘’«»]+)\Z")
_QUOTATIVE = re.compile(r"[」』]\s*\Z")
_ASIDE = re.compile(rf"[(（\[][^()（）\[\]]{{0,80}}(?<![{re.escape(SENTENCE_FINAL)}])[)）\]]")  # (Kyodo)
_WORD = re.compile(r"\w")
_CLAUSE_END = re.compile(r"(?<![\d\s(ๆ])\s+(?=[^\s\d(ๆ])|(?<=[!?…])\s*(?=[^\s!?…])")


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Sentence spans that tile canonical `text`: no gap, no overlap, none empty.

    White space belongs to the sentence before it, at the start of the text to the first. The end of
    a paragraph always ends a sentence. `language` is BCP 47; one that sentencex does not know is
    treated like its nearest relative there, `und` like English. An empty text has no sentences.
    """
    spoken = primary_language(language)
    starts: list[int] = []
    for paragraph in find_paragraphs(text):
        starts += _starts(text, paragraph, spoken)
    if not starts:
        return (Span(0, len(text)),) if text else ()
    return tuple(map(Span, [0, *starts[1:]], [*starts[1:], len(text)]))


def _starts(text: str, paragraph: Span, language: str) -> list[int]:
    """Return where the sentences of one paragraph start, in code points of `text`."""
    inside = paragraph.of(text)
    found = _clause_ends(inside) if language in UNSPACED else _boundaries(inside, language)
    starts, seen, has_word = [0], 0, False
    for boundary in found:
        has_word = has_word or _WORD.search(inside, seen, boundary) is not None
        seen = boundary
        if has_word:  # what has no word joins what follows
            starts.append(boundary)
            has_word = False
    if len(starts) > 1 and (not _WORD.search(inside, starts[-1]) or _ASIDE.fullmatch(inside, starts[-1])):
        starts.pop()
    return [paragraph.start + start for start in starts]


def _boundaries(paragraph: str, language: str) -> Iterator[int]:
    is_cased = not paragraph.islower()
    for boundary in _segment(paragraph, language):
        before, after = paragraph[max(0, boundary - _NEAR) : boundary], paragraph[boundary : boundary + _NEAR]
        dangling = _DANGLING_OPENER.search(before)
        if dangling and after[:1].strip():
            yield boundary - len(dangling["quote"])  # ” opens as well as closes in Finnish and Swedish
        elif is_cased and _continues(before, after):
            continue
        elif not (after.startswith("と") and _QUOTATIVE.search(before)):  # ties a quotation to who says it
            yield boundary


def _continues(before: str, after: str) -> bool:
    """Whether a lower-case letter after `.`, or after a closed quotation, carries the sentence on."""
    # "zei Jonson. bezoek aan Tokio", "o.a. dat", "„Echt?” vroeg zij", "«Почему?» — спросила она"; not
    # "Echt? ja", and not the Dutch "’s Ochtends".
    stop, goes_on = _LATIN_STOP.search(before), _GOES_ON.match(after)
    if stop is None or goes_on is None or not goes_on["first"].islower() or _ELIDED.match(after):
        return False
    return stop["mark"] == "." or bool(stop["closed"])


def _segment(paragraph: str, language: str) -> Iterator[int]:
    """Yield the starts of sentencex's sentences after the first, window by window."""
    from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

    # sentencex 1.0.32 panics on some spaces of more than one byte ("A.\u3000B"); offsets stay the same
    plain = _ODD_SPACE.sub(" ", paragraph)
    position = 0
    while position < len(plain):
        window = plain[position : position + WINDOW]
        try:
            ends = [int(boundary["end_index"]) for boundary in get_sentence_boundaries(language, window)]
        except BaseException as error:  # a Rust panic is no Exception, and its class cannot be imported
            if type(error).__name__ != "PanicException":
                raise
            ends = []
        inner = [end for end in ends if 0 < end < len(window)]
        yield from (position + end for end in inner)
        if position + WINDOW >= len(plain):
            return
        # the window's last sentence is cut off: start over where it starts, or continue after the window
        position += inner[-1] if inner else WINDOW


def _clause_ends(paragraph: str) -> Iterator[int]:
    """Yield the spaces that end a unit of at least `CLAUSE_LENGTH`, not beside digits or brackets."""
    start = 0
    for space in _CLAUSE_END.finditer(paragraph):
        if space.end() - start >= CLAUSE_LENGTH:
            start = space.end()
            yield start
