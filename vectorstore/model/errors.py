"""Every error a user can meet, in one small tree.

A class exists only where a caller branches on it; every other error is distinguished by its message,
which says what happened, to what, and what to run next.
"""

from __future__ import annotations


class PullquoteError(Exception):
    """Something a user can act on; shown without a traceback, exit code 2."""


class SetupError(PullquoteError):
    """The installation, a setting or the library itself is not usable as it is."""


class EmbedderReplacedError(SetupError):
    """Another process has given the library the vectors of another embedder: open them again and continue."""


class SourceError(PullquoteError):
    """One file, record or address could not be read; the rest of an `add` continues."""


class LibraryLockedError(PullquoteError):
    """Another process is writing to this library; trying again later may work."""


class UnknownArticleError(PullquoteError):
    """No article, or more than one, goes by that id."""
