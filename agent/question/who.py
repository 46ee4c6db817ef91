"""The outlets, authors and languages whose articles a question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import regex

from agent.checks.stance.clauses import fold_quotes
from agent.checks.words.folding import find_words, fold, is_apart, is_unspaced
from agent.checks.words.lexicons import load_locale
from agent.question.cues import (
    UNSPACED,
    compile_pattern,
    either,
    ends_with_articles,
    is_among,
    is_before,
    is_behind,
)
from vectorstore import LANGUAGES, fold_name

_MOST_WORDS = 6
"""Words of the longest name that is looked up."""
_MOST_LETTERS = 12
"""The same in scripts without spaces."""
_ARTICLES = ("the", "de", "het", "der", "die", "das", "le", "la", "les", "el", "il", "lo", "o", "a", "al")
"""What an outlet's name may begin with and a question leave out."""
_TONGUE = r"(?:talig|sprachig|jezyczn|язычн|dilli)\w*"
"""How "in the language" is joined to its name."""
_IN = "in|en|em|auf|na|po|w|het|lingua|langue|lengua|idioma|de|jezyku|на|باللغه"
"""What may be between articles and their language."""
_SHORTEST_STEM = 4

_VERB_LAST = {"ja": r"\A[はがのもで]", "tr": r"\A\W"}
"""Languages whose verb ends the sentence, and what is right behind its subject."""
_OWNED = {"tr": r"\A'?\w*[iıuü]n\s", "ja": r"\Aの", "zh": r"\A的"}
"""What is right behind the owner of something that follows."""

FindNames = Callable[[Iterable[str]], Mapping[str, str]]
"""Returns which of some folded names the library has, each with the name as it is written there."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the library in a question."""

    name: str
    start: int
    end: int


def find_outlets(question: str, language: str, find_names: FindNames) -> tuple[str, ...]:
    """Return the outlets of the library that a question asks to hear: "what did Reuters say", "volgens ANP".

    An outlet that a question is about is none of them. `language` is without region.
    """
    if not is_among("says articles news according according_behind", language, question):
        return ()
    found = [one for one in _find_known(question, find_names) if _is_heard(question, language, one)]
    return tuple(dict.fromkeys(one.name for one in found))


def find_authors(question: str, language: str, find_names: FindNames) -> tuple[str, ...]:
    """Return the authors of the library whose articles are asked for: "articles by Petra Lindqvist"."""
    if not is_among("articles wrote", language, question):
        return ()
    found = []
    for one in _find_known(question, find_names):
        if " " not in one.name and not is_unspaced(one.name):
            continue  # A family name alone may be anybody's.
        if _is_doing("wrote", question, language, one) or _is_source_of_articles(question, language, one):
            found.append(one.name)
    return tuple(dict.fromkeys(found))


def find_languages(question: str, language: str) -> dict[str, str]:
    """Return the languages (BCP 47) of articles asked for, and by what words: "Dutch articles", folded."""
    articles, written_in = either("articles", language), either("articles press", language)
    if articles is None or written_in is None or not is_among("articles press", language, question):
        return {}  # Before a pattern is made for each language.
    if is_among("says", language, question):
        articles = written_in
    text, found = fold_quotes(question), {}
    for tag, stem in _language_stems(language):
        match = compile_pattern(_language_pattern(language, stem, articles, written_in)).search(text)
        if match is not None:
            found[tag] = match.group()
    return found


def _language_pattern(language: str, stem: str, articles: str, written_in: str) -> str:
    """Return the pattern of "German articles" and "articles in German", whose name begins with `stem`."""
    if language in UNSPACED:
        return rf"{stem}(?:语|語|文)(?:的|の)?\w{{0,2}}?{articles}"
    name = rf"(?<!\w)(?:ب?ال)?{stem}\w{{0,4}}(?:{_TONGUE})?(?!\w)"
    between = r"(?:-\w+)?\s+(?:\w+\s+)?"
    return rf"{name}{between}{articles}(?!\w)|(?<!\w){written_in}\s+(?:(?:{_IN})\s+)*{name}"


def _is_heard(question: str, language: str, name: Named) -> bool:
    """Whether an outlet is said to report, by the words around its name."""
    before, behind = question[: name.start], question[name.end :]
    if is_before("according", language, before) or is_behind("according_behind", language, behind):
        return True
    return _is_doing("says", question, language, name) or _is_source_of_articles(question, language, name)


def _is_doing(verbs: str, question: str, language: str, name: Named) -> bool:
    """Whether a name is the subject of one of the verbs."""
    before, behind = question[: name.start], question[name.end :]
    if is_before(verbs, language, before) or is_behind(verbs, language, behind, is_loose=True):
        return True
    if is_before("helpers", language, before) and is_among(verbs, language, behind):
        return True
    if language in _VERB_LAST and not before.strip() and regex.match(_VERB_LAST[language], behind):
        return is_among(verbs, language, behind)
    return False


def _is_source_of_articles(question: str, language: str, name: Named) -> bool:
    """Whether "articles by" or its like is before a name, or "articles" right behind it."""
    before, behind = question[: name.start], question[name.end :]
    if is_behind("articles", language, behind):
        return True
    if language in _OWNED and regex.match(_OWNED[language], behind):
        return is_among("articles", language, behind)
    if ends_with_articles(before, language):
        return True
    is_relative = is_among("articles", language, before) and is_before("who", language, before)
    return is_relative and is_among("wrote", language, behind)


def _find_known(question: str, find_names: FindNames) -> list[Named]:
    """Return the names of the question that the library has; of names that overlap the longest."""
    candidates = list(_candidates(question))
    known = find_names(key for one in candidates for key in _spellings(one.name))
    found: list[Named] = []
    for one in sorted(candidates, key=lambda one: one.start - one.end):
        key = next((key for key in _spellings(one.name) if key in known), None)
        if key and is_apart(one, found):
            found.append(Named(known[key], one.start, one.end))
    return sorted(found, key=lambda one: one.start)


def _candidates(question: str) -> Iterator[Named]:
    """Yield every run of a few words, and in scripts without spaces of a few letters, as a name may be."""
    words = find_words(question)
    for at, word in enumerate(words):
        ends = [last.end for last in words[at : at + _MOST_WORDS]]
        starts = range(word.start, word.end) if is_unspaced(word.text) else ()
        runs = [(word.start, end) for end in ends]
        for first in starts:
            runs += [(first, last) for last in range(first + 2, min(word.end, first + _MOST_LETTERS) + 1)]
        for start, end in runs:
            yield Named(fold_name(question[start:end]), start, end)


def _spellings(key: str) -> tuple[str, ...]:
    """Return a name as it is asked for, and with each article that a question may leave out."""
    return (key, *(f"{article} {key}" for article in _ARTICLES))


@cache
def _language_stems(language: str) -> tuple[tuple[str, str], ...]:
    """Return the languages with the front of their names in `language`, which adjectives share."""
    locale = load_locale(language)
    if locale is None:
        return ()
    stems = []
    for tag in LANGUAGES:
        name = locale.languages.get(tag)
        if name is None or (name == tag):
            continue
        folded = fold(name).removeprefix("ال")
        if is_unspaced(folded):
            stem = regex.sub("[语語文]$", "", folded)
        else:
            stem = folded if " " in folded else folded[: max(_SHORTEST_STEM, len(folded) - 2)]
        stems.append((tag, regex.escape(stem)))
    return tuple(stems)
