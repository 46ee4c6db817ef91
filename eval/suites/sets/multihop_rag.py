"""MultiHop-RAG (Tang and Yang, COLM 2024): news questions over several articles, some without an answer.

The bodies of the articles are not published with the questions; the facts of one article, with its title,
outlet, author and date, are what is indexed. Its own answer scorer takes one shared word for right and is
not used.
"""

from __future__ import annotations

from pathlib import Path

from eval.suites.cases import Case, Gold, SetSource
from eval.suites.hashing import shorten_hash
from eval.suites.sets.content import Record, SetArticle, SetContent, find_file, read_array

NAME = "multihop-rag"
_FILES = ("multihop_rag.jsonl", "MultiHopRAG.json")
_VERDICTS = frozenset({"yes", "no", "before", "after", "consistent", "inconsistent"})
"""Answers that are a judgement on the articles and are in none of them."""


class _Fact(Record):
    fact: str
    title: str
    source: str | None = None
    author: str | None = None
    published_at: str | None = None
    url: str | None = None

    @property
    def article(self) -> str:
        return "a" + shorten_hash(self.url or self.title)


class _MultiHopQuery(Record):
    id: str | None = None
    query: str
    question_type: str
    answer: str
    evidence_list: tuple[_Fact, ...] = ()


def read_queries(source: SetSource, data: Path) -> SetContent:
    """Return each fact of a question is gold."""
    found = find_file(data, _FILES)
    queries = read_array(found, _MultiHopQuery)
    facts: dict[str, dict[str, _Fact]] = {}
    for query in queries:
        for fact in query.evidence_list:
            facts.setdefault(fact.article, {}).setdefault(fact.fact, fact)
    cases = []
    for row, query in list(enumerate(queries))[:: source.every]:
        if not query.evidence_list and query.question_type != "null_query":
            continue
        is_null = query.question_type == "null_query"
        accepted = () if is_null or query.answer.casefold() in _VERDICTS else (query.answer,)
        gold = {(fact.article, fact.fact) for fact in query.evidence_list}
        cases.append(
            Case(
                id=f"{NAME}:{query.id or row}",
                question=query.query,
                language="en",
                library=NAME,
                gold=tuple(Gold(article=article, quote=words) for article, words in sorted(gold)),
                answers=accepted,
                unanswerable=is_null,
                tags=(query.question_type,),
            )
        )
    return SetContent({NAME: [_article(key, list(known.values())) for key, known in facts.items()]}, cases)


PARTS = {"all": read_queries}


def _article(key: str, facts: list[_Fact]) -> SetArticle:
    first = facts[0]
    return SetArticle(
        id=key,
        text="\n\n".join(fact.fact for fact in facts),
        title=first.title,
        outlet=first.source,
        authors=(first.author,) if first.author else (),
        published=first.published_at,
        language="en",
        url=first.url,
    )
