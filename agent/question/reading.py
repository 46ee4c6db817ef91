"""Read what a question asks of articles into filters and an order, and say in words what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from agent.question.cues import find_among
from agent.question.when import Period, find_period
from agent.question.who import find_authors, find_languages, find_outlets
from vectorstore import UNDETERMINED, Filters, identify, primary_language

_ENGLISH = "en_GB"
"""The locale of the words that say what was read."""

_READ_AS = {UNDETERMINED: "en", "gl": "pt", "az": "tr"}
"""Languages that a short question is mistaken for, or close enough, by the one it is read as."""


class KnownNames(Protocol):
    """Says which of some folded names a library has articles of, each with the name as it is written."""

    def find_outlets(self, keys: Iterable[str]) -> Mapping[str, str]: ...
    def find_authors(self, keys: Iterable[str]) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What a question itself asks of the articles."""

    filters: Filters = field(default_factory=Filters)
    newest_first: bool = False
    named: tuple[str, ...] = ()
    """The words, folded, that ask for a language or the newest: no article need have them."""
    words: str = ""
    """The same in English; empty where nothing is asked."""


def read_question(question: str, names: KnownNames, today: date, given: Filters) -> QuestionReading:
    """Return what a question asks of the articles, less what the filters given with it already say.

    Args:
        question: in any language; one that is not recognised is read as English.
        names: of the library.
        today: the day of asking, from which "last week" counts.
        given: filters that were given beside the question; each is believed before the question.
    """
    language = primary_language(identify(question))
    language = _READ_AS.get(language, language)
    has_dates = given.since is not None or given.until is not None
    period = None if has_dates else find_period(question, language, today)
    languages = {} if given.languages else find_languages(question, language)
    newest = find_among("newest", language, question)
    filters = Filters(
        since=_midnight(period.first) if period and period.first else None,
        until=_midnight(period.last, 1) if period and period.last else None,
        outlets=() if given.outlets else find_outlets(question, language, names.find_outlets),
        authors=() if given.authors else find_authors(question, language, names.find_authors),
        languages=tuple(languages),
    )
    words = _describe(filters, period, newest_first=bool(newest))
    return QuestionReading(filters, bool(newest), (*languages.values(), newest), words)


def merge(given: Filters, read: Filters) -> Filters:
    """Return the filters given, with those read from the question where nothing was given."""
    return replace(
        given,
        since=given.since or read.since,
        until=given.until or read.until,
        outlets=given.outlets or read.outlets,
        authors=given.authors or read.authors,
        languages=given.languages or read.languages,
    )


def _midnight(day: date, later: int = 0) -> datetime | None:
    try:
        return datetime.combine(day + timedelta(later), time(), UTC)
    except OverflowError:
        return None


def _describe(filters: Filters, period: Period | None, *, newest_first: bool) -> str:
    parts = [f"published {_describe_period(period)}"] if period else []
    parts += [f"outlet {' or '.join(filters.outlets)}"] if filters.outlets else []
    parts += [f"by {' or '.join(filters.authors)}"] if filters.authors else []
    parts += [f"in {' or '.join(map(_name_language, filters.languages))}"] if filters.languages else []
    parts += ["newest first"] if newest_first else []
    return ", ".join(parts)


def _describe_period(period: Period) -> str:
    from babel.dates import format_date, format_interval

    if period.first and period.last:
        if period.first == period.last:
            return f"on {format_date(period.first, 'd MMMM y', _ENGLISH)}"
        return format_interval(period.first, period.last, "yMMMMd", locale=_ENGLISH).replace("\u2009", " ")
    day = period.first or period.last
    words = format_date(day, "d MMMM y", _ENGLISH)
    return f"since {words}" if period.first else f"until {words}"


def _name_language(tag: str) -> str:
    from babel.core import Locale

    name: str = Locale.parse("en").languages.get(tag, tag)
    return name
