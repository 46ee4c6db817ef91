"""A draft corrected by a person, field by field; an empty line changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent import clean
from eval.cases.articles import SuiteArticles
from eval.suites.cases import Case, Gold
from vectorstore import canonicalize

Ask = Callable[[str], str]
"""Shows a prompt and gives what is typed."""
Say = Callable[[str], None]
"""Shows a line."""
NOTHING = "-"
"""Typed to take a value away."""


def edit_case(case: Case, articles: SuiteArticles, ask: Ask, say: Say) -> Case:
    """Question, gold, answers and whether anything answers it, as a person has them; it stays a draft."""
    if case.claim is not None:
        say("A claim is changed in the file itself.")
        return case
    say("An empty line leaves what is there; - removes it.")
    question = ask(f"question [{clean(case.question or '')}]: ").strip() or case.question
    unanswerable = _ask_whether("unanswerable", case.unanswerable, ask, say)
    if unanswerable:
        return case.model_copy(update={"question": question, "unanswerable": True, "gold": (), "answers": ()})
    gold = [*_edit_gold(case, articles, ask, say), *_add_gold(case, articles, ask, say)]
    typed = ask(f"answers, ; between [{'; '.join(map(clean, case.answers))}]: ").strip()
    answers = case.answers
    if typed:
        answers = () if typed == NOTHING else tuple(filter(None, map(str.strip, typed.split(";"))))
    return case.model_copy(
        update={"question": question, "unanswerable": False, "gold": tuple(gold), "answers": answers}
    )


def _ask_whether(name: str, now: bool, ask: Ask, say: Say) -> bool:
    while True:
        typed = ask(f"{name} [{'y' if now else 'n'}]: ").strip().lower()
        if not typed:
            return now
        if typed in ("y", "yes", "n", "no", NOTHING):
            return typed.startswith("y")
        say("y or n.")


def _edit_gold(case: Case, articles: SuiteArticles, ask: Ask, say: Say) -> list[Gold]:
    edited = []
    for number, gold in enumerate(case.gold, start=1):
        while True:
            typed = ask(f"gold {number} [{clean(gold.quote)}]: ").strip()
            if not typed:
                edited.append(gold)
                break
            if typed == NOTHING:
                break
            found = find_quote(typed, [gold.article], articles)
            if found is not None:
                edited.append(found.model_copy(update={"fact": gold.fact}))
                break
            say(f"“{clean(typed)}” is not in {gold.article}.")
    return edited


def _add_gold(case: Case, articles: SuiteArticles, ask: Ask, say: Say) -> list[Gold]:
    """More quotes, of the articles the draft names or of any beside it."""
    added: list[Gold] = []
    named = [gold.article for gold in case.gold]
    while typed := ask("more gold []: ").strip():
        found = find_quote(typed, [*named, *articles.keys()], articles)
        if found is None:
            say(f"“{clean(typed)}” is in no article beside the cases.")
        else:
            added.append(found)
    return added


def find_quote(words: str, keys: Iterable[str], articles: SuiteArticles) -> Gold | None:
    """These words as gold of the first article that has them."""
    quote = canonicalize(words)
    for key in keys:
        article = articles.find(key)
        if article is not None and quote and quote in article.text:
            return Gold(article=key, quote=quote)
    return None
