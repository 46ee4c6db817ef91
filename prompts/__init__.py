"""The prompts that a model is sent, versioned, with everything that others wrote fenced off as data."""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from prompts.fencing import LABEL, Sentence, Source, fence, fence_sources, neutralize
from prompts.templates import Messages, Prompt, Value, load, render
