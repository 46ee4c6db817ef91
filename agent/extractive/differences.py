"""Whether two sentences contradict each other, and whether a sentence is supported by what it cites."""

from __future__ import annotations

from dataclasses import replace

import regex

from agent.checks import (
    Cited,
    Claim,
    NameMatcher,
    check_claim,
    check_dates,
    check_names,
    check_negation,
    check_numbers,
    fails,
)
from agent.checks.numbers.quantities import find_quantities
from agent.checks.stance.clauses import closest, read_sentences
from vectorstore import is_same_language, primary_language

_RELATED = 0.25
"""Content words that two statements of one language share at least when they are about one thing."""
_SAME_SUBJECT = 0.4
"""The same where nothing but a name differs: most sentences name somebody the next one does not."""
_IMPERIAL = regex.compile(
    r"[\s-]?(?:\w+[\s-])?(?:inch(?:es)?|feet|foot|ft|yards?|miles?|mph|pounds?|lbs?|ounces?|acres?|gallons?"
    r"|degrees?|fahrenheit)\b",
    regex.IGNORECASE,
)


def find_difference(one: Claim, two: Claim, matcher: NameMatcher | None) -> str | None:
    """Return in what two sentences contradict each other: "numbers", "dates", "negation", "names" or None.

    Each has to have a number, a date or a name that the other's words and quotes do not have. That one says
    more than the other is no contradiction; one that denies what the other says is.
    """
    if not _is_related(one, two, _RELATED):
        return None
    claims = (_claim_of_other(one, two), _claim_of_other(two, one))
    if all(map(fails, map(check_numbers, claims))) and not _may_be_converted(one, two):
        return "numbers"
    if all(map(fails, map(check_dates, claims))):
        return "dates"
    if any(map(fails, map(check_negation, claims))):
        return "negation"
    if not _is_related(one, two, _SAME_SUBJECT):
        return None
    return "names" if all(fails(check_names(claim, matcher)) for claim in claims) else None


def has_same_names(one: Claim, two: Claim, matcher: NameMatcher | None) -> bool:
    """Whether neither sentence names what the other does not."""
    claims = (_claim_of_other(one, two), _claim_of_other(two, one))
    return not any(fails(check_names(claim, matcher)) for claim in claims)


def is_supported(claim: Claim, matcher: NameMatcher | None) -> bool:
    """Whether a statement passes every check against what the claim cites, and nothing else."""
    return all(check.passed for check in check_claim(claim, matcher))


def _claim_of_other(one: Claim, two: Claim) -> Claim:
    """Return one sentence as a claim about the other's words and quotes alone."""
    bare = [replace(cited, passage="", about=()) for cited in two.cited]
    published = {cited.published for cited in two.cited}
    # "Yesterday" means one day only where all that is cited appeared on one.
    own = Cited(two.text, two.language, published=published.pop() if len(published) == 1 else None)
    return Claim(one.text, one.language, (own, *bare))


def _may_be_converted(one: Claim, two: Claim) -> bool:
    """Whether one is English with inches, miles or degrees and the other is not: 4 inches are 10 cm there."""
    is_english = [primary_language(claim.language) == "en" for claim in (one, two)]
    if is_english[0] == is_english[1]:
        return False
    english = one if is_english[0] else two
    quantities = find_quantities(english.text, english.language)
    return any(_IMPERIAL.match(english.text, quantity.end) for quantity in quantities)


def _is_related(one: Claim, two: Claim, least: float) -> bool:
    """Whether they share enough words, which is taken for granted across languages."""
    if not is_same_language(one.language, two.language):
        return True
    language = primary_language(one.language)
    others = read_sentences(two.text, language)
    return any(closest(sentence, others, least) for sentence in read_sentences(one.text, language))
