"""What a model writes, made harmless: no markup, no links, one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 600
"""Code points of a statement: longer ones are no single sentence any more."""

_JOINERS = frozenset("\u200c\u200d")
"""Joiners that Persian, Hindi and others cannot be written without."""
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\s?(?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_IDS = re.compile(r"\s*[\[(（【]\s*a\d+\.\d+(?:\s*[,;、，]\s*a\d+\.\d+)*\s*[\])）】]")
_EMPHASIS = re.compile(r"(\*{1,3}|`{1,3}|~~)(?=\S)(.+?)(?<=\S)\1")
_OPENING = re.compile(r"\A(?:#{1,6}\s+|[-*•>]\s+|\d{1,2}[.)]\s+(?=\D))+")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://[^\s<>]+|\b(?:javascript|data|mailto|file|tel):[^\s<>]+|\bwww\.[^\s<>]+"
    r"|(?:[\w-]+\.)+[a-z]{2,24}(?!\w|\.\w)(?:[/:?][^\s<>]*)?",
    re.IGNORECASE,
)
_ENDS = ".,;:!?)]}’”\"'"


def sanitize(text: str) -> str:
    """Return `text` on one line, without control and direction characters, HTML, Markdown and ids."""
    # Of a link its words stay. Nothing is decoded, so nothing that was harmless becomes markup.
    text = unicodedata.normalize("NFC", "".join(map(_keep, text)))
    # Taking one away can put another together (`<<b>b>`), so until nothing changes.
    for _ in range(10):
        cleaned = _IMAGE_OR_LINK.sub(r"\1", _TAG.sub("", text))
        if cleaned == text:
            break
        text = cleaned
    text = _EMPHASIS.sub(r"\2", _IDS.sub("", text))
    return _OPENING.sub("", " ".join(text.split()))


def find_invented_addresses(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Return web addresses, mail addresses and domain names in `text` that none of `sources` has."""
    known = list(map(str.casefold, sources))
    invented: list[str] = []
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_ENDS)
        if address not in invented and not any(address.casefold() in source for source in known):
            invented.append(address)
    return tuple(invented)


def _keep(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in ("Cs", "Co", "Cn") or (category == "Cf" and char not in _JOINERS):
        return ""
    return char
