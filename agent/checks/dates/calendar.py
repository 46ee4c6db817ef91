"""The words dates are made of: months and weekdays by CLDR, relative phrases from dateparser's data."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import regex

from agent.checks.words.folding import Word, fold, fold_words, is_unspaced
from agent.checks.words.lexicons import load_lexicon, load_locale

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_INFLECTED = frozenset(
    (
        *("pl", "cs", "sk", "hr", "sr", "sl", "uk", "ru", "bg", "be"),
        *("fi", "hu", "et", "lv", "lt", "el", "tr", "az"),
    )
)
"""Languages whose month and day names take endings that neither source lists in full."""
_COMPOUNDED = frozenset(("de", "nl", "sv", "da", "nb", "fi"))
"""Languages that write "Sunday evening" as one word."""
_ANY_ENDING = r"\w{0,4}"

_NOT_ALONE = ("manana", "morgen", "heute morgen", "اليوم")
"""Tomorrow, but the morning as well, and more often so in news; today, but the day as well."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A time told from the day of writing: `offset` units from now, "day", "week", "month" or "year"."""

    unit: str
    offset: int


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """One language's words, folded."""

    language: str
    months: Mapping[str, int]
    """January is 1."""
    short_months: Mapping[str, int]
    """Abbreviations: they name a month only beside the number of a day."""
    spellings: frozenset[str]
    """Month names with their marks, in lower case."""
    weekdays: Mapping[str, int]
    """Monday is 0."""
    relatives: Mapping[str, Relative]
    ago: tuple[tuple[regex.Pattern[str], str, int], ...]
    """Patterns over folded text with the number in group 1, the unit, and -1 for the past."""

    def month(self, word: Word) -> int | None:
        """Which month a word names."""
        if len(word.text) <= _SHORT and word.text.isalpha() and word.text.casefold() not in self.spellings:
            return None  # Polish "mają" is not "maja"
        return self._look_up(self.months, word.folded, compounds=False)

    def short_month(self, word: Word) -> int | None:
        """Which month an abbreviation may stand for."""
        return self.short_months.get(word.folded) if word.text.casefold() in self.spellings else None

    def weekday(self, word: Word) -> int | None:
        """Which day of the week a word names."""
        return self._look_up(self.weekdays, word.folded, compounds=True)

    def _look_up(self, names: Mapping[str, int], word: str, compounds: bool) -> int | None:
        if word in names:
            return names[word]
        if self.language in _INFLECTED and len(word) > 4:
            endings = "|".join(load_lexicon("date_endings").get(self.language, [_ANY_ENDING]))
            for name, number in names.items():
                stem = name[:-1] if name[-1] in "аяьеийaeiyо" else name
                stem = stem[:-2] + stem[-1] if stem.endswith("ek") else stem  # wtorek, wtorku
                if len(stem) >= 4 and word.startswith(stem) and regex.fullmatch(endings, word[len(stem) :]):
                    return number
        if self.language == "ar" and word.startswith(("و", "ل", "ب")) and word[1:] in names:
            return names[word[1:]]
        if self.language in _COMPOUNDED and (compounds or self.language == "de"):
            return next((day for name, day in names.items() if len(name) > 5 and word.startswith(name)), None)
        return (
            names.get(word[:-1])
            if compounds and word.endswith("s") and self.language in ("en", "es", "fr")
            else None
        )


@cache
def load_calendar(language: str) -> CalendarWords:
    """Return the words of a language (BCP 47 without region); an unknown language has none."""
    data = _dateparser_data(language)
    months = _numbered(data, MONTHS, 1) | dict(_cldr(language, "months"))
    weekdays = _numbered(data, WEEKDAYS, 0) | dict(_cldr(language, "days"))
    weekdays |= {"sonnabend": 5} if language == "de" else {}
    relatives: dict[str, Relative] = {}
    for key, phrases in data.get("relative-type", {}).items():
        told = _tell(key)
        if told:
            relatives |= {fold_words(phrase): told for phrase in phrases if len(phrase) > 1}
    for key, phrases in load_lexicon("relative_dates").get(language, {}).items():
        unit = key.rstrip("+-0123456789")
        relatives |= {fold_words(phrase): Relative(unit, int(key.removeprefix(unit))) for phrase in phrases}
    for phrase in _NOT_ALONE:
        relatives.pop(phrase, None)
    ago = []
    for key, patterns in data.get("relative-type-regex", {}).items():
        match = regex.fullmatch(r"(in )?\\1 (day|week|month|year)( ago)?", key)
        if match:
            for pattern in patterns:
                words = fold(pattern.replace(r"(\d++[.,]?\d*+)", "\x00")).replace("\x00", r"(\d+)")
                ago.append((regex.compile(rf"(?<!\w){words}(?!\w)"), match[2], 1 if match[1] else -1))
    short_months = {
        fold(form).rstrip("."): number for number, name in enumerate(MONTHS, 1) for form in data.get(name, [])
    }
    months |= {"may": 5} if language == "en" else {}
    spellings = {form.casefold().rstrip(".") for name in MONTHS for form in data.get(name, [])}
    spellings |= {form.casefold() for form in _wide(language, "months")}
    return CalendarWords(
        language, months, short_months, frozenset(spellings), weekdays, relatives, tuple(ago)
    )


def _tell(key: str) -> Relative | None:
    match = regex.fullmatch(r"(in )?(\d+) (day|week|month|year)( ago)?", key)
    if match is None or not (match[1] or match[4]):
        return None
    return Relative(match[3], int(match[2]) if match[1] else -int(match[2]))


def _dateparser_data(language: str) -> dict[str, Any]:
    try:
        module = importlib.import_module(f"dateparser.data.date_translation_data.{language}")
    except ImportError:
        return {}
    info: dict[str, Any] = module.info
    return info


def _numbered(data: Mapping[str, Any], names: tuple[str, ...], first: int) -> dict[str, int]:
    """Names of at least four letters (two without case): abbreviations are words in too many languages."""
    return {
        fold(form).rstrip("."): number
        for number, name in enumerate(names, first)
        for form in data.get(name, [])
        if _is_telling(form)
    }


def _cldr(language: str, kind: str) -> Iterator[tuple[str, int]]:
    for form, number in _wide(language, kind).items():
        if _is_telling(form):
            yield fold(form), number


def _wide(language: str, kind: str) -> dict[str, int]:
    """Full names, as dates have them and as they stand alone."""
    locale = load_locale(language)
    if locale is None:
        return {}
    table = locale.months if kind == "months" else locale.days
    return {
        form: number
        for context in ("format", "stand-alone")
        for number, form in table.get(context, {}).get("wide", {}).items()
        if not is_unspaced(form) or language in ("zh", "ja")  # babel falls back on ideographs
    }


_SHORT = 4
_SHORT_NAMES = frozenset(
    (
        *("mai", "mei", "maj", "juin", "mars", "mayo", "june", "july", "juni", "juli", "maio", "lipca"),
        *("maja", "июль", "июнь", "май", "мая", "июня", "июля", "март"),
        *("ekim", "ocak", "mart", "marz", "aout", "luty", "sali", "cuma", "mayis"),
    )
)
"""Full names of at most four letters; English May is added where it is read."""


def _is_telling(form: str) -> bool:
    """Long enough to be no other word: abbreviations are words in too many languages."""
    if form.lower() == form.upper():  # a script without case
        return len(form) >= 2 and not form[0].isdigit()
    folded = fold(form)
    return len(folded) > _SHORT or folded in _SHORT_NAMES
