"""RGB (Chen et al., AAAI 2024): questions with documents that answer and documents that only seem to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import field_validator

from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.sets.content import MissingSetError, Record, SetArticle, SetContent, find_file, read_records

NAME = "rgb"
_FILES = {"en": ("en_refine.json", "en.json"), "zh": ("zh_refine.json", "zh.json")}
GOOD, NOISE = 2, 3
"""Documents of each kind beside an answerable question: the set's noise ratio of 0.6."""


class _RgbQuery(Record):
    id: int
    query: str
    answer: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]

    @field_validator("answer", "positive", mode="before")
    @classmethod
    def _flatten(cls, value: object) -> object:
        # The set has a string, a list, or a list of lists of spellings.
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            return value
        parts: list[object] = []
        for each in value:
            parts += each if isinstance(each, list) else [each]
        return tuple(parts)


def read_rejection(source: SetSource, data: Path) -> SetContent:
    """Return every question twice: among documents two of which answer, and among such as do not."""
    articles: dict[str, SetArticle] = {}
    cases: list[Case] = []
    missing = None
    for language in source.languages or ("en",):
        try:
            found = find_file(data, _FILES.get(language, (f"{language}_refine.json",)))
        except MissingSetError as error:
            missing = missing or error
            continue
        for query in list(read_records(found, _RgbQuery))[:: source.every]:
            cases += _ask_twice(query, language, articles)
    if not cases and missing:
        raise missing
    return SetContent({NAME: list(articles.values())}, cases)


PARTS = {"rejection": read_rejection}


def _ask_twice(query: _RgbQuery, language: str, articles: dict[str, SetArticle]) -> list[Case]:
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

    def make(kind: str, keys: tuple[str, ...], **fields: Any) -> Case:
        return Case(
            id=f"{NAME}:{language}:{query.id}:{kind}",
            question=query.query,
            language=language,
            library=NAME,
            filters=CaseFilters(articles=keys),
            cluster=f"{NAME}-{language}-{query.id}",
            **fields,
        )

    cases = []
    if right:
        answers = tuple(filter(str.strip, query.answer))
        cases.append(make("answerable", (*right, *wrong[:NOISE]), gold=gold, answers=answers))
    if wrong:
        cases.append(make("unanswerable", wrong, unanswerable=True))
    return cases
