"""What may stand after a number and changes what it is worth: million, Mio., тыс., %, $."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import regex

from agent.checks.numerals import is_scale, load_table
from agent.checks.words import find_words, fold

_NEWSROOM: Mapping[str, str] = {
    "en": "k=3 m=6 mn=6 mln=6 bn=9 b=9 tn=12 trn=12 billions=9 millions=6",
    "nl": "mln=6 mio=6 mld=9 mrd=9 bln=12 k=3",
    "de": "tsd=3 mio=6 mill=6 mrd=9 mia=9 bill=12",
    "fr": "k=3 m=6 md=9 mds=9 mrd=9 mrds=9",
    "es": "mdd=6 mill=6 mlls=6 bn=9",
    "it": "mln=6 mld=9 mrd=9 mila=3",
    "pt": "mi=6 bi=9 tri=12 milhao=6 milhoes=6 bilhao=9 bilhoes=9 milhares=3",
    "pl": "tys=3 mln=6 mld=9 mlrd=9 bln=12",
    "cs": "tis=3 mil=6 mio=6 mld=9 mia=9", "sk": "tis=3 mil=6 mld=9", "hr": "tis=3 mil=6 mlrd=9",
    "ru": "тыс=3 млн=6 млрд=9 трлн=12", "uk": "тис=3 млн=6 млрд=9 трлн=12", "bg": "хил=3 млн=6 млрд=9",
    "tr": "bin=3 mn=6 mr=9 mlyr=9 trl=12",
    "sv": "mn=6 milj=6 mkr=6 md=9 mdr=9 mrd=9", "da": "mio=6 mia=9", "nb": "mill=6 mrd=9", "fi": "milj=6 mrd=9",
    "hi": "लाख=5 करोड़=7 अरब=9 खरब=11 हजार=3", "fa": "میلیون=6 میلیارد=9", "id": "rb=3 jt=6 m=9 t=12",
}  # fmt: skip
"""Abbreviations of newsrooms that CLDR does not list, as word=power of ten."""

_PERCENT = {
    "": "%|٪|﹪|％|pct\\b|percent\\w*",
    "en": "per cent|percentage points?|pc\\b",
    "nl": "procent\\w*", "de": "prozent\\w*", "sv": "procent\\w*", "da": "procent\\w*", "nb": "prosent\\w*",
    "fr": "pour cent|points? de pourcentage", "es": "por ciento|puntos porcentuales", "it": "per cento|punti percentuali",
    "pt": "por cento|pontos percentuais", "ca": "per cent", "ro": "la suta",
    "pl": "proc\\b|procent\\w*", "cs": "procent\\w*", "sk": "percent\\w*", "hr": "posto",
    "ru": "процент\\w*", "uk": "відсотк\\w*|процент\\w*", "bg": "процент\\w*|на сто",
    "hu": "szazalek\\w*", "fi": "prosent\\w*", "el": "τοις εκατο",
    "ar": "بالمايه|بالميه|في المايه|في الميه|بالمايه", "fa": "درصد", "he": "אחוז\\w*",
    "hi": "प्रतिशत|फीसदी|फ़ीसदी", "ja": "パーセント|ポイント", "zh": "个百分点|個百分點|百分点", "ko": "퍼센트|프로", "id": "persen",
}  # fmt: skip
_PERCENT_BEFORE = {"tr": "yuzde\\s*(?:yaklasik\\s*)?|%\\s*", "zh": "百分之\\s*", "az": "faiz\\s*"}

_CURRENCIES = {
    "dollar": r"\$|usd|dollars?\w{0,3}|dolar\w*|dolares|dollari|доллар\w*|долар\w*|دولارا?ت?|ドル|美元|美金|डॉलर|달러|δολαρι\w*|דולר\w*",
    "euro": r"€|eur\b|euros?\b|euro\w{0,4}|евро|євро|يورو|ユーロ|欧元|歐元|यूरो|유로|ευρω|אירו|avro\w*",
    "pound": r"£|gbp|pounds?\b|pond\b|pfund\b|livres? sterling|libras?\b|sterlin\w*|sterline|funt\w*|фунт\w*|جنيه\w*|ポンド|英镑|英鎊|पाउंड",
    "yen": r"jpy|yens?\b|иен\w*|円|日元|येन",
    "yuan": r"cny|rmb|yuan\w*|юан\w*|يوان|人民币|元人民币|युआन",
    "rouble": r"₽|rub\b|roubles?|rubles?|roebels?|rubel\w*|rublos?|rubli|rubl[ei]\w*|рубл\w*|روبل|ルーブル|卢布|रूबल",
    "rupee": r"₹|inr|rupees?|roepies?|rupien?|roupies?|rupias?|रुपये|रुपए|रुपया|卢比|ルピー",
    "lira": r"₺|liras?\b|lire\b|liry|лир\w*|ليرة",
    "zloty": r"zlot\w*|zł\w*|pln|злот\w*",
    "franc": r"chf|francs?\b|franken\b|francos?\b|franchi|frank\w*|франк\w*|فرنك|瑞士法郎",
}
_CURRENCY = {name: regex.compile(rf"\s*(?:{words})") for name, words in _CURRENCIES.items()}
_CURRENCY_BEFORE = {name: regex.compile(rf"(?:{words})\s*$") for name, words in _CURRENCIES.items()}


@cache
def magnitudes(language: str) -> Mapping[str, Decimal]:
    """Folded words that multiply the number before them; some are of two words, "mil millones"."""
    found: dict[str, Decimal] = {}
    for word, value in _from_cldr(language):
        found.setdefault(word, value)
    table = load_table(language)
    if table:
        found |= {word: Decimal(value) for word, value in table.cardinals.items() if is_scale(value)}
    for entry in _NEWSROOM.get(language, "").split():
        word, _, power = entry.partition("=")
        found[fold(word)] = Decimal(10) ** int(power)
    return found


def _from_cldr(language: str) -> list[tuple[str, Decimal]]:
    from babel.core import Locale, UnknownLocaleError

    try:
        formats = Locale.parse(language, sep="-").compact_decimal_formats
    except (UnknownLocaleError, ValueError):
        return []
    found: list[tuple[str, Decimal]] = []
    for length in ("long", "short"):
        for patterns in formats.get(length, {}).values():
            for power, pattern in patterns.items():
                zeros = pattern.pattern.count("0")
                words = " ".join(
                    fold(word.text) for word in find_words(pattern.pattern.replace("'", "").replace("0", " "))
                )
                if zeros and words and (length == "long" or len(words) > 1):
                    found.append((words, Decimal(power) / 10 ** (zeros - 1)))
    return found


@cache
def _percent_after(language: str) -> regex.Pattern[str]:
    words = [_PERCENT[""], *([_PERCENT[language]] if language in _PERCENT else [])]
    return regex.compile(rf"[\s\u00a0\u202f-]*(?:{'|'.join(words)})", regex.IGNORECASE)


@cache
def _percent_before(language: str) -> regex.Pattern[str]:
    return regex.compile(rf"(?:{_PERCENT_BEFORE.get(language, '%')})$", regex.IGNORECASE)


def is_percent(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number at `[start, end)` of `text` is a percentage."""
    after, before = fold(text[end : end + 24]), fold(text[max(0, start - 16) : start])
    return bool(_percent_after(language).match(after) or _percent_before(language).search(before))


def find_currency(text: str, start: int, end: int) -> str | None:
    """The kind of money the number at `[start, end)` counts: all dollars are one kind."""
    before, after = fold(text[max(0, start - 8) : start]), fold(text[end : end + 20])
    for name in _CURRENCIES:
        if _CURRENCY_BEFORE[name].search(before):
            return name
    return next((name for name in _CURRENCIES if _CURRENCY[name].match(after)), None)
