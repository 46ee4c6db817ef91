"""The prompts that a model is sent, versioned, with everything that others wrote fenced off as data."""

from prompts.fencing import LABEL, Sentence, Source, fence, fence_sources, neutralize
from prompts.templates import Messages, Prompt, load, render

__all__ = [
    "LABEL",
    "Messages",
    "Prompt",
    "Sentence",
    "Source",
    "fence",
    "fence_sources",
    "load",
    "neutralize",
    "render",
]
