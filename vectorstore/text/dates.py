"""Publication times: read exactly from metadata, and from text only where a date is the article's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import islice

from vectorstore.files import read_table
from vectorstore.model.article import Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.text.languages import primary_language
from vectorstore.text.paragraphs import ends_like_a_sentence

DATE_LINE = 100
"""Longest paragraph that is taken for a line of its own about the article ("By … | 3 December 2024")."""

DATELINE = 80
"""A date that opens the first paragraph ends within this many code points ("TOKYO, Dec. 3, 2024 — ")."""

TOP = 5
"""Paragraphs from the top among which a date line or a dateline is looked for."""

DETAIL_WORDS, DETAIL_LETTERS = 2, 16
"""Words and letters a line of details may have besides its date: a weekday, a town."""

PLACE_WORDS = 5
"""Words before the date of a dateline: a town, perhaps a country and an agency."""

IDEOGRAPH = 4
"""Letters that one East Asian character counts as."""

_WORDS = read_table("vectorstore.text", "newsrooms.toml")
_SAYS_PUBLISHED = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_WORDS['published_words'])})", re.IGNORECASE)
_BYLINE = frozenset(_WORDS["bylines"])
_SEPARATOR = re.compile(r"[|•]|\s·\s")
_AFTER_PLACE = re.compile(r"(?:\A|[,，(（、:：،|\[【–—-]|,\s(?:den|le|il|el|em))\s?\Z")
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<clock>\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?)\s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    rf"\bfile (?:photo|picture|image)|(?-i:\bFILE\b)|{'|'.join(_WORDS['archive_words'])}", re.IGNORECASE
)
_DASH = re.compile(r"[^.!?。]{0,30}?(?:\s[-–—―]|--|[—―:：)）】\]])")
_ISO_IN_TEXT = re.compile(r"(?<![\d/.-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])")
_EAST_ASIAN = re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)\s?[日일号號]")
_VIETNAMESE = re.compile(
    r"(?:ngày |(?<!\d))(?P<d>\d\d?) tháng (?P<m>\d\d?)(?:,| năm)? (?P<y>\d{4})(?!\d)", re.I
)
_NUMERIC = (_ISO_IN_TEXT, _EAST_ASIAN, _VIETNAMESE)

_LOCALES = {"ar": ("ar", "ar_LB"), "sr": ("sr", "sr_Latn"), "fil": ("fil", "en"), "bs": ("bs", "hr")}
_SPELLINGS = {"hi": [(9, "सितम्बर"), (11, "नवम्बर"), (12, "दिसम्बर")], "en": [(9, "Sept")]}
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th|er|ème|º|ª|°|:a|:e|-(?:го|е|ого))?\.?"
_OF = r"(?:de|of|di|d[’']|ל?ב)?\s?"
_AND_YEAR = r"\.?,?،?\s?(?:de|del|of)?\s?(?P<y>\d{4})(?!\d)"

_INFLECTED = frozenset({"et", "eu", "lv", "sr"})
"""Languages whose written dates end their months otherwise than any form CLDR gives."""

_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, )?\d\d? [A-Za-z]{3} \d{4} \d\d:\d\d.*", re.DOTALL)
_BUDDHIST = 543
"""Thai years run this far ahead."""


def parse_published(value: str, provenance: Provenance, language: str = "en") -> Published | None:
    """Return the moment `value` names, or None when it is no full date, or could be two.

    Read are ISO 8601 (date, or date and time), RFC 2822, and a day, month by name in `language` or
    English, and year. A time counts only with its zone; midnight sharp is how systems write "no time
    known", so it counts as a day. `03/12/2024` is None: which number is the month is not clear.
    """
    value = value.strip()
    try:
        if match := _ISO.fullmatch(value):
            return _from_iso(match["day"], match["clock"], match["zone"], provenance)
        if _RFC_2822.fullmatch(value):
            return _of_moment(parsedate_to_datetime(value), provenance)
        named = {*_days(value, language), *_days(value, "en")}
        return _of_day(named.pop(), provenance) if len(named) == 1 and len(value) <= DATE_LINE else None
    except (ValueError, OverflowError):
        return None


def find_published(
    text: str, paragraphs: Sequence[Span], boilerplate: Sequence[Boilerplate], language: str
) -> Published | None:
    """Return the article's own date, where its text says it: day, month and year in full.

    Looked at, in this order: a line near the top that holds nothing but details; the dateline that opens
    a paragraph; the captions, of which the latest counts, since a picture is never younger than the
    article (archive pictures aside). Dates in running text are about something else.
    """
    aside = [part.span for part in boilerplate]
    running = (span.of(text) for span in paragraphs if not any(map(span.overlaps, aside)))
    top = list(islice(running, TOP))
    for paragraph in top:
        if days := _days_of_date_line(paragraph, language):
            return _of_day(min(days), Provenance.TEXT)
    for paragraph in top:
        if day := _day_of_dateline(paragraph, language):
            return _of_day(day, Provenance.TEXT)
    pictured: list[date] = []
    for part in boilerplate:
        caption = part.span.of(text)
        if part.role is Role.CAPTION and not _ARCHIVE.search(caption):
            pictured += _days(caption, language)
    return _of_day(max(pictured), Provenance.TEXT) if pictured else None


def _days_of_date_line(line: str, language: str) -> list[date]:
    """Return the days in a line about the article: with little else in it, or a word that says so."""
    if len(line) > DATE_LINE:
        return []
    found = list(_find_dates(line, language))
    rest = line
    for span, _ in sorted(found, reverse=True):
        rest = rest[: span.start] + " " + rest[span.end :]
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", rest)]
    letters = sum(IDEOGRAPH if ord(letter) > 0x2E80 else 1 for letter in "".join(words))
    is_short = len(words) <= DETAIL_WORDS and letters <= DETAIL_LETTERS
    is_details = is_short and not (words and ends_like_a_sentence(line))
    is_signed = bool(words) and words[0] in _BYLINE
    if is_details or is_signed or _SEPARATOR.search(line) or _SAYS_PUBLISHED.search(rest):
        return [day for _, day in found]
    return []


def _day_of_dateline(paragraph: str, language: str) -> date | None:
    """Return the day between place and dash: "TOKYO, Dec. 3, 2024 (Kyodo) — "; not "Op 24 mei 2022 – "."""
    for span, day in _find_dates(paragraph[:DATELINE], language):
        before = paragraph[: span.start]
        is_place = _AFTER_PLACE.search(before) and len(before.split()) <= PLACE_WORDS
        if is_place and _DASH.match(paragraph, span.end):
            return day
    return None


def _days(text: str, language: str) -> list[date]:
    return [day for _, day in _find_dates(text, language)]


def _from_iso(day: str, clock: str | None, zone: str | None, provenance: Provenance) -> Published:
    if clock is None or zone is None:
        return _of_day(date.fromisoformat(day), provenance)
    return _of_moment(datetime.fromisoformat(f"{day}T{clock.replace(',', '.')}{zone.upper()}"), provenance)


def _of_moment(moment: datetime, provenance: Provenance) -> Published:
    if moment.tzinfo is None or moment.time() == time():
        return _of_day(moment.date(), provenance)
    at = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return Published(at, Precision.MINUTE, provenance)


def _of_day(day: date, provenance: Provenance) -> Published:
    return Published(datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY, provenance)


def _find_dates(text: str, language: str) -> Iterator[tuple[Span, date]]:
    """Yield full dates in `text`: their spans and days."""
    names = _month_names(primary_language(language))
    for pattern in (*_NUMERIC, *_month_patterns(primary_language(language))):
        for match in pattern.finditer(text):
            month = match.groupdict().get("m")
            number = int(month) if month else names[match["name"].casefold()]
            year = int(match["y"]) - (_BUDDHIST if int(match["y"]) > 2400 else 0)
            try:
                yield Span(*match.span()), date(year, number, int(match["d"]))
            except ValueError:
                continue


@cache
def _month_names(language: str) -> dict[str, int]:
    """CLDR's month names and abbreviations, case folded, to month numbers; empty for a language without."""
    from babel import Locale, UnknownLocaleError

    names: dict[str, int] = {}
    for code in _LOCALES.get(language, (language,)):
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    names.setdefault(name.rstrip(".").casefold(), number)
    if language in _INFLECTED:
        names = {name[: max(3, len(name) - 2)]: number for name, number in names.items()} | names
    names.update((name.casefold(), number) for number, name in _SPELLINGS.get(language, []))
    return {name: number for name, number in names.items() if any(map(str.isalpha, name))}


@cache
def _month_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    names = _month_names(language)
    if not names:
        return ()
    # The longest first, as an alternation takes the first that fits: "mar" before "march" would end there.
    any_name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    month = rf"(?P<name>{any_name})" + (r"\w{0,5}" if language in _INFLECTED else "")
    either = rf"{month}(?:\s?/\s?(?:{any_name}))?"
    patterns = (
        rf"(?<![\d/.,:-]){_DAY}\s?{_OF}{either}{_AND_YEAR}",
        rf"(?<!\w){month}\.? (?P<d>\d\d?)(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<y>\d{{4}})(?:\.|ko| m\.)? {month} (?P<d>\d\d?)(?!\d)(?: d\.)?",
        rf"(?<!\d)(?P<y>\d{{4}})\. gada (?P<d>\d\d?)\. {month}",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
