"""One thing of a sentence changed, by rule: what is a name, a negation or a speaker is decided here.

Nothing of this comes from the checks' own word lists.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import regex
from babel.core import Locale

from vectorstore import to_bcp47

LANGUAGES = ("eng", "nld", "deu", "fra", "spa", "ita")
"""All edits are made in these; in `MORE` only those that need no grammar."""
MORE = ("pol", "tur", "arb", "zho-CN")

TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_FIGURE = regex.compile(r"(?<![\p{L}\d])\d+(?:[.,]\d+)*(?![\p{L}\d])")
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTS = {
    "eng": "two three four five six seven eight nine ten",
    "nld": "twee drie vier vijf zes zeven acht negen tien",
    "deu": "zwei drei vier fünf sechs sieben acht neun zehn",
    "fra": "deux trois quatre cinq six sept huit neuf dix",
    "spa": "dos tres cuatro cinco seis siete ocho nueve diez",
    "ita": "due tre quattro cinque sei sette otto nove dieci",
}
_SAYS = {
    "eng": "said|says|told|added|wrote|warned|claimed|argued|tweeted",
    "nld": "zei|zegt|vertelde|schreef",
    "deu": "sagte|sagt|erklärte|schrieb",
    "fra": "dit|déclare|affirme|ajoute|expliqua|explique|déclara",
    "spa": "dijo|dice|afirmó|declaró|añadió",
    "ita": "dice|disse",
}
_DID = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|must"
_DROP = {
    "eng": [(rf"\b({_DID}) not\b", r"\1"), (rf"\b({_DID})n['’]t\b", r"\1"), (r"\bnever ", "")],
    "nld": [(r" niet\b", ""), (r"\bgeen\b", "een"), (r" nooit\b", "")],
    "deu": [(r" nicht\b", ""), (r"\bkein(e?[nmrs]?)\b", r"ein\1"), (r" nie\b", "")],
    "fra": [(r"\bne (\p{L}+) pas\b", r"\1"), (r"\bn[’'](\p{L}+) pas\b", r"\1")],
    "spa": [(r"(?<=\p{Ll} )no (?=\p{Ll})", "")],
    "ita": [(r"(?<=\p{Ll} )non (?=\p{Ll})", "")],
}
_ADD = {
    "eng": (r"is|are|was|were|has|have|had|will|would|can|could|should", r"\1 not"),
    "nld": (r"is|was|zijn|waren|wordt|werd|werden|heeft|had|hebben|zal|zou|kan", r"\1 niet"),
    "deu": (r"ist|war|sind|waren|wird|wurde|wurden|hat|hatte|haben|kann", r"\1 nicht"),
    "fra": (r"est|était|sera|peut|sont|fut|serait", r"n’\1 pas"),
    "spa": (r"es|fue|ha|han|había|será|puede|está|son|fueron|era", r"no \1"),
    "ita": (r"è|ha|hanno|sono|era|sarà|può|aveva|erano|stato", r"non \1"),
}


class Edit(StrEnum):
    """What was changed in a statement."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    SPEAKER = "speaker"
    DROPPED = "negation dropped"
    ADDED = "negation added"


@dataclass(frozen=True, slots=True)
class Context:
    """The document of a sentence, in which what an edit puts in must not occur already."""

    whole: str
    """Its text in all languages."""
    absent: list[str]
    """Names of other documents."""
    present: list[str]
    """Names of this one."""


