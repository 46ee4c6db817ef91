"""Answers written by a model, of statements that are cited and checked before anybody sees them.

Light: what writes loads langchain and numpy when it is first asked to.
"""

from agent.answer.styles import Length, Style
from agent.generative.writer import NotWrittenError, Withheld, Writer, WritingStopped
from agent.settings.answering import AgentSettings

__all__ = ["AgentSettings", "Length", "NotWrittenError", "Style", "Withheld", "Writer", "WritingStopped"]
