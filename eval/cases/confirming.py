"""A person reviews drafts in the terminal; every decision is stored at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agent import clean
from eval.cases.articles import SuiteArticles
from eval.cases.editing import Ask, Say, edit_case
from eval.cases.files import CaseFile
from eval.suites.cases import Case, Gold
from eval.suites.reading import SUITE_FILE, read_suite
from vectorstore import SourceError, canonicalize

AROUND = 160
"""Code points of an article shown on either side of a quote."""
_CHOICES = "[a]ccept, [e]dit, [s]kip, [d]rop, [q]uit: "


@dataclass(slots=True)
class Confirmed:
    """What became of the drafts."""

    accepted: int = 0
    skipped: int = 0
    dropped: int = 0


def find_case_files(path: Path) -> list[Path]:
    """Return the cases files of a suite's folder, or the one file. Raises SourceError if it is neither."""
    if path.is_dir():
        return [path / name for name in read_suite(path).cases]
    if path.name == SUITE_FILE:
        return find_case_files(path.parent)
    if not path.is_file():
        raise SourceError(f"{path} is no suite's folder and no file of cases; `pullquote eval new` makes one")
    return [path]


def confirm(files: Sequence[CaseFile], ask: Ask, say: Say) -> Confirmed:
    """Put every draft of some files to a person, in their order; articles lie in a file's folder.

    Returns:
        What was decided until the end, until the person stopped, or until `ask` raised EOFError or
        KeyboardInterrupt.

    Raises:
        SetupError: a file cannot be written to.
    """
    done = Confirmed()
    try:
        for file in files:
            articles, drafts = SuiteArticles(file.path.parent), list(file.drafts)
            for number, draft in enumerate(drafts, start=1):
                say(f"\n{number} of {len(drafts)}")
                if not _decide(file, draft, articles, done, ask, say):
                    return done
    except (EOFError, KeyboardInterrupt):
        say("")
    return done


def _decide(file: CaseFile, case: Case, articles: SuiteArticles, done: Confirmed, ask: Ask, say: Say) -> bool:
    """Ask about one draft until it is decided; return False to stop."""
    for line in describe_case(case, articles):
        say(line)
    while True:
        match ask(_CHOICES).strip().lower()[:1]:
            case "a":
                problems = find_problems(case, articles)
                if not problems:
                    file.replace(case.model_copy(update={"draft": False}))
                    done.accepted += 1
                    return True
                for problem in problems:
                    say(f"It cannot be accepted: {problem}.")
            case "e":
                case = edit_case(case, articles, ask, say)
                file.replace(case)
                for line in describe_case(case, articles):
                    say(line)
            case "s":
                done.skipped += 1
                return True
            case "d":
                file.drop(case.id)
                done.dropped += 1
                return True
            case "q":
                return False
            case _:
                say("One of a, e, s, d and q.")


def find_problems(case: Case, articles: SuiteArticles) -> list[str]:
    """Return why a draft cannot be a case yet; empty when it can."""
    problems = []
    try:
        # A draft may lack what a case must have.
        Case.model_validate(case.model_dump() | {"draft": False})
    except ValidationError as error:
        problems += [str(each["msg"]).removeprefix("Value error, ") for each in error.errors()]
    if case.claim is not None and articles.find(case.claim.article) is None:
        problems.append(f"there is no article “{case.claim.article}” beside the cases")
    for gold in case.gold:
        article = articles.find(gold.article)
        if article is None:
            problems.append(f"there is no article “{gold.article}” beside the cases")
        elif canonicalize(gold.quote) not in article.text:
            problems.append(f"“{clean(gold.quote)[:60]}” is not in {gold.article}")
    return problems


def describe_case(case: Case, articles: SuiteArticles) -> Sequence[str]:
    """Return a draft as a person judges it: the question, and its gold within the article."""
    lines = [f"{case.id}  ({case.language})"]
    if case.claim is not None:
        holds = "supports" if case.claim.holds else "does not support"
        lines += [f"  {clean(case.claim.text)}", f"  {case.claim.article} {holds} it"]
    else:
        lines.append(f"  {clean(case.question or '')}")
    for number, gold in enumerate(case.gold, start=1):
        lines += [
            f"  gold {number}: {_describe_article(gold, articles)}",
            f"    {_show_quote(gold, articles)}",
        ]
    if case.answers:
        lines.append(f"  answers: {'; '.join(map(clean, case.answers))}")
    if case.unanswerable:
        lines.append("  unanswerable: the articles do not say it")
    filters = case.filters.model_dump(mode="json", exclude_defaults=True)
    if filters:
        limits = "; ".join(f"{name} {clean(str(value))}" for name, value in filters.items())
        lines.append(f"  filters: {limits}")
    if case.note:
        lines.append(f"  note: {clean(case.note)}")
    return lines


def _describe_article(gold: Gold, articles: SuiteArticles) -> str:
    article = articles.find(gold.article)
    if article is None:
        return f"{gold.article} (not there)"
    facts = (article.title, article.outlet, str(article.published) if article.published else None)
    return clean(" · ".join(filter(None, facts)) or gold.article)


def _show_quote(gold: Gold, articles: SuiteArticles) -> str:
    article = articles.find(gold.article)
    span = gold.find_in(article.text) if article is not None else None
    if article is None or span is None:
        return f"«{clean(canonicalize(gold.quote))}» (is not there)"
    start, end = span
    quote = article.slice(span)
    before, after = article.text[max(0, start - AROUND) : start], article.text[end : end + AROUND]
    head = "…" if start > AROUND else ""
    tail = "…" if end + AROUND < len(article.text) else ""
    return f"{head}{_flatten(before)}«{_flatten(quote)}»{_flatten(after)}{tail}"


def _flatten(text: str) -> str:
    return clean(text.replace("\n\n", "\n"))
