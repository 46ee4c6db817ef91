from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from agent.answer.answer import Agreement
from agent.checks import Cited, NameMatcher
from agent.extractive.facts import Extract, Fact, choose_facts, find_facts
from vectorstore import Centering, Prefix, Span
from vectorstore.embedding import Embedder

Told = list[tuple[str, list[list[str]]]]
Find = Callable[..., tuple[Fact, ...]]


@pytest.fixture(scope="module")
def find(embedder: Embedder) -> Find:
    """Facts of articles, each a source of its own: sentences in order, with their language."""
    center = Centering.shipped()
    matcher = NameMatcher(embedder, lambda s, tag: center.center_tokens(s, tag, Prefix.PASSAGE))

    def find(*articles: tuple[str, Sequence[str]]) -> tuple[Fact, ...]:
        extracts = []
        for source, (language, texts) in enumerate(articles):
            vectors = center(np.asarray(embedder.embed_passages(list(texts))), [language] * len(texts))
            extracts += [
                Extract(
                    f"a{source}",
                    Span(0, len(text)),
                    None,
                    Cited(text, language),
                    source,
                    1.0 - at / 10,
                    vector,
                )
                for at, (text, vector) in enumerate(zip(texts, vectors, strict=True))
            ]
        return find_facts(extracts, matcher)

    return find


def tell(facts: Sequence[Fact]) -> Told:
    return [
        (fact.agreement.value, [[one.cited.text for one in version] for version in fact.versions])
        for fact in facts
    ]


FLOOD = "The river Weer flooded the old town of Weert."
FLOOD_TOO = "The old town of Weert was flooded by the river Weer."
LEFT = "The mayor, Ruth Bakker, said that 300 families had to leave their homes."
SCHOOLS = "Schools in Weert are closed until Friday, the council said."


def test_two_sources_agree_where_one_bears_the_other_out(find: Find) -> None:
    assert tell(find(("en", [FLOOD, SCHOOLS]), ("en", [FLOOD_TOO]))) == [
        ("agreed", [[FLOOD, FLOOD_TOO]]),
        ("single_source", [[SCHOOLS]]),
    ]


def test_across_languages_too(find: Find) -> None:
    dutch = "De burgemeester, Ruth Bakker, zei dat 300 gezinnen hun huizen moesten verlaten."
    assert tell(find(("en", [LEFT]), ("nl", [dutch]))) == [("agreed", [[LEFT, dutch]])]


@pytest.mark.parametrize(
    "other",
    [
        LEFT.replace("300", "450"),
        "De burgemeester, Ruth Bakker, zei dat 450 gezinnen hun huizen moesten verlaten.",
        LEFT.replace("had to", "did not have to"),
    ],
    ids=["number", "number abroad", "negation"],
)
def test_near_sentences_that_cannot_both_be_true_are_a_conflict(find: Find, other: str) -> None:
    language = "nl" if other.startswith("De ") else "en"
    assert tell(find(("en", [LEFT, SCHOOLS]), (language, [other]))) == [
        ("conflicting", [[LEFT], [other]]),
        ("single_source", [[SCHOOLS]]),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LEFT, "The mayor, Piet Smeets, said that 450 families had to leave their homes."),
        (LEFT, "The mayor, Ruth Bakker, said that families had to leave their homes in Limburg."),
        (FLOOD, "Tulip growers in Lisse sold 40 million bulbs this spring."),
    ],
    ids=["somebody else", "each says more", "something else"],
)
def test_what_is_neither_agreed_nor_contradicted_is_of_one_source(find: Find, one: str, other: str) -> None:
    assert {kind for kind, _ in tell(find(("en", [one]), ("en", [other])))} == {"single_source"}


def test_one_source_does_not_agree_with_itself_and_says_a_thing_once(find: Find) -> None:
    assert tell(find(("en", [FLOOD, FLOOD, FLOOD_TOO]))) == [
        ("single_source", [[FLOOD]]),
        ("single_source", [[FLOOD_TOO]]),
    ]


def fact(agreement: Agreement, source: int = 0, weight: float = 1.0) -> Fact:
    sides = 2 if agreement is Agreement.CONFLICTING else 1
    one = Extract("a", Span(0, 1), None, Cited("x", "en"), source, weight, np.zeros(3, np.float32))
    return Fact(agreement, ((one,),) * sides)


def test_a_summary_is_half_agreed_a_quarter_conflicts_and_takes_sources_by_turns() -> None:
    agreed = [fact(Agreement.AGREED) for _ in range(4)]
    conflicts = [fact(Agreement.CONFLICTING) for _ in range(3)]
    first, second = [fact(Agreement.SINGLE_SOURCE) for _ in range(3)], [fact(Agreement.SINGLE_SOURCE, 1)]
    everything = [*agreed, *conflicts, *first, *second]
    assert choose_facts(everything, 4) == (*agreed[:2], conflicts[0], first[0])
    assert choose_facts(everything, 8) == (*agreed, *conflicts[:2], first[0], second[0])
    assert choose_facts(first + second, 3) == (first[0], second[0], first[1])
    assert choose_facts(agreed, 3) == tuple(agreed[:3])
    assert choose_facts(agreed + conflicts, 6) == (*agreed[:3], *conflicts[:2], agreed[3])
    assert choose_facts([], 3) == ()


def test_translated_news_agrees_with_itself_and_nothing_else_does(find: Find, data: Path) -> None:
    """Six documents in English and Dutch; and the even sentences of one against the odd ones of the other."""
    lines = (data / "ntrex_news.jsonl").read_text("utf-8").splitlines()[:6]
    right = wrong = pairs = 0
    for document in map(json.loads, lines):
        english, dutch = (document["sentences"][tag][1:] for tag in ("eng", "nld"))
        pairs += len(english)
        for kind, versions in tell(find(("en", english), ("nl", dutch))):
            if kind == "agreed":
                (one, two) = sorted(versions[0], key=lambda text: text in dutch)
                right += english.index(one) == dutch.index(two)
                wrong += english.index(one) != dutch.index(two)
        apart = tell(find(("en", english[::2]), ("nl", dutch[1::2])))
        wrong += sum(kind != "single_source" for kind, _ in apart)
    assert wrong == 0
    assert right >= 0.6 * pairs
