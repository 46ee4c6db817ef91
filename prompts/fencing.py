"""Text that others wrote, made safe to show to a model: neutral, and fenced off as data.

What a reader is shown is cut from the store and does not come through here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LABEL = re.compile(r"\b([a-z])(\d+)\.(\d+)\b", re.IGNORECASE)
"""The form of a sentence id: `a3.2`. No text of an article matches it once it is neutral."""

_ANGLES = str.maketrans({"<": "‹", ">": "›"})
"""Our fences and every chat template's control tokens (`<|im_end|>`, `</s>`, `<end_of_turn>`) need these."""
_CONTROL_WORD = re.compile(r"\[(/?[A-Z][A-Z_]{2,})\]")
"""Mistral's and Llama's: `[INST]`, `[/INST]`, `[TOOL_CALLS]`."""
_JOINERS = "\u200c\u200d"
"""Needed in Persian, in Indic scripts and in emoji; all other invisible characters are removed."""
_BREAKS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence a model may cite."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The sentences of one article, under a line that says who published it and when."""

    heading: str
    sentences: tuple[Sentence, ...]


def neutralize(text: str) -> str:
    """Return `text` without anything that could pass for a sentence id, a fence or a control token.

    Angle brackets become `‹›`, the point of a would-be id `·`, invisible characters are removed, and what no
    UTF-8 can carry becomes U+FFFD. Line breaks stay.
    """
    visible = "".join(map(_show, text.replace("\r\n", "\n")))
    plain = _CONTROL_WORD.sub(r"(\1)", visible.translate(_ANGLES))
    return LABEL.sub(r"\1\2·\3", plain)


def one_line(text: str) -> str:
    """Return neutral `text` without a line break, so that it cannot begin a line of its own."""
    return _LINE.sub(" ", neutralize(text)).strip()


def fence(name: str, text: str) -> str:
    """Return neutral `text` between two lines that carry a token which is not in it."""
    return _enclose(name, neutralize(text))


def fence_sources(sources: Iterable[Source], name: str = "articles") -> str:
    """Return articles for a model: a heading each, then a sentence a line, `[id] text`."""
    lines: list[str] = []
    for source in sources:
        lines.append(f"# {one_line(source.heading)}")
        lines += (f"[{sentence.label}] {one_line(sentence.text)}" for sentence in source.sentences)
    return _enclose(name, "\n".join(lines))


def _enclose(name: str, neutral: str) -> str:
    token = _token(neutral)
    return f"<data {name} {token}>\n{neutral}\n</data {name} {token}>"


def _token(text: str) -> str:
    """Derive a token from the text, so that the same prompt is the same bytes and a server can cache it."""
    token = hashlib.sha256(text.encode()).hexdigest()[:8]
    # Nothing within the data may pass for the line that ends it.
    while token in text:
        token = hashlib.sha256(token.encode()).hexdigest()[:8]
    return token


def _show(character: str) -> str:
    if character.isascii() and (character.isprintable() or character in "\n\t"):
        return character
    if character in _BREAKS:
        return "\n"
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc" or (category == "Cf" and character not in _JOINERS):
        return ""
    return "" if "\U000e0000" <= character <= "\U000e0fff" else character
