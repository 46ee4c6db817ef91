"""Answers written by a model, of statements that are cited and checked before anybody sees them.

Light: what writes loads langchain and numpy when it is first asked to.
"""

from agent.writer.settings import AgentSettings
from agent.writer.styles import Length, Style
from agent.writer.writer import NotWrittenError, Withheld, Writer, WritingStopped

__all__ = ["AgentSettings", "Length", "NotWrittenError", "Style", "Withheld", "Writer", "WritingStopped"]
