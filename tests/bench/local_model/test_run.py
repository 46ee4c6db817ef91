"""Questions to the agent over a real server whose model writes nonsense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from agent.generative import AgentSettings
from agent.llm import ChatModel, ModelSettings
from bench.local_model.__main__ import render
from bench.local_model.run import SMALL, put_questions
from bench.questions import BenchQuestion, open_library, to_json
from eval.suites.datasets import compose
from tests.peers.llama_cpp import RunLlamaCpp
from vectorstore import Embedder

ARTICLES = [
    compose("flood", "en", [[("1", "Anna Visser warned of flooding along the Maas on 3 December 2024.")],
                            [("2", "She said that 1,200 soldiers would fill sandbags.")]]),
    compose("tulpen", "nl", [[("3", "Tulpenkwekers in Lisse verkochten dit voorjaar 40 miljoen bollen.")],
                             [("4", "Zij verwachten geen tekort.")]]),
    compose("hafen", "de", [[("5", "Der Hafen von Rotterdam verlor im Mai vier Prozent seines Umschlags.")]]),
]  # fmt: skip
QUESTIONS = [
    BenchQuestion("Who warned of flooding along the Maas?", "en", True),
    BenchQuestion("Hoeveel bollen verkochten de kwekers in Lisse?", "nl", True),
    BenchQuestion("Wie viel Umschlag verlor der Hafen?", "de", True),
    BenchQuestion("Who won the chess tournament in Oslo?", "en", False),
    BenchQuestion("洪水について誰が警告しましたか。", "ja", True),
]


@pytest.fixture(scope="module")
def server(llama_cpp: RunLlamaCpp) -> Iterator[str]:
    with llama_cpp() as url:
        yield url


SMALLER = SMALL.model_copy(update={"max_calls": 2, "max_tokens": 3000, "max_answer_tokens": 60})


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("questions", "settings"),
    [
        pytest.param(QUESTIONS[2:], SMALLER, id="short"),
        pytest.param(QUESTIONS, SMALL, id="long", marks=pytest.mark.torture),
    ],
)
def test_whatever_the_model_says_no_promise_is_broken(
    server: str,
    tmp_path: Path,
    cache: Path,
    embedder: Embedder,
    questions: Sequence[BenchQuestion],
    settings: AgentSettings,
) -> None:
    model = ChatModel.connect(ModelSettings(base_url=server, temperature=1), tmp_path / "model", {})
    assert model is not None
    heard: list[BenchQuestion] = []
    with open_library(to_json(ARTICLES), tmp_path / "news", cache, embedder) as library:
        tally = put_questions(
            library,
            tmp_path / "news" / "library" / "library.db",
            questions,
            model,
            settings,
            lambda asked, _: heard.append(asked),
        )
    assert tally.faults == []
    assert heard == questions
    assert tally.outcomes.total() == len(questions)
    assert all(1 <= calls <= settings.max_calls for calls in tally.calls)
    assert f"| questions | {len(questions)} |" in render(tally)
    assert "| invalid citations | **0** |" in render(tally)
