"""Answers written by a model, of statements that are cited and checked before anybody sees them.

Light: what writes loads langchain and numpy when it is first asked to.
"""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from agent.answer.styles import Length, Style
from agent.generative.writer import (
    HOW_TO_ADD,
    JudgeModel,
    NotWrittenError,
    Withheld,
    Writer,
    WriterOptions,
    WritingStopped,
    connect_judge,
    connect_writer,
)
from agent.settings.sections import AgentSettings
