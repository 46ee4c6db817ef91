"""What parts of an article are besides its running text: title, captions, related coverage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vectorstore.files import read_table
from vectorstore.model.article import Boilerplate, Role, Span
from vectorstore.text.canonical import fold_words
from vectorstore.text.paragraphs import CLOSERS, TITLE_LENGTH, ends_like_a_sentence

REPEAT_WITHIN = 5
"""Paragraphs from the top among which a repeated title is looked for."""

CAPTION_LENGTH = 600
"""Longer paragraphs are running text, whatever they end with."""

LINKS = 30
"""More headlines than this under a related-coverage heading are something else."""

_WORDS = read_table("vectorstore.text", "newsrooms.toml")
_PHOTO_WORDS = "|".join(_WORDS["photo_words"])
_EAST_ASIAN_CREDIT = "|".join(_WORDS["east_asian_credits"])
_ASKS = re.compile(rf"[?？؟!！][{re.escape(CLOSERS)}]*\Z")
_IN_BRACKETS = re.compile(r"[(（\[【](?P<credit>[^()（）\[\]【】]{2,120})[)）\]】](?P<stop>[.。]?)\Z")
_NAMES_A_PHOTO = re.compile(
    rf"(?:^|[\s/,;|])(?:{_PHOTO_WORDS})(?:$|[\s:：/,;|.])|{_EAST_ASIAN_CREDIT}", re.IGNORECASE
)
_NAME = r"(?:[^.!?。:：]|(?<=\b\w)\.){2,80}"
_SIGNED = re.compile(rf"(?:^|[\s.。|–—-])(?P<word>{_PHOTO_WORDS})\.?\s?[:：©/]\s?{_NAME}\.?\Z", re.IGNORECASE)
_PHOTO_BY = re.compile(
    rf"(?:^|[.。”\"] )(?:Photo by|Photo de|Foto door|Foto de|Foto di|Foto von|Fot\.) {_NAME}\.?\Z"
)
_AGENCY_SLASH = re.compile(rf"(?:^|[.。”\"] )(?P<agency>[^\s/.]{{2,20}})/{_NAME}\Z")
_COPYRIGHT = re.compile(rf"(?:\A|\s)(?:©|ⓒ|\([cC]\))\s?(?!\d{{4}}){_NAME}\Z")
_AGENCIES = frozenset(_WORDS["agencies"]).union(map(str.upper, _WORDS["agencies"]))
_RELATED_HEADINGS = frozenset(map(fold_words, _WORDS["related_headings"]))
_BETWEEN_NAMES = re.compile(r"\s*[/,;|–—]\s*|\s+(?:via|-)\s+")


def find_boilerplate(
    text: str,
    paragraphs: Sequence[Span],
    *,
    title: str | None = None,
    captions: frozenset[str] = frozenset(),
) -> tuple[Boilerplate, ...]:
    """Title, repeated titles, captions and related coverage among `paragraphs`, in the order of the text.

    The first paragraph is the title when it is `title`, when it is repeated below, or when it is short,
    has no full stop and something follows. A caption ends in a credit; `captions` are folded paragraphs
    (see `fold_words`) that the file's own markup says are captions. Related coverage is a known heading with
    the headlines after it, up to the end of the text.
    """
    written = [span.of(text) for span in paragraphs]
    folded = [fold_words(paragraph) for paragraph in written]
    related = _find_related(written)
    roles: dict[int, Role] = {}
    if written and (has_title(written, folded) or (title is not None and fold_words(title) == folded[0])):
        repeats = (row for row in range(1, min(related, REPEAT_WITHIN)) if folded[row] == folded[0])
        roles = {0: Role.TITLE, **dict.fromkeys(repeats, Role.REPEATED_TITLE)}
    for row in range(related):
        if folded[row] in captions or _is_caption(written[row], is_last=row == related - 1):
            roles.setdefault(row, Role.CAPTION)
    boilerplate = [Boilerplate(paragraphs[row], roles[row]) for row in sorted(roles)]
    if related < len(paragraphs):
        boilerplate.append(Boilerplate(Span(paragraphs[related].start, paragraphs[-1].end), Role.RELATED))
    return tuple(boilerplate)


def has_title(written: Sequence[str], folded: Sequence[str]) -> bool:
    """Whether the first paragraph is a title; `folded` are the paragraphs `written`, folded."""
    if len(written) < 2 or not folded[0]:
        return False
    if folded[0] in folded[1:REPEAT_WITHIN]:
        return len(written[0]) <= 2 * TITLE_LENGTH
    return "\n" not in written[0] and _is_headline(written[0]) and not _is_caption(written[0], is_last=False)


def _is_headline(paragraph: str) -> bool:
    is_finished = ends_like_a_sentence(paragraph) and not _ASKS.search(paragraph)
    return len(paragraph) <= TITLE_LENGTH and not is_finished


def _is_caption(paragraph: str, *, is_last: bool) -> bool:
    if len(paragraph) > CAPTION_LENGTH:
        return False
    if _PHOTO_BY.search(paragraph) or (not is_last and _COPYRIGHT.search(paragraph)):
        return True
    agency = _AGENCY_SLASH.search(paragraph)
    if agency and agency["agency"] in _AGENCIES:
        return True
    signed = _SIGNED.search(paragraph)
    if signed and not (signed["word"][0].islower() and signed.start("word") > 0):
        return True
    bracketed = _IN_BRACKETS.search(paragraph)
    if bracketed is None:
        return False
    # an agency in brackets also signs the last paragraph of a whole article, and abbreviates names in text
    is_agency = not is_last and not bracketed["stop"] and _names_an_agency(bracketed["credit"])
    return is_agency or _NAMES_A_PHOTO.search(bracketed["credit"]) is not None


def _names_an_agency(credit: str) -> bool:
    names = _BETWEEN_NAMES.split(credit.strip())
    first_words = [name.partition(" ")[0] for name in names]  # "Reuters Photo"
    return not _AGENCIES.isdisjoint([*names, *first_words])


def _find_related(written: Sequence[str]) -> int:
    """Return the row of the heading of the related coverage that ends the text, or the number of rows."""
    found = len(written)
    for row in range(len(written) - 1, 0, -1):
        heading, colon, headline = written[row].replace("：", ":").partition(":")
        is_heading = fold_words(heading) in _RELATED_HEADINGS
        if is_heading and (headline.strip() if colon else "") and _is_headline(written[row]):
            found = row  # "Lees ook: De kabinetsformatie loopt vast"
        elif is_heading and not headline.strip() and row < len(written) - 1:
            found = row
        elif not _is_headline(written[row]) or (found == len(written) and row < len(written) - LINKS):
            break
    return found
