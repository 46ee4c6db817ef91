"""Output in an encoding that lacks characters: others are put for them, never an error, and it is said."""

from __future__ import annotations

import codecs
from typing import TextIO

_LIKENESS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "·": "-"}
    | {"…": "...", "•": "*", "\u00a0": " "}
)
"""What is put for punctuation where an encoding has none of it; all else becomes a question mark."""


class Lookalikes:
    """Replaces what some streams cannot write from now on, and counts it."""

    def __init__(self, *streams: TextIO) -> None:
        """Streams in a Unicode encoding, and those that are no real ones, are left as they are."""
        self._count = 0
        self._is_explained = False
        handler = f"pullquote-{id(self)}"
        codecs.register_error(handler, self._replace)
        for stream in streams:
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None and not _is_unicode(stream):
                reconfigure(errors=handler)

    def forget(self) -> None:
        """Start counting again."""
        self._count = 0

    def describe_last(self, encoding: str | None) -> str | None:
        """Return what was replaced since the last call, in words; None when nothing was."""
        count = self._count
        self.forget()
        if not count:
            return None
        how = (
            "" if self._is_explained else " PYTHONIOENCODING=utf-8 or a UTF-8 locale shows them as they are."
        )
        self._is_explained = True
        what = "1 character stands" if count == 1 else f"{count} characters stand"
        return f"{what} here as others: this output's encoding is {encoding}.{how}"

    def _replace(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lost = error.object[error.start : error.end]
        self._count += len(lost)
        return "".join(c if c.isascii() else "?" for c in lost.translate(_LIKENESS)), error.end


def _is_unicode(stream: TextIO) -> bool:
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False
