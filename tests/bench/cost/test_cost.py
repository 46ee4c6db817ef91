"""Pullquote against the counting server, and peers that cannot be driven."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from agent.generative import AgentSettings
from agent.settings.sections import Translate
from bench.cost.__main__ import Cost, count, count_tokens, row, run_pullquote
from bench.cost.cases import CostCase, find_case, read_cases, thin
from bench.cost.peers import PEERS, PeerFailedError, drive
from bench.cost.server import ServedPrompt
from vectorstore import Embedder


def test_an_answer_in_another_language_takes_one_call_and_shows_its_sentence(
    sets: Path, cache: Path, embedder: Embedder
) -> None:
    documents, cases = read_cases(sets, "de", 20)
    assert cases[0] == CostCase(
        "Who warned of flooding?",
        "Wer warnte vor Hochwasser?",
        "Anna Visser warnte vor Hochwasser an der Maas.",
        "Anna Visser warned of flooding along the Maas.",
    )
    plain, translated = (
        count(
            cases,
            embedder,
            cache,
            partial(run_pullquote, documents, cases, cache, embedder, AgentSettings(translate=mode)),
        )[1]
        for mode in (Translate.NEVER, Translate.AUTO)
    )
    assert [(cost.calls, cost.is_gold_shown) for cost in plain] == [(1, True), (1, True)]
    assert [(cost.calls, cost.is_gold_shown) for cost in translated] == [(2, True), (2, True)]
    assert all(more.tokens > less.tokens > 500 for less, more in zip(plain, translated, strict=True))


def test_tokens_are_those_of_everything_that_is_sent(cache: Path) -> None:
    assert count_tokens(ServedPrompt("one two three", '{"a":1}', 2), cache) == 3 + 5 + 8


def test_a_row_has_means_and_the_most() -> None:
    costs = [Cost(1, 1000, True), Cost(2, 2001, False)]
    assert row("en", "Peer 1.0", costs) == "| en | Peer 1.0 | 1.50 | 1,500 | 2,001 | 1 of 2 |"


def test_a_prompt_belongs_to_the_longest_question_it_asks_or_to_the_sentence_it_has() -> None:
    cases = [
        CostCase(question, "", gold, "")
        for question, gold in (("Who?", "She did."), ("Who won?", "He won."), ("Where?", "Here."))
    ]
    assert find_case(cases, "Query: who\nwon?") is cases[1]
    assert find_case(cases, "[1] She did.") is cases[0]
    assert find_case(cases, "Query: why?") is None


def test_few_are_spread_evenly() -> None:
    assert thin(range(10), 4) == [0, 2, 5, 7]
    assert thin(range(3), 4) == [0, 1, 2]


def test_a_long_sentence_is_answered_with_its_beginning() -> None:
    long = CostCase("", "", "", "The port grew, " * 30)
    assert long.statement == ("The port grew, " * 20).rstrip(", ") + "."
    assert CostCase("", "", "", "It grew.").statement == "It grew."


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.script)
def test_a_peer_that_is_not_installed_is_told_of(peer: object, sets: Path) -> None:
    documents, cases = read_cases(sets, "en", 1)
    (known,) = (one for one in PEERS if one is peer)
    with pytest.raises(PeerFailedError) as caught:
        drive(known, Path(sys.executable), documents, cases, "http://127.0.0.1:9/v1")
    missing = {"drive_llama_index.py": "llama_index", "drive_paper_qa.py": "lmi"}[known.script]
    assert str(caught.value) == (
        f"{known.name} ended with 1: ModuleNotFoundError: No module named '{missing}'"
    )
