"""The one form of a text that offsets, quotes and ids refer to, and folded forms for comparing texts."""

from __future__ import annotations

import hashlib
import re
import unicodedata

ID_DIGITS = 16
_WORDS = re.compile(r"\w+")


_LINE_ENDS = (0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028)
_TABLE: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys(_LINE_ENDS, "\n"),
    ord("\t"): " ",
    0x1F: " ",  # unit separator: between words of one record
    0x2029: "\n\n",  # PARAGRAPH SEPARATOR: a blank line is what separates paragraphs here
    0xFEFF: None,  # byte order mark, or the no-break space that looks like one
}
"""Code points with their replacements; None drops one."""


def canonicalize(text: str) -> str:
    r"""Return `text` in Unicode NFC with `\n` line ends, and nothing a quote could trip over.

    Every other line end (CRLF, CR, VT, FF, NEL, U+2028) becomes `\n`, U+2029 a blank line, a tab a
    space; other control characters and byte order marks go. Surrogate pairs are joined, lone
    surrogates become U+FFFD. Nothing else is touched, neither spaces nor blank lines, so that for a
    plain UTF-8 file with `\n` line ends offsets into the result are offsets into the file.
    Idempotent.
    """
    if not text.isascii():
        # By way of UTF-16, where two halves of a pair become the character that they are.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TABLE))


def article_id(text: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of canonical `text` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_DIGITS]


def fold(text: str) -> str:
    """Return `text` in compatibility form (NFKC) and case-folded; marks and white space stay as they are."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_name(name: str) -> str:
    """Return a name, of an outlet or author, folded, with one space for each run of white space."""
    return " ".join(fold(name).split())


def fold_words(text: str) -> str:
    """Return the words of `text`, folded, with one space between; punctuation is left out."""
    return " ".join(_WORDS.findall(fold(text)))
