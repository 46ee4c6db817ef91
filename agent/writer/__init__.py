"""Answers written by a model, of statements that are cited and checked before anybody sees them."""

from agent.writer.settings import AgentSettings
from agent.writer.writer import NotWrittenError, Writer

__all__ = ["AgentSettings", "NotWrittenError", "Writer"]
