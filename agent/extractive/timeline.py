"""When something that a statement says happened, so that a timeline is in an order that was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import regex

from agent.answer.answer import Citation, EventDate, Statement
from agent.answer.citations import LoadArticle
from agent.checks.dates.intervals import DayRange, resolve
from agent.checks.dates.reading import DateMention, find_dates
from agent.checks.stance.clauses import cue_pattern
from agent.checks.words.folding import find_words, fold
from agent.checks.words.lexicons import compile_words
from vectorstore import primary_language

_AHEAD = 2
"""How much nearer a day to come has to be than a past one when nothing says which is meant.

News reports what was: "Friday", written on a Tuesday, is last week's. But "Wednesday" is tomorrow, for what
happened six days ago would have been reported with its date.
"""
_YEAR = regex.compile(r"\s*((?:19|20)\d\d)(?!\s?%|\d|[.,]\d|-)(?:\s?年)?")
_ASIDE = regex.compile(r"\([^()]*\)")


def order_by_event(
    statements: Iterable[Statement], load: LoadArticle, language: str | None
) -> tuple[Statement, ...]:
    """Return the statements with their dates, earliest first, then those without any.

    `language` is BCP 47, of statements whose own words were checked against what they cite; None for quotes,
    whose date is looked for in what is cited alone.
    """
    dated = []
    for statement in statements:
        event = date_event(statement, load, language)
        dated.append(statement.model_copy(update={"event": event}))
    return tuple(sorted(dated, key=_place))


def date_event(statement: Statement, load: LoadArticle, language: str | None) -> EventDate | None:
    """Return the day or the days of what a statement says.

    Its own date comes first, then one in what it cites; both count from the day the cited article appeared.
    Where neither has one it is that day, marked so; None when that is not known either.
    """
    days = [_published(citation, load) for citation in statement.citations]
    known = sorted(filter(None, days))
    texts: list[tuple[str, str, date | None]] = []
    if language is not None:
        # Words such as "Friday" count from one day, so not where the cited articles appeared on several.
        texts.append((statement.text, language, known[0] if len(set(known)) == 1 else None))
    for citation, day in zip(statement.citations, days, strict=True):
        texts.append((citation.quote, citation.language, day))
    for text, tongue, day in texts:
        found = find_event(text, tongue, day)
        if found is not None:
            return EventDate(first=found.first, last=found.last)
    return EventDate(first=known[0], last=known[0], is_published=True) if known else None


def find_event(text: str, language: str, published: date | None) -> DayRange | None:
    """Return the most exact date of a sentence of the day `published`; of equally exact ones the first.

    A weekday, or a date without a year, is the nearest that its words allow. A bare year counts behind a word
    such as "in" or "since", where nobody is reported: what somebody says of 1998 is said now.
    """
    candidates = []
    for mention in find_dates(text, language):
        days = _choose(mention, resolve(mention, published), text, language, published)
        if days:
            length = (days.last - days.first).days
            candidates.append((length, mention.weekday is not None, mention.start, days))
    if candidates:
        return min(candidates, key=lambda candidate: candidate[:3])[3]
    year = _find_year(text, primary_language(language))
    return DayRange(date(year, 1, 1), date(year, 12, 31)) if year else None


def has_event(text: str, language: str, published: date | None) -> bool:
    """Whether a sentence says when something happened."""
    return find_event(text, language, published) is not None


def _find_year(text: str, language: str) -> int | None:
    words = compile_words("future", "years", language, are_whole=True)
    said = cue_pattern("reports", language)
    folded = fold(_ASIDE.sub(" ", text))
    if words is None or (said is not None and said.search(folded)):
        return None
    years = (_YEAR.match(folded, word.end()) for word in words.finditer(folded))
    return next((int(year[1]) for year in years if year), None)


def _choose(
    mention: DateMention, possible: Sequence[DayRange], text: str, language: str, published: date | None
) -> DayRange | None:
    if published is None or len(possible) < 2:
        return next(iter(possible), None)
    if _is_to_come(mention, text, language):
        possible = [days for days in possible if days.last >= published] or possible
        return min(possible, key=lambda days: abs((days.first - published).days))
    return min(possible, key=lambda days: _distance(days, published))


def _distance(days: DayRange, published: date) -> int:
    if days.first <= published <= days.last:
        return 0
    past = (published - days.last).days
    return past if past > 0 else _AHEAD * (days.first - published).days


def _is_to_come(mention: DateMention, text: str, language: str) -> bool:
    """Whether a cue is before the date, or right after it, as Dutch and German order it."""
    base = primary_language(language)
    pattern = compile_words("future", "cues", base, base not in ("zh", "ja"))
    if pattern is None:
        return False
    following = find_words(text[mention.end :])
    after = fold(following[0].text) if following and base in ("nl", "de") else ""
    clause = regex.split(r"[,;:.!?“”\"]", text[: mention.start])[-1]
    return pattern.search(fold(clause)) is not None or (bool(after) and pattern.fullmatch(after) is not None)


def _published(citation: Citation, load: LoadArticle) -> date | None:
    published = load(citation.article).published
    return published.at.date() if published else None


def _place(statement: Statement) -> tuple[bool, date, date]:
    event = statement.event
    return (event is None, event.first if event else date.min, event.last if event else date.min)
