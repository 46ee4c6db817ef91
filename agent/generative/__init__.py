"""Answers written by a model, of statements that are cited and checked before anybody sees them.

Light: what writes loads langchain and numpy when it is first asked to.
"""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from agent.answer.styles import Length, Style
from agent.generative.connecting import HOW_TO_ADD, WriterOptions, connect_judge, connect_writer
from agent.generative.writer import JudgeModel, NotWrittenError, Withheld, Writer, WritingStopped
from agent.settings.sections import AgentSettings
