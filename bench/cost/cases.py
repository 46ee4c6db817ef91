"""The questions of the comparison, with the sentence that answers each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.probes import letters
from eval.suites.datasets import SetDocument, compose_xquad, read_questions, read_sentences

LONG = 300
"""Code points of a statement: a model is asked for short ones."""
_Item = TypeVar("_Item")
_LABEL = re.compile(r"\[a\d+\.\d+\] ?")
_LABELLED = re.compile(r"^\[(a\d+\.\d+)\] (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CostCase:
    """An English question, and its answering sentence."""

    question: str
    in_language: str
    """The question as a reader of the articles' language asks it: what a model would search for next."""
    gold: str
    """In the articles' language."""
    in_english: str
    """The same sentence in English: what a model would answer."""

    def is_shown_in(self, prompt: str) -> bool:
        """Whether the answering sentence stands in a prompt; labels, white space and marks do not matter."""
        return letters(self.gold) in letters(_LABEL.sub("", prompt))

    @property
    def statement(self) -> str:
        """What a model would answer: the sentence, or its beginning where it goes on for long."""
        if len(self.in_english) <= LONG:
            return self.in_english
        beginning = self.in_english[:LONG]
        return beginning[: max(beginning.rfind(mark) for mark in ",; ")].rstrip(",; ") + "."

    def find_labels(self, prompt: str) -> list[str]:
        """The labels of the lines that make up the answering sentence, where a prompt has labels."""
        gold = letters(self.gold)
        labelled = {found[1]: letters(found[2]) for found in _LABELLED.finditer(prompt)}
        return [label for label, line in labelled.items() if line and (line in gold or gold in line)]


def find_case(cases: Sequence[CostCase], prompt: str) -> CostCase | None:
    """The case whose question a prompt asks, else the one whose answering sentence it has."""
    asked = letters(prompt)
    found = [case for case in cases if letters(case.question) in asked]
    found = found or [case for case in cases if letters(case.gold) in asked]
    return max(found, key=lambda case: len(case.question), default=None)


def read_cases(data: Path, language: str, count: int) -> tuple[list[SetDocument], list[CostCase]]:
    """All articles of `language`, and `count` English questions spread evenly over them."""
    sentences = read_sentences(data)
    texts = {sentence.pid: sentence.text for sentence in sentences}
    questions = read_questions(data)
    own = {question.qid: question.question for question in questions if question.lang == language}
    english = [question for question in questions if question.lang == "en" and language in question.gold]
    cases = [
        CostCase(q.question, own.get(q.qid, q.question), texts[q.gold[language]], texts[q.gold["en"]])
        for q in thin(english, count)
    ]
    return compose_xquad([sentence for sentence in sentences if sentence.lang == language]), cases


def thin(items: Sequence[_Item], count: int) -> list[_Item]:
    """At most `count`, evenly spread."""
    step = len(items) / max(count, 1)
    return list(items) if step <= 1 else [items[int(at * step)] for at in range(count)]
