"""Prompt files, loaded and filled.

A file has two parts, the system's message and the user's, with a line `---` between them. A placeholder
alone on its line is filled with fenced data; one within a line takes a short plain value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from prompts.fencing import Source, fence, fence_sources, one_line

_DATA = re.compile(r"^\{([a-z_]+)\}$", re.MULTILINE)
_INLINE = re.compile(r"\{([a-z_]+)\}")
_PARTED = "\n---\n"
_LONGEST_INLINE = 80

Value = str | Sequence[Source]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file as it is on disk."""

    name: str
    text: str
    version: str
    """First 12 hex digits of the text's SHA-256: an answer's receipt records which prompt asked for it."""


@dataclass(frozen=True, slots=True)
class Messages:
    """A filled prompt."""

    system: str
    user: str


@cache
def load(name: str) -> Prompt:
    """Return the prompt in `prompts/NAME.md`; raise KeyError where there is none."""
    file = files("prompts") / f"{name}.md"
    if not name.isidentifier() or not file.is_file():
        raise KeyError(name)
    text = file.read_text("utf-8").strip()
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest()[:12])


def render(prompt: Prompt, **values: Value) -> Messages:
    """Return the prompt with its placeholders filled.

    Raises:
        ValueError: a value is missing or has no placeholder, or an inline value is not short and plain.
    """
    asked = set(_INLINE.findall(prompt.text))
    if asked != set(values):
        raise ValueError(f"{prompt.name}: placeholders {sorted(asked)}, values {sorted(values)}")
    system, _, user = prompt.text.partition(_PARTED)
    return Messages(_fill(system, values).strip(), _fill(user, values).strip())


def _fill(text: str, values: dict[str, Value]) -> str:
    # Placeholders are found before anything is filled in: a value's own braces mean nothing.
    parts, end = [], 0
    for found in _INLINE.finditer(text):
        name = found[1]
        is_alone = _DATA.match(text, found.start()) is not None
        parts += [text[end : found.start()], _block(name, values[name]) if is_alone else _word(values[name])]
        end = found.end()
    return "".join(parts) + text[end:]


def _block(name: str, value: Value) -> str:
    return fence(name, value) if isinstance(value, str) else fence_sources(value, name)


def _word(value: Value) -> str:
    if not isinstance(value, str) or value != one_line(value) or len(value) > _LONGEST_INLINE:
        raise ValueError(f"not a short plain value: {value!r:.100}")
    return value
