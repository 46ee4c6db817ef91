"""The words dates are made of: months and weekdays by CLDR, relative phrases from dateparser's data."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import regex

from agent.checks.words.folding import Word, fold, fold_words, is_unspaced
from agent.checks.words.lexicons import load_lexicon, load_locale, word_set

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ANY_ENDING = r"\w{0,4}"
_SHORT = 4
"""Letters of a name that may be another word."""
_MAY = {"en": ("may",), "pl": ("majem", "maju"), "ru": ("мае", "маем")}
"""Forms of May, too short or too much like other words for the rules of the rest."""

_NOT_ALONE = ("manana", "morgen", "heute morgen", "اليوم")
"""Tomorrow, but the morning as well, and more often so in news; today, but the day as well."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A time counted from the day of writing: `offset` units from now, "day", "week", "month" or "year"."""

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
        """Return which month a word names."""
        if len(word.text) <= _SHORT and word.text.isalpha() and word.text.casefold() not in self.spellings:
            return None  # Polish "mają" is not "maja"
        return self._look_up(self.months, word.folded, compounds=False)

    def short_month(self, word: Word) -> int | None:
        """Return which month an abbreviation may mean."""
        return self.short_months.get(word.folded) if word.text.casefold() in self.spellings else None

    def weekday(self, word: Word) -> int | None:
        """Return which day of the week a word names."""
        return self._look_up(self.weekdays, word.folded, compounds=True)

    def _look_up(self, names: Mapping[str, int], word: str, compounds: bool) -> int | None:
        if word in names:
            return names[word]
        if self.language in word_set("languages_inflecting_dates") and len(word) > 4:
            endings = "|".join(load_lexicon("date_endings").get(self.language, [_ANY_ENDING]))
            for name, number in names.items():
                stem = name[:-1] if name[-1] in "аяьеийaeiyо" else name
                stem = stem[:-2] + stem[-1] if stem.endswith("ek") else stem  # wtorek, wtorku
                if len(stem) >= 4 and word.startswith(stem) and regex.fullmatch(endings, word[len(stem) :]):
                    return number
        if self.language == "ar" and word.startswith(("و", "ل", "ب")) and word[1:] in names:
            return names[word[1:]]
        if self.language in word_set("languages_compounding_dates") and (compounds or self.language == "de"):
            return next((day for name, day in names.items() if len(name) > 5 and word.startswith(name)), None)
        is_plural = compounds and word.endswith("s") and self.language in ("en", "es", "fr")
        return names.get(word[:-1]) if is_plural else None


@cache
def load_calendar(language: str) -> CalendarWords:
    """Return the words of a language (BCP 47 without region); an unknown language has none."""
    data = _dateparser_data(language)
    month_forms, wide_months = _forms(data, MONTHS, 1), _wide(language, "months")
    months = _fold_names(month_forms) | _fold_names(wide_months.items())
    may = _MAY.get(language, ())
    months |= dict.fromkeys(may, 5)
    weekdays = _fold_names(_forms(data, WEEKDAYS, 0)) | _fold_names(_wide(language, "days").items())
    weekdays |= {"sonnabend": 5} if language == "de" else {}
    spellings = {form.casefold().rstrip(".") for form, _ in month_forms} | set(map(str.casefold, wide_months))
    spellings |= set(may)
    return CalendarWords(
        language,
        months,
        short_months=_fold_names(month_forms, are_distinct=False),
        spellings=frozenset(spellings),
        weekdays=weekdays,
        relatives=_relatives(data, language),
        ago=tuple(_ago(data)),
    )


def _relatives(data: Mapping[str, Any], language: str) -> dict[str, Relative]:
    found: dict[str, Relative] = {}
    for key, phrases in data.get("relative-type", {}).items():
        match = regex.fullmatch(r"(in )?(\d+) (day|week|month|year)( ago)?", key)
        if match is None or not (match[1] or match[4]):
            continue
        relative = Relative(match[3], int(match[2]) if match[1] else -int(match[2]))
        for phrase in phrases:
            if len(phrase) > 1:
                found[fold_words(phrase)] = relative
    for key, phrases in load_lexicon("relative_dates").get(language, {}).items():
        unit = key.rstrip("+-0123456789")
        for phrase in phrases:
            found[fold_words(phrase)] = Relative(unit, int(key.removeprefix(unit)))
    for phrase in _NOT_ALONE:
        found.pop(phrase, None)
    return found


def _ago(data: Mapping[str, Any]) -> Iterator[tuple[regex.Pattern[str], str, int]]:
    for key, patterns in data.get("relative-type-regex", {}).items():
        match = regex.fullmatch(r"(in )?\\1 (day|week|month|year)( ago)?", key)
        if match is None:
            continue
        for pattern in patterns:
            words = fold(pattern.replace(r"(\d++[.,]?\d*+)", "\x00")).replace("\x00", r"(\d+)")
            yield regex.compile(rf"(?<!\w){words}(?!\w)"), match[2], 1 if match[1] else -1


def _dateparser_data(language: str) -> dict[str, Any]:
    """Return the words of a language."""
    # Read as a file: importing the package takes a quarter of a second.
    package = find_spec("dateparser")
    if package is None or package.origin is None:
        return {}
    path = Path(package.origin).parent / "data" / "date_translation_data" / f"{language}.py"
    info: dict[str, Any] = runpy.run_path(str(path))["info"] if path.is_file() else {}
    return info


def _forms(data: Mapping[str, Any], names: tuple[str, ...], first: int) -> list[tuple[str, int]]:
    """Return the forms of months or weekdays in dateparser's data with their number, counted from `first`."""
    found: list[tuple[str, int]] = []
    for number, name in enumerate(names, first):
        for form in data.get(name, ()):
            found.append((form, number))
    return found


def _fold_names(forms: Iterable[tuple[str, int]], *, are_distinct: bool = True) -> dict[str, int]:
    """Return folded names by number, less those that are words of other meaning in too many languages."""
    found = {}
    for form, number in forms:
        if _is_distinct(form) or not are_distinct:
            found[fold(form).rstrip(".")] = number
    return found


def _wide(language: str, kind: str) -> dict[str, int]:
    """Return full names as CLDR has them, in dates and by themselves."""
    locale = load_locale(language)
    if locale is None:
        return {}
    table = locale.months if kind == "months" else locale.days
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, form in table.get(context, {}).get("wide", {}).items():
            if not is_unspaced(form) or language in ("zh", "ja"):  # babel falls back on ideographs
                found[form] = number
    return found


def _is_distinct(form: str) -> bool:
    """Whether a name is long enough to be no other word."""
    if form.lower() == form.upper():  # a script without case
        return len(form) >= 2 and not form[0].isdigit()
    folded = fold(form)
    return len(folded) > _SHORT or folded in word_set("short_names")
