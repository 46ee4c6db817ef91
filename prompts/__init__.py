"""The words Pullquote puts to a model, versioned, with everything others wrote fenced off as data."""

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
