"""Answers written by a model, of statements that are cited and checked before anybody sees them."""

from agent.writer.settings import AgentSettings
from agent.writer.write import write_answer

__all__ = ["AgentSettings", "write_answer"]
