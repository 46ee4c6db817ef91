"""Questions with the sentences that answer them, over two sets whose articles are indexed as published.

XQuAD-R has one sentence a question, in every language. MultiHop-RAG has news facts from two to four articles
a question; the articles' texts are not published with it, so an article is the facts it is asked for, with
its title, outlet and day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.suites.datasets import compose_xquad, read_questions, read_sentences

MULTIHOP = "multihop_rag.jsonl"


class ProbeSource(BaseModel):
    """An article as `pullquote add` reads it from a JSON line."""

    model_config = ConfigDict(frozen=True)

    text: str
    language: str | None = None
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, and everything that has to be seen to answer it."""

    question: str
    golds: tuple[str, ...]
    cluster: str
    """Questions that stand or fall together."""

    def find_shown(self, sentences: Iterable[str]) -> list[bool]:
        """For each gold, whether a sentence has it, or is more than half of it."""
        shown = [folded for sentence in sentences if (folded := letters(sentence))]
        return [any(_covers(line, gold) for line in shown) for gold in map(letters, self.golds)]


def letters(text: str) -> str:
    """Letters and digits alone, in lower case: no white space, no marks."""
    return "".join(filter(str.isalnum, text.casefold()))


def _covers(line: str, gold: str) -> bool:
    return gold in line or (line in gold and 2 * len(line) > len(gold))


def read_xquad(data: Path, language: str) -> tuple[list[ProbeSource], list[Probe]]:
    """XQuAD-R's articles in `language`, and its English questions."""
    sentences = [sentence for sentence in read_sentences(data) if sentence.lang == language]
    texts = {sentence.pid: sentence.text for sentence in sentences}
    probes = [
        Probe(question.question, (texts[question.gold[language]],), str(question.article))
        for question in read_questions(data)
        if question.lang == "en" and language in question.gold
    ]
    documents = compose_xquad(sentences)
    return [ProbeSource(text=document.text, language=document.language) for document in documents], probes


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    fact: str
    title: str
    source: str
    published_at: str
    url: str


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    query: str
    evidence_list: tuple[_Fact, ...]


def read_multihop(data: Path) -> tuple[list[ProbeSource], list[Probe]]:
    """MultiHop-RAG's articles, cut down to their facts, and the questions that have an answer."""
    lines = (data / MULTIHOP).read_text("utf-8").splitlines()
    queries = [_Query.model_validate_json(line) for line in lines if line.strip()]
    by_article: dict[str, list[_Fact]] = defaultdict(list)
    for fact in dict.fromkeys(fact for query in queries for fact in query.evidence_list):
        by_article[fact.url].append(fact)
    sources = [
        ProbeSource(
            text="\n\n".join(dict.fromkeys(fact.fact for fact in facts)),
            title=facts[0].title,
            outlet=facts[0].source,
            date=facts[0].published_at[:10],
            url=url,
        )
        for url, facts in by_article.items()
    ]
    probes = [
        Probe(query.query, tuple(fact.fact for fact in query.evidence_list), query.id)
        for query in queries
        if query.evidence_list
    ]
    return sources, probes
