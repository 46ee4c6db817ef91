"""Which answering sentences a model is shown, on sets small enough to see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.generative import AgentSettings
from bench.evidence import Setting, list_settings, measure
from bench.probes import Probe, ProbeSource, read_multihop, read_xquad
from vectorstore import Embedder


def test_an_article_of_facts_has_its_title_outlet_and_day(sets: Path) -> None:
    sources, probes = read_multihop(sets)
    assert sources[0] == ProbeSource(
        text="Anna Visser warned of flooding along the Maas.",
        title="Visser warned of flooding",
        outlet="The Courier",
        date="2024-12-03",
        url="https://news.example/0",
    )
    assert len(sources) == 2
    (probe,) = probes
    assert probe.golds == (sources[0].text, sources[1].text)


def test_a_question_goes_with_its_sentence_in_the_articles_language(sets: Path) -> None:
    sources, probes = read_xquad(sets, "de")
    assert [source.language for source in sources] == ["de", "de"]
    assert probes[0] == Probe(
        "Who warned of flooding?", ("Anna Visser warnte vor Hochwasser an der Maas.",), "0"
    )


@pytest.mark.parametrize(
    ("sentence", "is_shown"),
    [
        ("It rains, he says; in Lisse.", True),
        ("“It rains,” he says — in Lisse. And more.", True),
        ("It rains, he says", True),
        ("It rains", False),
        ("It snows, he says; in Lisse.", False),
        ("…", False),
    ],
)
def test_more_than_half_of_a_sentence_is_the_sentence(sentence: str, is_shown: bool) -> None:
    assert Probe("", ("It rains, he says; in Lisse.",), "").find_shown(["Other.", sentence]) == [is_shown]


def test_what_is_not_shown_is_not_counted(sets: Path, cache: Path, embedder: Embedder) -> None:
    sources, probes = read_multihop(sets)
    wide, narrow = measure(sources, probes, [Setting(9, 1500), Setting(1, 1500)], embedder, cache)
    assert (wide.golds.mean, wide.whole.mean) == (1, 1)
    assert (narrow.golds.mean, narrow.whole.mean, narrow.sentences) == (0.5, 0, 1)
    assert wide.tokens > narrow.tokens > 0


def test_the_default_comes_first() -> None:
    default = AgentSettings()
    shipped = Setting(default.evidence, default.evidence_tokens)
    assert list_settings("", "") == [shipped]
    assert list_settings("3,4", "500") == [shipped, Setting(3, 500), Setting(4, 500)]
