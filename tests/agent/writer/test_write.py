from __future__ import annotations

from agent.answer import Mode, Verdict
from tests.agent.writer.conftest import Ask, saying
from tests.peers.scripted_openai import ScriptedOpenAI

WARNED = (
    "Minister Anna Visser warned of flooding along the Maas.",
    "warned of flooding along the Maas on Monday",
)


def test_a_one_hop_question_costs_one_call(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        answer = write(server)
    assert len(server.chats) == 1
    assert (answer.mode, answer.verdict, answer.model) == (Mode.AGENT, Verdict.ANSWERED, "scripted")
    (statement,) = answer.statements
    (citation,) = statement.citations
    assert statement.text == WARNED[0]
    assert (
        citation.quote
        == "The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday."
    )
    print(answer.model_dump_json(indent=1))
    print(server.chats[0].body)
    assert (answer.usage.model_calls, answer.usage.prompt_tokens) == (1, server.prompt_tokens)
