"""What a check is given: a statement, and what it cites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agent.answer.answer import Check
from vectorstore import Article, Passage, Span, is_same_language


@dataclass(frozen=True, slots=True)
class Cited:
    """One cited sentence with what surrounds it."""

    text: str
    language: str
    """BCP 47, `und` when it is unknown."""
    passage: str = ""
    """The passage the sentence was cut from; names and numbers of it may be used."""
    published: date | None = None
    """The day the article appeared: what "Tuesday" and "last week" count from."""
    about: tuple[str, ...] = ()
    """Title, outlet and authors of the article."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that somebody wrote about cited sentences."""

    text: str
    language: str
    """BCP 47, `und` when it is unknown; need not be the language of what is cited."""
    cited: tuple[Cited, ...]
    question: str = ""
    question_language: str = "und"

    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return every text that may support a number or a name, with its language."""
        found: list[tuple[str, str]] = []
        for cited in self.cited:
            found.append((cited.text, cited.language))
            if cited.passage:
                found.append((cited.passage, cited.language))
            for text in cited.about:
                found.append((text, cited.language))
        if self.question:
            found.append((self.question, self.question_language))
        return tuple(dict.fromkeys(found))

    def cited_in_its_language(self) -> tuple[Cited, ...]:
        """Return what is cited in the language of the statement."""
        return tuple(cited for cited in self.cited if is_same_language(cited.language, self.language))


def describe_cited(article: Article, span: Span, passages: Sequence[Passage]) -> Cited:
    """Return a span of an article with the one of the article's `passages` that holds it."""
    passage = next((passage.span for passage in passages if passage.span.contains(span)), span)
    about = filter(None, (article.title, article.outlet, *article.authors))
    return Cited(
        text=article.slice(span),
        language=article.language,
        passage=article.slice(passage),
        published=article.published.at.date() if article.published else None,
        about=tuple(about),
    )


def conclude(name: str, missing: Sequence[str], known: Iterable[str], shown: int) -> Check:
    """Return the outcome of a check: what is missing, and up to `shown` of its kind that are there."""
    if not missing:
        return Check(name=name, passed=True)
    kind = name.removesuffix("s")
    quoted = ", ".join(map("“{}”".format, missing))
    there = ", ".join(list(dict.fromkeys(known))[:shown])
    seen = f"the {kind}s there are {there}" if there else f"there is no {kind} there"
    verb = "is" if len(missing) == 1 else "are"
    return Check(name=name, passed=False, detail=f"{quoted} {verb} not in what is cited; {seen}")


def fails(*checks: Check | None) -> bool:
    """Whether one of the checks has something to say against a statement."""
    return any(check is not None and not check.passed for check in checks)
