"""The words dates are made of, by language: months and weekdays from CLDR, relative phrases from dateparser's data."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import regex

from agent.checks.words import Word, find_words, fold, is_unspaced

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january february march april may june july august september october november december").split()
_INFLECTED = frozenset("pl cs sk hr sr sl uk ru bg be fi hu et lv lt el tr az".split())
"""Languages whose month and day names take endings that neither source lists in full."""
_COMPOUNDED = frozenset("de nl sv da nb fi".split())
"""Languages that write "Sunday evening" as one word."""
_ENDINGS = {
    "pl": r"a|u|em|owi|e|y|i|o|ie|zie|cie|n(?:i|iego|iej|im|ia|ie|iemu)|ow(?:y|ego|ej|ym|e|a|ych|ymi|emu)|n(?:y|ich|imi|ych|ym|ymi|ego|ej|a|e|emu)",
    "ru": r"а|у|е|ом|ы|ю|я|ем|ой|ов|ам|ами|ах|ям|ях|ск(?:ий|ого|ом|ая|ой|ие|их)|н(?:ий|ий|его|ей|ем|ем|яя|ие|ый|ого|ом|ая|ые)",
    "tr": r"[aeiu]|[yn]?[aeiu]|[dt][ae](?:n|ki)?|nin|nun|un|[iu]n[dt][ae]n?|[iu]n[iu]n|l[ae]r(?:i|in|[dt][ae]n?)?|s[iu]",
}  # fmt: skip
"""Folded endings of month and day names where a free ending would take in other words: Marcin, środki, Martin."""
_ANY_ENDING = r"\w{0,4}"

_MORE_RELATIVE: Mapping[str, Mapping[str, str]] = {
    "en": {"day-1": "last night", "day0": "tonight|this morning|this afternoon|this evening",
           "month-1": "past month", "year-1": "a year earlier|the previous year",
           "year+1": "the following year|the coming year"},
    "nl": {"day-1": "gisteravond|gisterochtend|gistermiddag|gisternacht", "day0": "vanavond|vanmorgen|vanochtend|vanmiddag|vannacht",
           "week-1": "afgelopen week|voorbije week", "month-1": "afgelopen maand", "year-1": "afgelopen jaar|verleden jaar",
           "week+1": "komende week", "month+1": "komende maand", "year+1": "komend jaar"},
    "de": {"week-1": "letzten woche|letzter woche|vergangene woche|vergangenen woche|vergangener woche|vorige woche|voriger woche|vorigen woche",
           "week0": "diese woche|dieser woche", "week+1": "nächste woche|nächsten woche|nächster woche|kommende woche|kommenden woche",
           "month-1": "letzten monat|letzten monats|vergangenen monat|vorigen monat|vergangenen monats", "month0": "diesen monat|diesem monat",
           "month+1": "nächsten monat|kommenden monat", "year-1": "letzten jahr|letztes jahr|letzten jahres|vergangenen jahr|vergangenes jahr|vergangenen jahres|vorigen jahr|vorjahr|im vorigen jahr",
           "year0": "dieses jahr|dieses jahrs|dieses jahres|diesem jahr|heuer", "year+1": "nächstes jahr|nächsten jahr|nächsten jahres|kommenden jahr|kommendes jahr"},
    "fr": {"week-1": "semaine dernière|semaine passée", "week+1": "semaine prochaine", "week0": "cette semaine",
           "month-1": "mois dernier|mois passé", "month+1": "mois prochain", "month0": "ce mois",
           "year-1": "année dernière|an dernier|an passé|année passée", "year0": "cette année", "year+1": "année prochaine|an prochain",
           "day-1": "hier", "day0": "aujourd hui|ce matin|ce soir", "day+1": "demain"},
    "es": {"week-1": "semana pasada", "week0": "esta semana", "week+1": "próxima semana|semana próxima|semana que viene",
           "month-1": "mes pasado", "month0": "este mes", "month+1": "próximo mes|mes próximo|mes que viene",
           "year-1": "año pasado", "year0": "este año", "year+1": "próximo año|año próximo|año que viene", "day-1": "anoche"},
    "it": {"week-1": "settimana scorsa|scorsa settimana", "week0": "questa settimana", "week+1": "prossima settimana|settimana prossima",
           "month-1": "mese scorso|scorso mese", "month+1": "prossimo mese|mese prossimo", "month0": "questo mese",
           "year-1": "anno scorso|scorso anno", "year0": "quest anno", "year+1": "prossimo anno|anno prossimo", "day-1": "ieri", "day0": "oggi"},
    "pt": {"week-1": "semana passada", "week0": "esta semana", "week+1": "próxima semana", "month-1": "mês passado",
           "month+1": "próximo mês", "year-1": "ano passado", "year0": "este ano", "year+1": "próximo ano", "day-1": "ontem", "day0": "hoje"},
    "pl": {"week-1": "zeszłym tygodniu|ubiegłym tygodniu|minionym tygodniu|zeszłego tygodnia|ubiegłego tygodnia", "week0": "tym tygodniu|tego tygodnia",
           "week+1": "przyszłym tygodniu|przyszłego tygodnia", "month-1": "zeszłym miesiącu|ubiegłym miesiącu|zeszłego miesiąca", "month0": "tym miesiącu",
           "month+1": "przyszłym miesiącu", "year-1": "zeszłym roku|ubiegłym roku|zeszłego roku|ubiegłego roku|rok temu", "year0": "tym roku|tego roku",
           "year+1": "przyszłym roku|przyszłego roku"},
    "ru": {"week-1": "прошлой неделе|прошлой недели", "week0": "этой неделе|этой недели", "week+1": "следующей неделе|следующей недели",
           "month-1": "прошлом месяце|прошлого месяца", "month0": "этом месяце|этого месяца", "month+1": "следующем месяце",
           "year-1": "прошлом году|прошлого года|год назад", "year0": "этом году|этого года|нынешнем году", "year+1": "следующем году|следующего года|будущем году"},
    "tr": {"week-1": "geçen hafta|geçtiğimiz hafta", "week0": "bu hafta", "week+1": "gelecek hafta|önümüzdeki hafta|haftaya",
           "month-1": "geçen ay|geçtiğimiz ay", "month0": "bu ay", "month+1": "gelecek ay|önümüzdeki ay",
           "year-1": "geçen yıl|geçen sene|geçtiğimiz yıl", "year0": "bu yıl|bu sene", "year+1": "gelecek yıl|gelecek sene|önümüzdeki yıl|seneye"},
    "ar": {"day-1": "امس|الامس", "day0": "اليوم", "day+1": "غدا", "week-1": "الاسبوع الماضي|الاسبوع المنصرم", "week0": "هذا الاسبوع",
           "week+1": "الاسبوع المقبل|الاسبوع القادم", "month-1": "الشهر الماضي", "month0": "هذا الشهر", "month+1": "الشهر المقبل|الشهر القادم",
           "year-1": "العام الماضي|السنه الماضيه", "year0": "هذا العام|العام الحالي|العام الجاري", "year+1": "العام المقبل|العام القادم"},
    "hi": {"day-1": "बीते कल", "week-1": "पिछले सप्ताह|पिछले हफ्ते|पिछले हफ़्ते", "week0": "इस सप्ताह|इस हफ्ते", "week+1": "अगले सप्ताह|अगले हफ्ते",
           "month-1": "पिछले महीने", "month0": "इस महीने", "month+1": "अगले महीने", "year-1": "पिछले साल|पिछले वर्ष", "year0": "इस साल|इस वर्ष",
           "year+1": "अगले साल|अगले वर्ष"},
    "zh": {"day-1": "昨天|昨日|昨晚", "day0": "今天|今日|今晚|今早", "day+1": "明天|明日", "week-1": "上周|上星期|上个星期|上一周", "week0": "本周|这周|这个星期",
           "week+1": "下周|下星期", "month-1": "上个月|上月", "month0": "这个月|本月", "month+1": "下个月|下月", "year-1": "去年", "year0": "今年", "year+1": "明年"},
    "ja": {"day-1": "昨日|昨夜|きのう", "day0": "今日|今夜|今朝|きょう", "day+1": "明日|あす", "week-1": "先週", "week0": "今週", "week+1": "来週",
           "month-1": "先月", "month0": "今月", "month+1": "来月", "year-1": "昨年|去年", "year0": "今年|ことし", "year+1": "来年"},
}  # fmt: skip
"""How news says it where dateparser's data has one case or one wording, as unit, offset and phrases."""


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
            endings = _ENDINGS.get(self.language, _ANY_ENDING)
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
    """Of a language (BCP 47 without region); one that nobody knows has no words."""
    data = _dateparser_data(language)
    months = _numbered(data, MONTHS, 1) | dict(_cldr(language, "months"))
    weekdays = _numbered(data, WEEKDAYS, 0) | dict(_cldr(language, "days"))
    weekdays |= {"sonnabend": 5} if language == "de" else {}
    relatives: dict[str, Relative] = {}
    for key, phrases in data.get("relative-type", {}).items():
        told = _tell(key)
        if told:
            relatives |= {_phrase(phrase): told for phrase in phrases if len(phrase) > 1}
    for key, phrases in _MORE_RELATIVE.get(language, {}).items():
        unit, sign, offset = regex.fullmatch(r"([a-z]+)([+-]?)(\d)", key).groups()  # type: ignore[union-attr]
        relatives |= {_phrase(phrase): Relative(unit, int(sign + offset)) for phrase in phrases.split("|")}
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


def _phrase(text: str) -> str:
    return " ".join(word.folded for word in find_words(text))


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


def _numbered(data: Mapping[str, Any], names: list[str] | tuple[str, ...], first: int) -> dict[str, int]:
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
    from babel.core import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
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
    "mai mei maj juin mars mayo june july juni juli maio lipca maja июль июнь май мая июня июля март"
    " ekim ocak mart marz aout luty sali cuma mayis".split()
)
"""Full names of at most four letters; English May is added where it is read."""


def _is_telling(form: str) -> bool:
    """Long enough to be no other word: abbreviations are words in too many languages."""
    if form.lower() == form.upper():  # a script without case
        return len(form) >= 2 and not form[0].isdigit()
    folded = fold(form)
    return len(folded) > _SHORT or folded in _SHORT_NAMES
