"""Making a follow-up question stand alone without a model: what it leans on is carried over, and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import regex

from vectorstore import UNDETERMINED, Filters, Turn, identify

READ_AS = "Read after the question before as"
"""How the note begins that says how a question was made to stand alone."""
MOST_CARRIED = 6
"""Names; more would weigh more in the question's vector than the question itself."""
_NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Where a capital does not make a name."""
_SHORT = 5
"""Words up to which a question without a name of its own is taken to lean on the one before.

Of 250 questions of XQuAD-R in each language, nearly all of which stand alone, 4 % are taken to lean in
English, 2 in Spanish, 7 in Russian, 8 in German, 9 in Chinese, 10 in Turkish, 12 in Arabic; with 4 words
3 % in English, and "how many soldiers were sent?" no longer does.
"""
_SHORT_CASELESS = 6
"""The same in letters, where names cannot be told by their capitals and words not by their spaces."""

_POINTING: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "he she they him them his her hers their theirs it its this these those then",
        "nl": "hij zij ze hem haar hen hun dit deze daar toen daarover daarvan erover ervan",
        "de": "er sie ihm ihn ihr ihnen sein seine seinen seiner ihre ihren ihrer dies diese dieser dieses "
        "damals dazu davon darüber",
        "fr": "il elle ils elles lui leur leurs son sa ses ceci cela ça ceux celui celle",
        "es": "él ella ellos ellas su sus eso esto ese esa esos esas allí entonces",
        "it": "lui lei loro egli ella essi suo sua suoi sue ciò questo questa quello quella",
        "pt": "ele ela eles elas seu sua seus suas isso isto esse essa aquilo dele dela deles",
        "sv": "han hon hans hennes dem deras denna detta där då",
        "da": "han hun hans hendes dem deres denne dette",
        "nb": "han hun hans hennes dem deres denne dette",
        "pl": "on ona oni jego jej ich jemu im ten ta tam wtedy",
        "ru": "он она они оно его её ее их ему ей им ней нём нем них этот эта это эти там тогда",
        "uk": "він вона вони його її їх йому їй їм цей ця ці там тоді",
        "tr": "o onu ona onun onlar onları onların bu bunu şu orada",
        "ar": "عنه عنها عنهم له لها لهم هذا هذه ذلك تلك هناك",
        "hi": "वह वे उसने उसका उसकी उसके उन्होंने उनका उनकी इस यह ये वहाँ",
    }.items()
}
"""Words that stand for what was named before, by language.

Those that mostly do not (`es`, `das`, `that`, `er` in Dutch) are left out: a name carried over for nothing
does more harm than one missed, which the user can give.
"""
_LINKING: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "and but or so",
        "nl": "en maar of dus",
        "de": "und aber oder",
        "fr": "et mais ou donc",
        "es": "y e pero o",
        "it": "e ed ma o",
        "pt": "e mas ou",
        "sv": "och men eller",
        "da": "og men eller",
        "nb": "og men eller",
        "pl": "a i ale",
        "ru": "а и но",
        "uk": "а і та але",
        "tr": "ve ama peki",
        "ar": "و لكن",
        "hi": "और लेकिन",
    }.items()
}
"""Words that a question opens with when it goes on, by language."""
_LINKING_ANYWHERE = frozenset(word for words in _LINKING.values() for word in words if len(word) > 1)
"""For questions too short to tell their language."""
_POINTING_CASELESS = regex.compile(
    "他|她|它|这|那|其|這|彼|それ|これ|その|この|そこ|あの|그는|그가|그의|그녀|그들|이것|그것|그곳"
)
_BEGIN_NAMES = frozenset({"north", "south", "east", "west", "new", "los", "las"})
"""Of the words that open questions: those that open names too, before another word with a capital."""
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’.-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_SPACED = regex.compile(r"[\p{Lu}\p{Ll}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Hangul}]")


@dataclass(frozen=True, slots=True)
class Carried:
    """What a follow-up takes over from the question before."""

    names: tuple[str, ...] = ()
    """Names and numbers; the whole question when it has none."""
    filters: Filters = field(default_factory=Filters)


def make_standalone(question: str, turns: Sequence[Turn]) -> tuple[str, Carried]:
    """A follow-up as it can be searched for by itself, and what was carried over for that.

    A question leans on the one before when it points back ("he", "daar", 他) with no name before that word,
    opens with "and" or the like, or is short and names nothing. It then gets the names and numbers of that
    one, in brackets, or where that has none the whole of the last question that stood alone. The last filters
    hold on in any case.

    Args:
        question: As it was asked.
        turns: Of its session, oldest first.
    """
    if not turns:
        return question, Carried()
    filters = turns[-1].filters
    if not leans(question):
        return question, Carried(filters=filters)
    known = {name.casefold() for name in find_names(question)}
    names = tuple(name for name in find_names(turns[-1].question) if name.casefold() not in known)
    if not names:
        alone = next((turn for turn in reversed(turns) if turn.asked == turn.question), turns[0])
        names = (alone.asked,) if alone.asked.casefold() != question.casefold() else ()
    if not names:
        return question, Carried(filters=filters)
    carried = names[:MOST_CARRIED]
    return f"{question} ({', '.join(carried)})", Carried(carried, filters)


def leans(question: str) -> bool:
    """Whether a question cannot be understood without the one before."""
    words = [word.casefold() for word in _WORD.findall(question)]
    if not words:
        return False
    if not _SPACED.search(question):
        letters = sum(map(len, words))
        return _POINTING_CASELESS.search(question) is not None or letters <= _SHORT_CASELESS
    language = identify(question)
    if words[0] in _LINKING.get(language, _LINKING_ANYWHERE):
        return True
    if any(_points_back(question, word.start(), language) for word in _find_pointing(question, language)):
        return True
    return len(words) <= _SHORT and not find_names(question)


def _find_pointing(question: str, language: str) -> Iterator[regex.Match[str]]:
    pointing = _POINTING.get(language, frozenset())
    return (word for word in _WORD.finditer(question) if word.group().casefold() in pointing)


def _points_back(question: str, at: int, language: str) -> bool:
    """Whether the word at `at` can mean nothing in its own question: no name stands before it there."""
    return language in _NOUNS_CAPITALISED or not find_names(question[:at])


def find_names(question: str) -> tuple[str, ...]:
    """Runs of words with a capital or a digit, each once; none in scripts without capitals.

    The opening word alone is none: it has its capital anyway.
    """
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
    if any(char.isdigit() for char in word):
        return True
    if opens and word.casefold() in _openers() - _BEGIN_NAMES:
        return False
    return any(char.isupper() for char in word) and (len(word) > 1 or not word.isascii())


def _note(
    names: dict[str, str], question: str, run: Sequence[regex.Match[str]], first: regex.Match[str]
) -> None:
    has_capital_inside = any(char.isupper() or char.isdigit() for char in run[0].group()[1:])
    if len(run) == 1 and run[0] is first and not has_capital_inside:
        return
    name = question[run[0].start() : run[-1].end()]
    names.setdefault(name.casefold(), name)


def _openers() -> frozenset[str]:
    from agent.checks.words.function_words import function_words

    return function_words(UNDETERMINED)


def merge_filters(given: Filters, carried: Filters) -> Filters:
    """`given`, and of `carried` what `given` says nothing about; the two ends of a period go together."""
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
