"""Articles to ask about, and questions that have an answer in them and questions that have none."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from eval.suites.datasets import SetDocument, compose_xquad, read_questions, read_sentences
from vectorstore import Embedder, Given, Library, LibrarySettings


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question, and whether the articles answer it."""

    text: str
    language: str
    has_answer: bool


def read_half(data: Path) -> tuple[list[SetDocument], list[BenchQuestion]]:
    """XQuAD-R's articles with even numbers in every language, and all questions.

    A question about an article with an odd number has no answer in the others.
    """
    kept = [sentence for sentence in read_sentences(data) if sentence.art % 2 == 0]
    asked = [BenchQuestion(q.question, q.lang, q.article % 2 == 0) for q in read_questions(data)]
    return compose_xquad(kept), asked


def spread(questions: Sequence[BenchQuestion], count: int) -> list[BenchQuestion]:
    """So many of them, as evenly as can be over languages and over answered and unanswered.

    Those of one language follow each other, so that a server can keep the beginning of the prompt.
    """
    groups: dict[tuple[str, bool], list[BenchQuestion]] = defaultdict(list)
    for question in questions:
        groups[question.language, not question.has_answer].append(question)
    share = -(-count // max(len(groups), 1))
    thinned = [group[:: max(1, len(group) // share)] for _, group in sorted(groups.items())]
    turns = chain.from_iterable(zip_longest(*thinned))
    chosen = [question for question in turns if question is not None][:count]
    return sorted(chosen, key=lambda question: question.language)


@contextmanager
def open_library(articles: Iterable[str], folder: Path, cache: Path, embedder: Embedder) -> Iterator[Library]:
    """A new library at the defaults in `folder`, of articles in JSON, as `pullquote add` reads them."""
    folder.mkdir(parents=True)
    source = folder / "articles.jsonl"
    source.write_text("\n".join(articles), "utf-8")
    settings = LibrarySettings(path=folder / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as library:
        library.add([source], Given())
        yield library


def to_json(documents: Iterable[SetDocument]) -> list[str]:
    """Articles as lines of JSON."""
    return [json.dumps({"text": d.text, "language": d.language, "id": d.key}) for d in documents]
