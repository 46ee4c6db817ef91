"""The word lists of the checks: TOML files beside this module, and CLDR's; read when they are first used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import regex

from agent.checks.words.folding import fold

if TYPE_CHECKING:
    from babel.core import Locale


@cache
def load_lexicon(name: str) -> Mapping[str, Any]:
    """Return `{name}.toml`; its first comment says what it holds."""
    return tomllib.loads(_read(f"{name}.toml"))


@cache
def word_set(name: str) -> frozenset[str]:
    """Return one of `word_sets.toml`, which says what each holds."""
    return frozenset(load_lexicon("word_sets")[name].split())


@cache
def load_number_words() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Return `cardinals` and `ordinals` by language, folded. `bench.number_words` makes the file."""
    loaded: Mapping[str, Mapping[str, Mapping[str, int]]] = json.loads(_read("number_words.json"))
    return loaded


def _read(name: str) -> str:
    return files("agent.checks.words").joinpath(name).read_text("utf-8")


@cache
def compile_words(lexicon: str, table: str, language: str, are_whole: bool) -> regex.Pattern[str] | None:
    """Return one pattern for the expressions of a language, whole words or not; None when it has none."""
    expressions = load_lexicon(lexicon)[table].get(language)
    if not expressions:
        return None
    either = f"(?:{'|'.join(expressions)})"
    return regex.compile(rf"(?<!\w){either}(?!\w)" if are_whole else either)


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the folded words of a language that open sentences or precede names and are no names."""
    # One without a list has the words of all languages.
    lexicon = load_lexicon("function_words")
    words = lexicon[language] if language in lexicon else " ".join(lexicon.values())
    return frozenset(map(fold, words.split()))


@cache
def load_locale(language: str) -> Locale | None:
    """Return what CLDR knows of a language; None for an unknown one."""
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
