"""Cues around a place in a question: what is right before it, right behind it, or anywhere."""

from __future__ import annotations

from functools import cache

import regex

from agent.checks.stance.clauses import fold_quotes
from agent.checks.words.lexicons import load_lexicon

LEXICON = "question_cues"

LANGUAGES = frozenset(("en", "nl", "de", "fr", "es", "it", "pt", "pl", "ru", "tr", "ar", "zh", "ja"))
"""Languages whose questions are read; of others only whole dates in figures."""
_FILLERS = (
    "the|a|al|de|het|den|der|dem|die|das|le|la|les|el|los|las|il|lo|i|gli|o|os|as|um|una?|dniu|dnia|дня|день|"
    "agency|agencji|agentur|agence|agenzia|agencia|agentschap|persbureau|агентств\\w+|وكاله|شبكه|قناه|صحيفه|"
    "newspaper|magazine|krant|zeitung|magazin|journal|quotidien|giornale|periodico|diario|jornal|revista|"
    "gazet\\w+|dziennik\\w*|газет\\w+|"
    "mes de|mois de|month of|maand|monat|mese di|miesiacu|يوم|شهر|عام|سنه"
)
"""Words between a cue and what it belongs to."""
PAIRS_UNOPENED = frozenset(("tr", "zh", "ja"))
"""Languages in which nothing need be before the first date of a period."""
UNSPACED = frozenset(("zh", "ja"))
"""Languages whose cues are no words of their own."""


@cache
def either(tables: str, language: str) -> str | None:
    """Return a pattern for the expressions of tables, a space between; None where the language has none."""
    lexicon, expressions = load_lexicon(LEXICON), []
    for table in tables.split():
        expressions += lexicon[table].get(language, ())
    return f"(?:{'|'.join(expressions)})" if expressions else None


def is_before(tables: str, language: str, text: str) -> bool:
    """Whether `text` ends with one of the expressions, fillers aside."""
    expressions = either(tables, language)
    if expressions is None:
        return False
    if language in UNSPACED:
        return _search(rf"{expressions}\W*\Z", text)
    return _search(rf"(?<!\w){expressions}(?:\W+(?:{_FILLERS}))*\W*\Z", text)


def is_behind(tables: str, language: str, text: str, *, is_loose: bool = False) -> bool:
    """Whether `text` begins with one of the expressions; `is_loose` with a word or three letters before."""
    expressions = either(tables, language)
    if expressions is None:
        return False
    between, boundary = (r"\w{0,3}?", "") if language in UNSPACED else (r"(?:\w+\W+)?", r"(?!\w)")
    return _search(rf"\A\W*{between if is_loose else ''}{expressions}{boundary}", text)


def is_among(tables: str, language: str, text: str) -> bool:
    """Whether one of the expressions is anywhere in `text`."""
    return bool(find_among(tables, language, text))


def find_among(tables: str, language: str, text: str) -> str:
    """Return the first of the expressions in `text`, folded; empty where there is none."""
    expressions = either(tables, language) or "(?!)"
    whole = expressions if language in UNSPACED else rf"(?<!\w){expressions}(?!\w)"
    match = compile_pattern(whole).search(fold_quotes(text))
    return match.group() if match else ""


def ends_with_articles(text: str, language: str) -> bool:
    """Whether `text` ends with "articles by", "reports from" or their like."""
    articles, by = either("articles wrote news", language), either("by", language)
    if articles is None or by is None:
        return False
    gap = r"\W*" if language in UNSPACED else r"(?!\w)\W+(?:\w+\W+){0,2}?"
    return _search(rf"{articles}{gap}{by}(?:\W+(?:{_FILLERS}))*\W*\Z", text)


def _search(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).search(fold_quotes(text)) is not None


@cache
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """Return a pattern, compiled once."""
    return regex.compile(pattern)
