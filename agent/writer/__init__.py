"""Answers written by a model, of statements that are cited and checked before anybody sees them.

The settings load at once; the writer, and numpy with it, when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.writer.settings import AgentSettings

if TYPE_CHECKING:
    from agent.writer.styles import Length, Style
from agent.writer.writer import NotWrittenError, Withheld, Writer, WritingStopped

__all__ = ["AgentSettings", "Length", "NotWrittenError", "Style", "Withheld", "Writer", "WritingStopped"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from agent.writer import writer

    return getattr(writer, name)
