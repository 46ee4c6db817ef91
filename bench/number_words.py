"""Makes `number_words.json` from CLDR's spell-out rules: `python -m bench.number_words`.

Needs `icu4py` (MIT; brings ICU), which is a tool of development only: its data is 42 MB, the table is a small
file. Forms that `numerals.Table` derives from smaller ones are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from icu4py.messageformat import MessageFormat

from agent.checks.words.folding import find_words, fold
from agent.checks.words.lexicons import load_lexicon
from agent.checks.words.numerals import Table

_LANGUAGES = (
    "en nl de fr es it pt ca ro pl cs sk sl hr sr uk ru bg sv da nb fi hu et lv lt el tr az he ar fa hi id vi"
)
_FORMS = (
    "masculine feminine neuter plural reale common masculine-personal n r s m masculine-standalone"
    " feminine-standalone verbose plain"
)
_CASES = (
    "genitive dative accusative locative instrumental ablative partitive essive translative inessive elative"
    " illative adessive allative abessive plural genitive-plural partitive-plural accusative-animate"
    " accusative-personal accusative-inanimate prepositional vocative"
)
LANGUAGES = _LANGUAGES.split()
GENDERS = ("", *(f"-{form}" for form in _FORMS.split()))
CASES = ("", *(f"-{case}" for case in _CASES.split()))
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
    for form, number in load_lexicon("number_words_extra").get(language, {}).items():
        found["cardinals"][fold(form)] = number
    return found


def _fold_keys(forms: dict[str, int]) -> dict[str, int]:
    return {fold(form): number for form, number in forms.items()}


def _keep_unless_derived(
    language: str, found: dict[str, dict[str, int]], kind: str, form: str, number: int
) -> None:
    table = Table(language, _fold_keys(found["cardinals"]), _fold_keys(found["ordinals"]))
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
    path = Path(__file__).parents[1] / "agent" / "checks" / "words" / "number_words.json"
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text.replace('},"', '},\n"') + "\n", "utf-8")
    print(f"{path}: {len(tables)} languages, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
