"""The names of a text: capitalised words, or where a script has none, foreign script and known places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from agent.checks.dates.calendar import load_calendar
from agent.checks.words.folding import Word, find_words
from agent.checks.words.halves import whole_of_half_word
from agent.checks.words.lexicons import function_words, load_locale, word_set
from agent.checks.words.numerals import load_table
from vectorstore import primary_language

NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Languages that write every noun with a capital."""

_GERMAN_NOUN_BEFORE = regex.compile(
    r"(?:\b(?:d(?:er|ie|as|en|em|es)|ein\w*|kein\w*|ihr\w*|sein\w*|unser\w*|mein\w*|zu[rm]|[ai]m|vom|beim|ins|ans|\d+"
    r"|\p{Ll}+(?:e|en|er|es|em)))\s$", regex.IGNORECASE
)  # fmt: skip
"""An article, a possessive, a number or an adjective: what follows is a noun, and a name only now and then.

Of the German words that no rule finds in a translation of their sentence, 71 % follow these; of names 36 %.
"""
_OPENS = regex.compile(r"(?:^|[.!?…:;।]|[\"“„«‹‘'¿¡–—•*-])[\s\"“”„«»‹›‘’'(\[¿¡]*$")
_ABBREVIATED = regex.compile(
    r"(?<!\p{L})(?:\p{Lu}|Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|St|Ste|Mme|Mlle|MM|Sen|Rep|Gov|Gen|Col|Sgt|Lt|Rev|dhr|mevr|mw|Hr|Fr|Sig"
    r"|Dott|Dña|lic|ks|św|г|гг|д-р|проф)\.\s*$", regex.IGNORECASE
)  # fmt: skip
"""A full stop that ends no sentence."""
_KATAKANA = regex.compile(r"[\p{Katakana}ー]{3,}(?:[・=＝][\p{Katakana}ー]+)*")
_LATIN = regex.compile(r"\p{Latin}[\p{Latin}\p{M}\d]*(?:[.'’-]\p{Latin}[\p{Latin}\p{M}\d]*)*")
_DOTTED = regex.compile(r"\p{Han}{2}(?:[·•・]\p{Han}{2,4}?)*[·•・]\p{Han}{2}")
"""Foreign names in Chinese; how far they reach beyond two letters from the dot is unknown."""
_CASELESS = regex.compile(
    r"[\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Devanagari}\p{Thai}\p{Bengali}\p{Tamil}\p{Telugu}\p{Georgian}]"
)


@dataclass(frozen=True, slots=True)
class Name:
    """One word of a name, or a name that has no word boundaries, at `[start, end)`."""

    start: int
    end: int
    text: str
    opens: bool = False
    """It opens a sentence or a quotation, so its capital proves nothing."""
    is_noun: bool = False
    """It is of a language that writes every noun with a capital."""
    is_determined: bool = False
    """Such a noun with an article or an adjective before it, which names rarely have."""

    @property
    def is_doubtful(self) -> bool:
        """Whether it is perhaps no name at all."""
        return self.opens or self.is_noun


def find_names(text: str, language: str) -> list[Name]:
    """Return all names in order, word by word. `language` is BCP 47."""
    base = primary_language(language)
    letters = "".join(filter(str.isalpha, text))
    caseless = len(_CASELESS.findall(letters))
    if caseless and (base in word_set("languages_without_case") or caseless > len(letters) / 2):
        return list(_in_caseless(text, base))
    return list(_capitalised(text, base))


def _capitalised(text: str, language: str) -> Iterator[Name]:
    words = find_words(text)
    shouted = sum(word.text.isupper() for word in words) > len(words) / 2
    for at, word in enumerate(words):
        previous = words[at - 1] if at else None
        if not _is_name_like(word) or shouted:
            continue
        if _is_known_word(word, language) and not _is_mrs_may(word, previous):
            continue
        following = words[at + 1] if at + 1 < len(words) else None
        goes_on = (
            following is not None
            and following.is_capitalised
            and text[word.end : following.start] in (" ", "-", "\u00a0")
            and not (_is_known_word(following, language) and not _is_mrs_may(following, word))
        )
        before = text[: word.start]
        is_first = _OPENS.search(before) is not None and not _ABBREVIATED.search(before)
        opens = is_first and not word.text[1:].isupper() and not goes_on
        if word.text[1:] != word.text[1:].lower():
            yield Name(word.start, word.end, word.text)
        elif language in NOUNS_CAPITALISED:
            determined = not goes_on and _GERMAN_NOUN_BEFORE.search(before) is not None
            yield Name(word.start, word.end, word.text, opens, True, determined)
        else:
            yield Name(word.start, word.end, word.text, opens)


def _is_mrs_may(word: Word, previous: Word | None) -> bool:
    """Whether May is somebody's name: it follows another capital, and not "In"."""
    if word.text != "May" or previous is None or not previous.is_capitalised:
        return False
    return previous.folded not in word_set("before_may")


def _is_name_like(word: Word) -> bool:
    """A capital, or one inside (iPhone, eBay), and more than a single letter or a numeral."""
    letters = "".join(filter(str.isalpha, word.text))
    has_capital = any(map(str.isupper, letters))
    is_ordinal = word.text[0].isdigit() and len(letters) < 3
    return has_capital and len(letters) > 1 and not is_ordinal and not regex.fullmatch(r"[IVXLC]+", word.text)


def _is_known_word(word: Word, language: str) -> bool:
    """A function word, a title of office, a day or month, a number word: checked elsewhere or no name."""
    if word.text.isupper() and len(word.text) > 2:
        return False
    folded = word.folded
    calendar, table = load_calendar(language), load_table(language)
    if folded in function_words(language) or calendar.weekday(word) is not None:
        return True
    if folded != "may" and (calendar.month(word) is not None or calendar.short_month(word) is not None):
        return True
    return table is not None and (
        folded in table.cardinals or folded in table.ordinals or whole_of_half_word(folded, table) is not None
    )


def _in_caseless(text: str, language: str) -> Iterator[Name]:
    found: list[Name] = []
    for pattern in (_DOTTED, _KATAKANA, _LATIN):
        for match in pattern.finditer(text):
            if pattern is not _LATIN or len(match.group()) > 1:
                found.append(Name(*match.span(), match.group(), is_noun=pattern is _KATAKANA))
    for place in place_names(language):
        for match in regex.finditer(regex.escape(place), text):
            is_spaced = language in ("ar", "he", "hi", "fa", "ur")
            if not is_spaced or _is_whole_word(text, *match.span(), language):
                found.append(Name(*match.span(), match.group()))
    taken: list[Name] = []
    for name in sorted(found, key=lambda name: (name.start, -name.end, name.is_noun)):
        if not taken or name.start >= taken[-1].end:
            taken.append(name)
    yield from taken


def _is_whole_word(text: str, start: int, end: int, language: str) -> bool:
    before = text[:start]
    if language == "ar" and before[-1:] in ("و", "ب", "ل") and not before[-2:-1].isalpha():
        before = before[:-1]
    return not before[-1:].isalpha() and not text[end : end + 1].isalpha()


@cache
def place_names(language: str) -> tuple[str, ...]:
    """Return countries and the cities of time zones by CLDR, longest first."""
    locale = load_locale(language)
    if locale is None:
        return ()
    countries = {name for code, name in locale.territories.items() if len(code) == 2}
    cities = {zone.get("city", "") for zone in locale.time_zones.values()}
    names = [name for name in countries | cities if len(name) > 1 and not name.isascii()]
    return tuple(sorted(names, key=len, reverse=True))
