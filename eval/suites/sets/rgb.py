"""RGB (Chen et al., AAAI 2024): questions with documents that answer and documents that only seem to."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator

from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.sets.content import MissingSetError, Record, SetArticle, SetContent, find_file, read_records

NAME = "rgb"
_FILES = {"en": ("en_refine.json", "en.json"), "zh": ("zh_refine.json", "zh.json")}
GOOD, NOISE = 2, 3
"""Documents of each kind beside an answerable question: the set's noise ratio of 0.6."""


class RgbQuery(Record):
    """A line of the set."""

    id: int
    query: str
    answer: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]

    @field_validator("answer", mode="before")
    @classmethod
    def _flatten(cls, answer: object) -> object:
        """Answers are a string, a list, or a list of lists of spellings."""
        if isinstance(answer, str):
            return (answer,)
        if isinstance(answer, list):
            return tuple(part for each in answer for part in (each if isinstance(each, list) else [each]))
        return answer

    @field_validator("positive", mode="before")
    @classmethod
    def _flatten_documents(cls, documents: object) -> object:
        return cls._flatten(documents)


def read_rejection(source: SetSource, data: Path) -> SetContent:
    """Every question twice: among documents two of which answer, and among such as do not."""
    articles: dict[str, SetArticle] = {}
    cases: list[Case] = []
    missing = None
    for language in source.languages or ("en",):
        try:
            found = find_file(data, _FILES.get(language, (f"{language}_refine.json",)))
        except MissingSetError as error:
            missing = missing or error
            continue
        for query in list(read_records(found, RgbQuery))[:: source.every]:
            cases += _ask_twice(query, language, articles)
    if not cases and missing:
        raise missing
    return SetContent({NAME: list(articles.values())}, cases)


PARTS = {"rejection": read_rejection}


def _ask_twice(query: RgbQuery, language: str, articles: dict[str, SetArticle]) -> list[Case]:
    def add(kind: str, documents: tuple[str, ...]) -> tuple[str, ...]:
        keys = []
        for row, text in enumerate(documents):
            if any(map(str.isalnum, text)):
                key = f"{NAME}/{language}/{query.id}/{kind}{row}"
                articles[key] = SetArticle(id=key, text=text, language=language)
                keys.append(key)
        return tuple(keys)

    right = add("p", query.positive[:GOOD])
    wrong = add("n", query.negative[: GOOD + NOISE])
    gold = tuple(Gold(article=key, quote=articles[key].text.strip(), fact="answer") for key in right)
    cases = []
    if right:
        cases.append(
            Case(
                id=f"{NAME}:{language}:{query.id}:answerable",
                question=query.query,
                language=language,
                library=NAME,
                filters=CaseFilters(articles=(*right, *wrong[:NOISE])),
                gold=gold,
                answers=tuple(answer for answer in query.answer if answer.strip()),
                cluster=f"{NAME}-{language}-{query.id}",
            )
        )
    if wrong:
        cases.append(
            Case(
                id=f"{NAME}:{language}:{query.id}:unanswerable",
                question=query.query,
                language=language,
                library=NAME,
                filters=CaseFilters(articles=wrong),
                unanswerable=True,
                cluster=f"{NAME}-{language}-{query.id}",
            )
        )
    return cases
