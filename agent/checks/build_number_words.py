"""Makes `number_words.json` from CLDR's spell-out rules: `python -m agent.checks.build_number_words`.

Needs `icu4py` (MIT; brings ICU), which is a tool of development only: its data is 42 MB, the table is a small
file. Forms that `numerals.Table` derives from smaller ones are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from icu4py.messageformat import MessageFormat

from agent.checks.numerals import number_table
from agent.checks.words import find_words, fold

LANGUAGES = (
    "en nl de fr es it pt ca ro pl cs sk sl hr sr uk ru bg sv da nb fi hu et lv lt el tr az he ar fa hi id vi"
).split()
GENDERS = ("", "-masculine", "-feminine", "-neuter", "-plural", "-reale", "-common", "-masculine-personal", "-n", "-r", "-s", "-m",
           "-masculine-standalone", "-feminine-standalone", "-verbose", "-plain")  # fmt: skip
CASES = ("", *("-" + case for case in (
    "genitive dative accusative locative instrumental ablative partitive essive translative inessive elative"
    " illative adessive allative abessive plural genitive-plural partitive-plural accusative-animate"
    " accusative-personal accusative-inanimate prepositional vocative"
).split()))  # fmt: skip
STEMS = ("%spellout-numbering", "%spellout-cardinal", "%spellout-construct")
NUMBERS = (
    *range(100),
    *range(100, 1000, 100),
    101,
    108,
    180,
    1000,
    2000,
    1_000_000,
    2_000_000,
    5_000_000,
    10**9,
    2 * 10**9,
    5 * 10**9,
    10**12,
)
ORDINALS = (*range(1, 32), *range(40, 101, 10), 1000)


EXTRA = {
    "en": {"hundred": 100, "dozen": 12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7, "nil": 0},
    "nl": {"dozijn": 12, "beide": 2},
    "de": {"hundert": 100, "tausend": 1000, "zwo": 2, "dutzend": 12, "zweien": 2, "dreien": 3, "billionen": 10**12},
    "fr": {"cents": 100, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90, "douzaine": 12, "dizaine": 10,
           "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50,
           "soixantaine": 60, "centaine": 100, "millier": 1000, "billions": 10**12},
    "es": {"ciento": 100, "docena": 12, "decena": 10, "quincena": 15, "veintena": 20, "treintena": 30,
           "centenar": 100, "millar": 1000, "veintiún": 21, "billones": 10**12},
    "it": {"mila": 1000, "dozzina": 12, "decina": 10, "quindicina": 15, "ventina": 20, "trentina": 30,
           "cinquantina": 50, "centinaio": 100, "migliaio": 1000, "bilioni": 10**12},
    "pt": {"cento": 100, "cem": 100, "dúzia": 12, "dezena": 10, "centena": 100, "milhar": 1000, "milhões": 10**6,
           "bilhão": 10**9, "bilhões": 10**9, "dezesseis": 16, "dezessete": 17, "dezenove": 19, "catorze": 14},
    "ca": {"dotzena": 12, "desena": 10, "centenar": 100, "miler": 1000},
    "ro": {"o": 1, "doi": 2, "două": 2, "sute": 100, "sută": 100, "mii": 1000, "milioane": 10**6, "duzină": 12},
    "pl": {"dwoje": 2, "dwójka": 2, "troje": 3, "trójka": 3, "czworo": 4, "pięcioro": 5, "sześcioro": 6, "tuzin": 12,
           "setka": 100, "setki": 100, "dwustu": 200, "trzystu": 300, "czterystu": 400, "pięciuset": 500},
    "cs": {"dva": 2, "dvě": 2, "dvou": 2, "tři": 3, "tří": 3, "čtyř": 4, "pěti": 5, "šesti": 6, "sedmi": 7, "osmi": 8,
           "devíti": 9, "deseti": 10, "set": 100, "stě": 100, "tisíce": 1000, "miliony": 10**6, "milionů": 10**6,
           "miliardy": 10**9, "miliard": 10**9, "tucet": 12},
    "ru": {"двое": 2, "двоих": 2, "трое": 3, "троих": 3, "четверо": 4, "четверых": 4, "пятеро": 5, "пятерых": 5,
           "шестеро": 6, "семеро": 7, "дюжина": 12, "сотня": 100, "сотни": 100, "тысяча": 1000, "тысячу": 1000,
           "тысячей": 1000, "тысяче": 1000},
    "uk": {"два": 2, "двох": 2, "дві": 2, "трьох": 3, "чотирьох": 4, "пʼяти": 5, "шести": 6, "семи": 7, "восьми": 8,
           "девʼяти": 9, "десяти": 10, "двадцяти": 20, "тридцяти": 30, "двоє": 2, "троє": 3, "четверо": 4,
           "тисячу": 1000, "тисячі": 1000, "мільйона": 10**6, "мільярда": 10**9},
    "sv": {"en": 1, "dussin": 12, "tjog": 20}, "da": {"dusin": 12, "snes": 20}, "nb": {"dusin": 12},
    "fi": {"tusina": 12}, "hu": {"két": 2, "tucat": 12}, "el": {"ντουζίνα": 12, "εκατοντάδα": 100, "χιλιάδες": 1000},
    "tr": {"düzine": 12, "ikisi": 2, "üçü": 3, "dördü": 4, "beşi": 5, "altısı": 6, "yedisi": 7, "sekizi": 8},
    "ar": {"ثلاث": 3, "أربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثمان": 8, "ثماني": 8, "تسع": 9, "عشر": 10,
           "إحدى": 1, "اثنين": 2, "اثنتين": 2, "عشرين": 20, "ثلاثين": 30, "أربعين": 40, "خمسين": 50, "ستين": 60,
           "سبعين": 70, "ثمانين": 80, "تسعين": 90, "مئة": 100, "مئات": 100, "مئتان": 200, "مئتين": 200, "مائتين": 200,
           "ثلاثمائة": 300, "ثلاثمئة": 300, "أربعمائة": 400, "أربعمئة": 400, "خمسمائة": 500, "خمسمئة": 500,
           "ستمائة": 600, "ستمئة": 600, "سبعمائة": 700, "سبعمئة": 700, "ثمانمائة": 800, "ثمانمئة": 800,
           "تسعمائة": 900, "تسعمئة": 900, "آلاف": 1000, "الآف": 1000, "ملايين": 10**6, "مليونا": 10**6,
           "مليوني": 2 * 10**6, "مليارات": 10**9, "مليارا": 10**9, "ملياري": 2 * 10**9, "بليون": 10**9, "دزينة": 12},
    "fa": {"دوازده": 12, "هزار": 1000, "صد": 100},
    "he": {"שני": 2, "שתי": 2, "שלושה": 3, "שלוש": 3, "מאה": 100, "מאות": 100, "אלפים": 1000, "אלפי": 1000},
    "hi": {"सौ": 100, "हजार": 1000, "हज़ार": 1000, "लाख": 10**5, "करोड़": 10**7, "करोड": 10**7, "अरब": 10**9,
           "दर्जन": 12, "दोनों": 2},
    "id": {"seratus": 100, "seribu": 1000, "ribu": 1000, "juta": 10**6, "miliar": 10**9, "ratus": 100, "lusin": 12},
}  # fmt: skip
"""Forms of news that the rules do not write: other cases and genders, collective numbers, dozens."""


def spell(language: str, rule: str, numbers: tuple[int, ...]) -> Iterator[tuple[str, int]]:
    """Every number in words by one rule set; ICU takes its default for a set the language lacks."""
    formatter = MessageFormat("{n,spellout," + rule + "}", language)
    for number in numbers:
        form = formatter.format({"n": number})
        if any(map(str.isalpha, form)):
            yield " ".join(fold(word.text) for word in find_words(form.replace("\xad", ""))), number


def build(language: str) -> dict[str, dict[str, int]]:
    """Cardinals and ordinals of one language, the underivable only."""
    found: dict[str, dict[str, int]] = {"cardinals": {}, "ordinals": {}}
    kinds = [("cardinals", STEMS, NUMBERS), ("ordinals", ("%spellout-ordinal",), ORDINALS)]
    for kind, stems, numbers in kinds:
        forms: dict[str, int] = {}
        for stem, gender, case in product(stems, GENDERS, CASES):
            for form, number in spell(language, stem + gender + case, numbers):
                forms.setdefault(form, number)
        for form, number in sorted(
            forms.items(), key=lambda item: (item[0].count(" "), abs(item[1]) % 100 > 20, item[1])
        ):
            if form not in found["cardinals"]:
                _keep_unless_derived(language, found, kind, form, number)
    for form, number in EXTRA.get(language, {}).items():
        found["cardinals"][fold(form)] = number
    return found


def _keep_unless_derived(
    language: str, found: dict[str, dict[str, int]], kind: str, form: str, number: int
) -> None:
    table = number_table(language, found["cardinals"], found["ordinals"])
    words = form.split()
    parsed = list(table.parse(words))
    if len(parsed) == 1 and (parsed[0].value, parsed[0].first, parsed[0].end) == (number, 0, len(words)):
        return
    if number >= 2000 or number in (108, 180, 101):
        if len(words) > 1:
            _keep_scale(language, found, words, number)
        else:
            found[kind][form] = number
    else:
        found[kind][form] = number


def _keep_scale(language: str, found: dict[str, dict[str, int]], words: list[str], number: int) -> None:
    """Of "two millions" keep the inflected scale, of "hundred and one" nothing."""
    scale = 10 ** (len(str(number)) - 1)
    if scale >= 1000:
        found["cardinals"].setdefault(words[-1], scale)


def main() -> None:
    """Write the table beside this module."""
    tables = {language: build(language) for language in LANGUAGES}
    path = Path(__file__).with_name("number_words.json")
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text.replace('},"', '},\n"') + "\n", "utf-8")
    print(f"{path}: {len(tables)} languages, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
