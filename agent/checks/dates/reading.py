"""Every date of a text, absolute or counted from the day of writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from agent.checks.dates.calendar import CalendarWords, Relative, load_calendar
from agent.checks.words.cjk import read_cjk
from agent.checks.words.digits import to_ascii_digits
from agent.checks.words.folding import Word, find_words, fold_all, is_apart, is_unspaced
from agent.checks.words.lexicons import word_set
from agent.checks.words.numerals import load_table
from vectorstore import primary_language

_ISO = regex.compile(r"(?<![\d./-])(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?![\d/-])")
_NUMERIC = regex.compile(r"(?<![\d.,/])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_IDEOGRAPHIC = regex.compile(
    r"(?:(\d{4}|[〇零一二三四五六七八九]{4})\s*[年년]\s*)?(?:(\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:月份?|월))"
    r"(?:\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号號일])?"
)
_MONTHS_OF = regex.compile(r"^\s*(?:[間间]|个|個|ぶり)")
_DAY = regex.compile(r"\d{1,2}")
_DECIMAL = regex.compile(r"[.,]\d")
_AROUND = 3
"""Words on either side of a month's name among which its day and year are looked for."""
_ORDINAL_END = regex.compile(r"(?:st|nd|rd|th|er|e|ste|de|º|ª|°|\.|-?го|-?е)?\Z", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at `[start, end)`; fields that the text does not name are None."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """Monday is 0."""
    relative: Relative | None = None


@lru_cache(maxsize=1024)
def find_dates(text: str, language: str) -> tuple[DateMention, ...]:
    """Return all dates in order; a bare year is no date here but a number. `language` is BCP 47."""
    calendar = load_calendar(primary_language(language))
    plain = to_ascii_digits(text)
    found: list[DateMention] = []
    for mention in (
        *_in_figures(plain, language),
        *(_ideographic(plain) if is_unspaced(text) or "월" in text else ()),
        *_with_month_names(plain, calendar),
        *_weekdays(plain, calendar),
        *_relative(plain, calendar),
    ):
        if is_apart(mention, found):
            found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.start))


def _in_figures(text: str, language: str) -> Iterator[DateMention]:
    for match in _ISO.finditer(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        if _is_day(month, day):
            yield DateMention(*match.span(), match.group(), year, month, day)
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        month_first = language in ("en", "en-US") and match[2] == "/"
        month, day = (first, second) if month_first else (second, first)
        if not _is_day(month, day):
            month, day = day, month
        if _is_day(month, day):
            full = year if year > 99 else 2000 + year if year < 70 else 1900 + year
            yield DateMention(*match.span(), match.group(), full, month, day)


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _ideographic(text: str) -> Iterator[DateMention]:
    for match in _IDEOGRAPHIC.finditer(text):
        year, month, day = map(_figure, match.groups())
        counts_months = day is None and _MONTHS_OF.match(text[match.end() :])
        if month and 1 <= month <= 12 and (day is None or 1 <= day <= 31) and not counts_months:
            yield DateMention(*match.span(), match.group(), year, month, day)


def _figure(group: str | None) -> int | None:
    value = read_cjk(group) if group else None
    return None if value is None else int(value)


def _with_month_names(text: str, calendar: CalendarWords) -> Iterator[DateMention]:
    words = find_words(text)
    for at, word in enumerate(words):
        month = calendar.month(word)
        short = calendar.short_month(word)
        if month is None and short is None:
            continue
        before = _side(text, words, at, -1, is_short=month is None)
        after = _side(text, words, at, 1, is_short=month is None)
        day = _day_among(text, before, calendar) or _day_among(text, after, calendar)
        if day is None and (month is None or _is_other_word(text, words, at, calendar.language)):
            continue
        year = _year_among(after) or _year_among(before)
        parts = sorted(filter(None, (word, day and day[0], year and year[0])), key=lambda part: part.start)
        start, end = parts[0].start, parts[-1].end
        number = day[1] if day else None
        yield DateMention(start, end, text[start:end], year[1] if year else None, month or short, number)


def _side(text: str, words: list[Word], at: int, step: int, is_short: bool) -> list[Word]:
    """Return up to three words beside a month, without fillers, until something that ends the date."""
    found: list[Word] = []
    last = words[at]
    for index in range(1, _AROUND + 2):
        position = at + step * index
        if not 0 <= position < len(words) or len(found) == _AROUND:
            break
        word = words[position]
        gap = text[last.end : word.start] if step > 0 else text[word.end : last.start]
        if (is_short and "," in gap and not found) or regex.search(r"[;:!?()\"“”„«»\n]|[.]\s.*[A-ZÀ-Þ]", gap):
            break
        last = word
        if word.folded not in word_set("date_fillers"):
            found.append(word)
    return found


def _day_among(text: str, words: list[Word], calendar: CalendarWords) -> tuple[Word, int] | None:
    if not words:
        return None
    word, day = words[0], 0
    match, table = _DAY.match(word.text), load_table(calendar.language)
    is_decimal = _DECIMAL.match(text, word.end) is not None
    if match and _ORDINAL_END.fullmatch(word.text, match.end()) and not is_decimal:
        day = int(match.group())
    elif table and calendar.language in word_set("languages_spelling_days"):
        day = table.ordinals.get(word.folded, 0)
    return (word, day) if 1 <= day <= 31 else None


def _year_among(words: list[Word]) -> tuple[Word, int] | None:
    for word in words:
        if regex.fullmatch(r"(1[5-9]|20)\d\d", word.text):
            return word, int(word.text)
        if not regex.match(r"\d", word.text):
            return None
    return None


def _is_other_word(text: str, words: list[Word], at: int, language: str) -> bool:
    """Whether it is no month: May and March without a day need a capital and a preposition or a year."""
    word = words[at]
    if language != "en" or word.folded not in ("may", "march"):
        return len(word.text) <= 3 and not word.text.isascii() and language in ("tr",)
    before = words[at - 1].folded if at else ""
    after = words[at + 1].text if at + 1 < len(words) else ""
    is_after_preposition = before in word_set("before_month") and not after[:1].isupper()
    is_month = is_after_preposition or regex.fullmatch(r"\d{4}", after) is not None
    return not (word.is_capitalised and is_month)


def _weekdays(text: str, calendar: CalendarWords) -> Iterator[DateMention]:
    if is_unspaced(text):
        for name, number in calendar.weekdays.items():
            for match in regex.finditer(regex.escape(name), text):
                yield DateMention(*match.span(), match.group(), weekday=number)
        return
    words = find_words(text)
    for at, word in enumerate(words):
        day = calendar.weekday(word)
        if day is not None and not _is_no_day(words, at, calendar.language):
            yield DateMention(word.start, word.end, word.text, weekday=day)


def _is_no_day(words: list[Word], at: int, language: str) -> bool:
    """Whether it is no day: the Sunday Times; Turkish pazar, a market unless "gün" (day) follows."""
    following = words[at + 1] if at + 1 < len(words) else None
    if language == "tr" and regex.match("pazar(?!t)", words[at].folded):
        return following is None or not following.folded.startswith("gun")
    if following is not None and language == "en" and following.text in word_set("titles_of_the_week"):
        return True
    is_the = at > 0 and words[at - 1].folded == "the"
    return is_the and following is not None and following.is_capitalised


def _relative(text: str, calendar: CalendarWords) -> Iterator[DateMention]:
    if is_unspaced(text):
        for phrase in sorted(calendar.relatives, key=len, reverse=True):
            for match in regex.finditer(regex.escape(phrase), text):
                yield DateMention(*match.span(), match.group(), relative=calendar.relatives[phrase])
    else:
        words = find_words(text)
        folded = fold_all(words)
        for at in range(len(words)):
            for count in (4, 3, 2, 1):
                found = calendar.relatives.get(" ".join(folded[at : at + count]))
                if found and len(words) >= at + count:
                    start, end = words[at].start, words[at + count - 1].end
                    yield DateMention(start, end, text[start:end], relative=found)
                    break
    yield from _ago(text, calendar)


def _ago(text: str, calendar: CalendarWords) -> Iterator[DateMention]:
    """Yield "so many years ago", the number in figures or a word."""
    if not calendar.ago:
        return
    figures, starts, ends = spell_as_figures(text, calendar.language)
    for pattern, unit, sign in calendar.ago:
        for match in pattern.finditer(figures):
            start, end = starts[match.start()], ends[match.end() - 1]
            yield DateMention(start, end, text[start:end], relative=Relative(unit, sign * int(match[1])))


def spell_as_figures(text: str, language: str) -> tuple[str, list[int], list[int]]:
    """Return folded words with number words in figures; and where each character's word starts and ends."""
    words = find_words(text)
    folded = fold_all(words)
    table = load_table(language)
    numbers = {number.first: number for number in table.parse(folded)} if table else {}
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(words):
        number = numbers.get(at)
        end = number.end if number else at + 1
        piece = (str(number.value) if number else folded[at]) + " "
        pieces.append(piece)
        starts += [words[at].start] * len(piece)
        ends += [words[end - 1].end] * len(piece)
        at = end
    return "".join(pieces), starts, ends
