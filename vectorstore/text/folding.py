"""Text reduced to what is compared: case and compatibility forms first, then what the caller leaves aside."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return `text` in compatibility form (NFKC) and case-folded; marks and white space stay as they are."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_name(name: str) -> str:
    """Return a name, of an outlet or author, folded, with one space for each run of white space."""
    return " ".join(fold(name).split())


def fold_words(text: str) -> str:
    """Return the words of `text`, folded, with one space between; punctuation is left out."""
    return " ".join(_WORDS.findall(fold(text)))
