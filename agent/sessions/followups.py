"""Making a follow-up question self-contained without a model: what it leans on is carried over, and said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import regex

from vectorstore import UNDETERMINED, Filters, Turn, identify

READ_AS = "Read after the question before as"
"""How the note begins that says how a question was made self-contained."""
MOST_CARRIED = 6
"""Names; more would weigh more in the question's vector than the question itself."""
_NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Where a capital does not make a name."""
_SHORT = 5
"""Words up to which a question without a name of its own is taken to lean on the one before.

Of 250 questions of XQuAD-R in each language, nearly all of them self-contained, 4 % are taken to lean in
English, 2 in Spanish, 7 in Russian, 8 in German, 9 in Chinese, 10 in Turkish, 12 in Arabic; with 4 words
3 % in English, and "how many soldiers were sent?" no longer does.
"""
_SHORT_CASELESS = 6
"""The same in letters, where names have no capitals and words no spaces between."""

_POINTING_CASELESS = regex.compile(
    "他|她|它|这|那|其|這|彼|それ|これ|その|この|そこ|あの|그는|그가|그의|그녀|그들|이것|그것|그곳"
)
_BEGIN_NAMES = frozenset({"north", "south", "east", "west", "new", "los", "las"})
"""Of the words that open questions: those that open names too, before another word with a capital."""
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’.-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_SPACED = regex.compile(r"[\p{Lu}\p{Ll}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Hangul}]")


def make_standalone(question: str, turns: Sequence[Turn]) -> tuple[str, tuple[str, ...]]:
    """Return a follow-up as it can be searched for by itself, and the names that were carried over for that.

    A question leans on the one before when it points back ("he", "daar", 他) with no name before that word,
    opens with "and" or the like, or is short and names nothing. It then gets the names and numbers of that
    one, in brackets, or where that has none the whole of the last self-contained question. `turns` are its
    session's, oldest first.
    """
    if not turns or not leans(question):
        return question, ()
    known = set(map(str.casefold, find_names(question)))
    names = [name for name in find_names(turns[-1].question) if name.casefold() not in known]
    if not names:
        # Back to a question in its own words, so that carried words do not pile up.
        alone = next((turn for turn in reversed(turns) if turn.asked == turn.question), turns[0])
        if alone.asked.casefold() == question.casefold():
            return question, ()
        names = [alone.asked]
    carried = tuple(names[:MOST_CARRIED])
    return f"{question} ({', '.join(carried)})", carried


@cache
def _load_words(table: str) -> Mapping[str, frozenset[str]]:
    """Return the words of a table of `followups.toml` by language."""
    tables = tomllib.loads(files("agent.sessions").joinpath("followups.toml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in tables[table].items()}


def _linking_words(language: str) -> frozenset[str]:
    """Return the words that open a continuing question; of all languages where the question's is unknown."""
    words = _load_words("linking")
    if language in words:
        return words[language]
    return frozenset(word for word in chain(*words.values()) if len(word) > 1)


def leans(question: str) -> bool:
    """Whether a question cannot be understood without the one before."""
    words = list(map(str.casefold, _WORD.findall(question)))
    if not words:
        return False
    if not _SPACED.search(question):
        letters = sum(map(len, words))
        return _POINTING_CASELESS.search(question) is not None or letters <= _SHORT_CASELESS
    language = identify(question)
    if words[0] in _linking_words(language) or _points_back(question, language):
        return True
    return len(words) <= _SHORT and not find_names(question)


def _points_back(question: str, language: str) -> bool:
    """Whether a word such as "he" can mean nothing in its own question: no name comes before it there."""
    pointing = _load_words("pointing").get(language, frozenset())
    for word in _WORD.finditer(question):
        if word.group().casefold() not in pointing:
            continue
        if language in _NOUNS_CAPITALISED or not find_names(question[: word.start()]):
            return True
    return False


def find_names(question: str) -> tuple[str, ...]:
    """Return runs of words with a capital or a digit, each once; none in scripts without capitals."""
    # The opening word alone is none: it has its capital anyway.
    names: dict[str, str] = {}
    run: list[regex.Match[str]] = []
    words = list(_WORD.finditer(question)) if _CASED.search(question) else []
    for word in [*words, None]:
        if word is not None and _is_marked(word.group(), opens=word is words[0]):
            if run and question[run[-1].end() : word.start()] != " ":
                _note(names, question, run, words[0])
                run = []
            run.append(word)
        elif run:
            _note(names, question, run, words[0])
            run = []
    return tuple(names.values())


def _is_marked(word: str, *, opens: bool) -> bool:
    if any(map(str.isdigit, word)):
        return True
    from agent.checks.words.lexicons import function_words

    if opens and word.casefold() in function_words(UNDETERMINED) - _BEGIN_NAMES:
        return False
    return any(map(str.isupper, word)) and (len(word) > 1 or not word.isascii())


def _note(
    names: dict[str, str], question: str, run: Sequence[regex.Match[str]], first: regex.Match[str]
) -> None:
    inner = run[0].group()[1:]
    has_capital_inside = any(map(str.isupper, inner)) or any(map(str.isdigit, inner))
    if len(run) == 1 and run[0] is first and not has_capital_inside:
        return
    name = question[run[0].start() : run[-1].end()]
    names.setdefault(name.casefold(), name)


def merge_filters(given: Filters, carried: Filters) -> Filters:
    """Return `given`, with what only `carried` limits; the two ends of a period belong together."""
    has_period = given.since is not None or given.until is not None
    return Filters(
        since=given.since if has_period else carried.since,
        until=given.until if has_period else carried.until,
        outlets=given.outlets or carried.outlets,
        authors=given.authors or carried.authors,
        languages=given.languages or carried.languages,
        articles=given.articles or carried.articles,
        collections=given.collections or carried.collections,
    )
