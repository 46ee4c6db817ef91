"""The word lists of the checks: TOML files beside this module, read when they are first used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import regex


@cache
def load_lexicon(name: str) -> Mapping[str, Any]:
    """`{name}.toml`; its first comment says what it holds."""
    return tomllib.loads(_read(f"{name}.toml"))


@cache
def load_number_words() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """By language, `cardinals` and `ordinals`, folded. `bench.number_words` makes the file."""
    loaded: Mapping[str, Mapping[str, Mapping[str, int]]] = json.loads(_read("number_words.json"))
    return loaded


def _read(name: str) -> str:
    return files("agent.checks.words").joinpath(name).read_text("utf-8")


@cache
def compile_words(lexicon: str, table: str, language: str, are_whole: bool) -> regex.Pattern[str] | None:
    """One pattern for the expressions of a language, whole words or not; None when it has none."""
    expressions = load_lexicon(lexicon)[table].get(language)
    if not expressions:
        return None
    either = f"(?:{'|'.join(expressions)})"
    return regex.compile(rf"(?<!\w){either}(?!\w)" if are_whole else either)