def edit_sentence(
    sentence: str, language: str, names: set[str], context: Context, random_: random.Random
) -> Iterator[tuple[Edit, str]]:
    """Yield the sentence once for each edit it has room for; `names` are those in it."""
    whole = context.whole
    figures = list(_FIGURE.finditer(sentence))
    years = [figure for figure in figures if _YEAR.fullmatch(figure.group())]
    other = [figure for figure in figures if figure not in years]
    if other:
        yield from _replaced(
            Edit.NUMBER, sentence, random_.choice(other), lambda text: _other_figure(text, whole, random_)
        )
    counts = _COUNTS.get(language, "").split()
    words = [word for word in TOKEN.finditer(sentence) if word.group() in counts]
    if words:
        free = [count for count in counts if not regex.search(rf"\b{count}\b", whole)]
        yield from _replaced(
            Edit.NUMBER, sentence, random_.choice(words), lambda _: random_.choice(free) if free else None
        )
    if years:
        yield from _replaced(
            Edit.YEAR, sentence, random_.choice(years), lambda text: _other_year(text, whole, random_)
        )
    for table in _calendar(language):
        dates = [word for word in TOKEN.finditer(sentence) if word.group() in table]
        free = [name for name in table if name not in whole]
        if dates and free:
            yield from _replaced(Edit.DATE, sentence, random_.choice(dates), partial(_choose, free, random_))
    if language not in ("arb", "zho-CN"):
        own = [word for word in TOKEN.finditer(sentence) if word.group() in names and word.start()]
        if own:
            yield from _replaced(
                Edit.NAME, sentence, random_.choice(own), lambda _: random_.choice(context.absent)
            )
    if language in LANGUAGES:
        yield from _speakers(sentence, language, names, context.present, random_)
        dropped = [text for rule in _DROP[language] if (text := _once(rule, sentence)) != sentence]
        if dropped:
            yield Edit.DROPPED, dropped[0]
        else:
            verbs, to = _ADD[language]
            added = _once((rf"\b({verbs})\b", to), sentence)
            if added != sentence:
                yield Edit.ADDED, added


def _once(rule: tuple[str, str], sentence: str) -> str:
    return regex.sub(*rule, sentence, count=1)


def _replaced(
    edit: Edit, sentence: str, place: regex.Match[str], choose: Callable[[str], str | None]
) -> Iterator[tuple[Edit, str]]:
    new = choose(place.group())
    if new is not None:
        yield edit, sentence[: place.start()] + new + sentence[place.end() :]


def _choose(choices: Sequence[str], random_: random.Random, _: str) -> str:
    return random_.choice(choices)


def _other_figure(figure: str, whole: str, random_: random.Random) -> str | None:
    """The same shape with one digit changed, so that it stands nowhere in the document."""
    places = [at for at, char in enumerate(figure) if char.isdecimal()]
    for _ in range(40):
        at = random_.choice(places)
        new = figure[:at] + str(random_.randint(1 if at == 0 else 0, 9)) + figure[at + 1 :]
        if new != figure and not regex.search(rf"(?<!\d){regex.escape(new)}(?!\d)", whole):
            return new
    return None


def _other_year(year: str, whole: str, random_: random.Random) -> str | None:
    choices = [
        str(int(year) + shift) for shift in range(-9, 10) if shift and str(int(year) + shift) not in whole
    ]
    return random_.choice(choices) if choices else None


def _calendar(language: str) -> tuple[list[str], list[str]]:
    """Full names of the days and of the months as CLDR writes them, with the capitals of the language."""
    if language in ("arb", "zho-CN"):
        return [], []
    locale = Locale.parse(to_bcp47(language))
    return list(locale.days["format"]["wide"].values()), list(locale.months["format"]["wide"].values())


def _speakers(
    sentence: str, language: str, names: set[str], present: list[str], random_: random.Random
) -> Iterator[tuple[Edit, str]]:
    """The name beside a verb of saying becomes another of the same document."""
    says = _SAYS[language]
    name = "|".join(sorted(map(regex.escape, names), key=len, reverse=True)) or r"(?!)"
    for pattern in (rf"\b({name}) (?:{says})\b", rf"\b(?:{says}) (?:\p{{Lu}}\p{{L}}+ )?({name})\b"):
        match = regex.search(pattern, sentence)
        others = [other for other in present if other not in sentence]
        if match and others:
            yield Edit.SPEAKER, sentence[: match.start(1)] + random_.choice(others) + sentence[match.end(1) :]
            return
