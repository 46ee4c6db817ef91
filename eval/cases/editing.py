"""A draft corrected by a person, field by field; an empty line changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent import clean
from eval.cases.articles import Shelf
from eval.suites.cases import Case, Gold
from vectorstore import canonicalize

NOTHING = "-"
"""Typed to take a value away."""


def edit_case(case: Case, shelf: Shelf, ask: Callable[[str], str], say: Callable[[str], None]) -> Case:
    """Question, gold, answers and whether anything answers it, as a person has them; it stays a draft."""
    if case.claim is not None:
        say("A claim is changed in the file itself.")
        return case
    say("An empty line leaves what is there; - removes it.")
    question = ask(f"question [{clean(case.question or '')}]: ").strip() or case.question
    unanswerable = _ask_whether("unanswerable", case.unanswerable, ask, say)
    if unanswerable:
        return case.model_copy(update={"question": question, "unanswerable": True, "gold": (), "answers": ()})
    gold = [*_edit_gold(case, shelf, ask, say), *_add_gold(case, shelf, ask, say)]
    told = ask(f"answers, ; between [{'; '.join(map(clean, case.answers))}]: ").strip()
    answers = () if told == NOTHING else tuple(_split(told)) if told else case.answers
    return case.model_copy(
        update={"question": question, "unanswerable": False, "gold": tuple(gold), "answers": answers}
    )


def _ask_whether(name: str, now: bool, ask: Callable[[str], str], say: Callable[[str], None]) -> bool:
    while True:
        told = ask(f"{name} [{'y' if now else 'n'}]: ").strip().lower()
        if not told:
            return now
        if told in ("y", "yes", "n", "no", NOTHING):
            return told.startswith("y")
        say("y or n.")


def _edit_gold(case: Case, shelf: Shelf, ask: Callable[[str], str], say: Callable[[str], None]) -> list[Gold]:
    kept = []
    for number, gold in enumerate(case.gold, start=1):
        while True:
            told = ask(f"gold {number} [{clean(gold.quote)}]: ").strip()
            if not told:
                kept.append(gold)
                break
            if told == NOTHING:
                break
            found = find_quote(told, [gold.article], shelf)
            if found is not None:
                kept.append(found.model_copy(update={"fact": gold.fact}))
                break
            say(f"“{clean(told)}” is not in {gold.article}.")
    return kept


def _add_gold(case: Case, shelf: Shelf, ask: Callable[[str], str], say: Callable[[str], None]) -> list[Gold]:
    """More quotes, of the articles the draft names or of any beside it."""
    added: list[Gold] = []
    while told := ask("more gold []: ").strip():
        found = find_quote(told, dict.fromkeys([*(gold.article for gold in case.gold), *shelf.keys()]), shelf)
        if found is None:
            say(f"“{clean(told)}” is in no article beside the cases.")
        else:
            added.append(found)
    return added


def find_quote(words: str, keys: Iterable[str], shelf: Shelf) -> Gold | None:
    """These words as gold of the first article that has them."""
    quote = canonicalize(words)
    for key in keys:
        article = shelf.find(key)
        if article is not None and quote and quote in article.text:
            return Gold(article=key, quote=quote)
    return None


def _split(told: str) -> list[str]:
    return [part.strip() for part in told.split(";") if part.strip()]
