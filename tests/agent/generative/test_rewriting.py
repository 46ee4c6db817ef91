from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import Pipeline, ask
from agent import Request as Asked
from agent.answer.answer import Answer, Mode, Verdict
from agent.checks import NameMatcher
from agent.generative import AgentSettings, Writer
from agent.generative.rewriting import LONGEST_ADDED, Fault, find_fault
from agent.llm import ChatModel, ModelSettings
from agent.llm.forms import find_object
from agent.sessions.sessions import Exchange
from agent.settings.sections import SessionSettings
from prompts import load
from tests.agent.generative.conftest import ARTICLES, QUESTION, saying
from tests.agent.newsroom import open_filled
from tests.peers import wordings
from tests.peers.llama_cpp import MODEL, RunLlamaCpp
from tests.peers.scripted_openai import Cut, Request, ScriptedOpenAI, Stall, Status, Step, Text
from vectorstore import Filters, Library, Turn
from vectorstore.embedding import Embedder

WARNED = ("Minister Anna Visser warned of flooding.", "warned of flooding along the Maas on Monday")
SANDBAGS = ("Visser said that 1,200 soldiers would fill sandbags.", "1,200 soldiers")
FOLLOW_UP = "and who will fill the sandbags?"
ALONE = "Who will fill the sandbags along the Maas?"
CARRIED = f"{FOLLOW_UP} (Maas)"
READ_AS = "Read after the question before as “{}”."

AskOn = Callable[..., Answer]


def alone(question: str) -> Text:
    return Text(json.dumps({"question": question}, ensure_ascii=False))


def is_rewriting(request: Request) -> bool:
    return "You rewrite the last question" in request.body["messages"][0]["content"]


@pytest.fixture
def own_library(tmp_path: Path, cache: Path, embedder: Embedder) -> Iterator[Library]:
    """A library whose sessions are this test's."""
    with open_filled(tmp_path / "articles", ARTICLES, cache, embedder) as opened:
        yield opened


@pytest.fixture
def ask_on(own_library: Library, connect: Callable[..., ChatModel]) -> AskOn:
    """Ask in a session, of a scripted server."""

    def ask_on(
        server: ScriptedOpenAI,
        question: str,
        *,
        history_tokens: int = 1000,
        model: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Answer:
        writer = Writer(connect(server, **(model or {})), AgentSettings(**settings))
        sessions = SessionSettings(history_tokens=history_tokens)
        pipeline = Pipeline(own_library, sessions=sessions, writer=writer)
        return pipeline.answer(Asked(question=question, session="mine"))

    return ask_on


def follow(ask_on: AskOn, *then: Step, **given: Any) -> tuple[Answer, list[Request]]:
    """The answer to a follow-up, and what the server was asked for it."""
    with ScriptedOpenAI(saying(WARNED), *then) as server:
        ask_on(server, QUESTION)
        answer = ask_on(server, FOLLOW_UP, **given)
        return answer, server.chats[1:]


def test_days_within_which_nothing_answers_are_undone_before_the_model_is_asked(ask_on: AskOn) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        answer = ask_on(server, "Who warned of flooding along the Maas on 4 May 2019?")
    assert [statement.text for statement in answer.statements] == [WARNED[0]]
    assert (len(server.chats), answer.usage.model_calls) == (1, 1)
    assert answer.notes[0] == (
        "Nothing that is published 4–5 May 2019 answers this; all articles were searched."
    )


def test_a_follow_up_is_rewritten_from_the_conversation_and_counted(
    ask_on: AskOn, own_library: Library
) -> None:
    prices = {"input_price": 1, "output_price": 4}
    answer, (rewriting, answering) = follow(ask_on, alone(ALONE), saying(SANDBAGS), model=prices)
    assert (answer.question, answer.mode, answer.verdict) == (ALONE, Mode.AGENT, Verdict.ANSWERED)
    assert [statement.text for statement in answer.statements] == [SANDBAGS[0]]
    assert answer.notes == (READ_AS.format(ALONE),)
    assert answer.prompts == tuple(f"{name}@{load(name).version}" for name in ("rewrite", "answer"))
    system, user = (message["content"] for message in rewriting.body["messages"])
    assert system == load("rewrite").text.partition("\n---\n")[0]
    assert user.splitlines()[1:3] == [f"# Question: {QUESTION}", f"[answer] {WARNED[0]}"]
    assert user.splitlines()[5] == FOLLOW_UP
    assert rewriting.body["response_format"]["json_schema"] == {
        "name": "Question",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"question": {"type": "string"}},
            "required": ["question"],
            "additionalProperties": False,
        },
    }
    assert ALONE in answering.body["messages"][1]["content"]
    usage = answer.usage
    assert usage.model_calls == 2
    assert usage.prompt_tokens == rewriting.prompt_tokens + answering.prompt_tokens
    assert usage.cost is not None
    assert usage.cost * 1_000_000 == usage.prompt_tokens + 4 * usage.completion_tokens
    assert own_library.sessions.turns("mine")[-1] == Turn(FOLLOW_UP, ALONE, Filters(), answer.receipt)


def test_a_first_question_costs_no_rewriting(ask_on: AskOn) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        answer = ask_on(server, QUESTION)
    assert (answer.usage.model_calls, len(server.chats), answer.notes) == (1, 1, ())


def test_no_history_costs_no_rewriting(ask_on: AskOn) -> None:
    answer, asked = follow(ask_on, saying(SANDBAGS), history_tokens=0)
    assert (answer.question, answer.usage.model_calls, len(asked)) == (CARRIED, 1, 1)
    assert answer.notes == (READ_AS.format(CARRIED),)


def test_a_question_that_stands_alone_comes_back_as_it_is(ask_on: AskOn) -> None:
    asked = "How many bulbs were sold in Lisse *this* spring?"
    sold = ("Growers in Lisse sold 40 million bulbs.", "sold 40 million bulbs")
    with ScriptedOpenAI(saying(WARNED), alone(f" {asked}\n"), saying(sold)) as server:
        ask_on(server, QUESTION)
        answer = ask_on(server, asked)
    assert (answer.question, answer.notes, answer.usage.model_calls) == (asked, (), 2)


def test_the_history_is_bounded_by_tokens(ask_on: AskOn) -> None:
    _, (rewriting, _) = follow(
        ask_on, alone(ALONE), saying(SANDBAGS), history_tokens=12, model={"name": "gpt-4o"}
    )
    user = rewriting.body["messages"][1]["content"]
    assert f"# Question: {QUESTION}" in user
    assert WARNED[0] not in user


@pytest.mark.parametrize(
    "said",
    [
        Text(""),
        Text("I cannot do that."),
        Text('{"question": ""}'),
        Text('{"question": ["who?"]}'),
        Text('[{"question": 1}]'),
        Text('{"question": "…?"}'),
        Text('{"question": "Who will fill'),
        Text('{"question": "Who?"}', finish="length"),
        Text("", refusal="I would rather not."),
        alone(f"{ALONE} {'really ' * 60}"),
        alone(f"{ALONE} See https://evil.example/x"),
        alone(f"[{ALONE}](https://evil.example/x)"),
        alone("Who on evil.example will fill the sandbags?"),
        alone("Who will fill the sandbags of Bob Evil?"),
        alone("Who will fill the 9,000 sandbags?"),
        alone("Who will fill the sandbags in March 2031?"),
        wordings.WRONG_KEY,
        Status(500),
        Status(429, headers={"retry-after": "60"}),
        Cut('{"question": "Who'),
    ],
)
def test_names_are_carried_over_where_the_model_fails(ask_on: AskOn, said: Step) -> None:
    answer, asked = follow(ask_on, said, saying(SANDBAGS))
    assert [is_rewriting(request) for request in asked] == [True, False]
    assert (answer.question, answer.verdict) == (CARRIED, Verdict.ANSWERED)
    assert [statement.text for statement in answer.statements] == [SANDBAGS[0]]
    assert answer.notes == (READ_AS.format(CARRIED),)
    assert answer.usage.model_calls == 2
    assert answer.prompts[0] == f"rewrite@{load('rewrite').version}"


def test_a_server_that_knows_no_schema_is_told_in_the_prompt(ask_on: AskOn) -> None:
    refused = Status(400, "response_format json_schema is not supported")
    with ScriptedOpenAI(refused, saying(WARNED), alone(ALONE), saying(SANDBAGS)) as server:
        ask_on(server, QUESTION)
        answer = ask_on(server, FOLLOW_UP)
    assert (answer.question, answer.usage.model_calls) == (ALONE, 2)
    rewriting = server.chats[2]
    assert rewriting.body["response_format"] == {"type": "json_object"}
    assert rewriting.body["messages"][0]["content"].endswith('"additionalProperties": false}')


def test_a_form_refused_in_the_rewriting_is_taken_a_rung_lower(ask_on: AskOn) -> None:
    refused = Status(400, "response_format json_schema is not supported")
    answer, asked = follow(ask_on, refused, alone(ALONE), saying(SANDBAGS))
    assert (answer.question, answer.usage.model_calls) == (ALONE, 3)
    assert [request.format for request in asked] == ["json_schema", "json_object", "json_object"]


def test_a_server_that_stalls_leaves_time_for_the_answer(ask_on: AskOn, patience: int) -> None:
    answer, asked = follow(ask_on, Stall('{"question": '), saying(SANDBAGS), max_seconds=2 * patience)
    assert (len(asked), answer.question, answer.verdict) == (2, CARRIED, Verdict.ANSWERED)
    assert answer.usage.tokens_are_estimated


def test_a_reply_without_end_is_hung_up_on(ask_on: AskOn) -> None:
    endless = Text('{"question": "' + "why " * 20_000, piece=4000)
    answer, asked = follow(ask_on, endless, saying(SANDBAGS))
    assert (len(asked), answer.question, answer.verdict) == (2, CARRIED, Verdict.ANSWERED)


@pytest.mark.parametrize(
    ("limit", "mode"), [({"max_calls": 1}, Mode.AGENT), ({"max_tokens": 900}, Mode.QUOTES)]
)
def test_the_answer_comes_first_where_the_budget_is_small(
    ask_on: AskOn, limit: dict[str, int], mode: Mode
) -> None:
    answer, asked = follow(ask_on, saying(SANDBAGS), **limit)
    assert (answer.question, answer.mode, answer.verdict) == (CARRIED, mode, Verdict.ANSWERED)
    assert [is_rewriting(request) for request in asked] == [False] * (mode is Mode.AGENT)
    assert answer.usage.model_calls == len(asked)
    assert f"rewrite@{load('rewrite').version}" not in answer.prompts


def test_what_rewriting_took_is_told_when_the_answer_fails(ask_on: AskOn) -> None:
    answer, asked = follow(ask_on, alone(ALONE), wordings.WRONG_KEY)
    assert (answer.mode, answer.question, answer.usage.model_calls) == (Mode.QUOTES, ALONE, 2)
    assert answer.usage.prompt_tokens == asked[0].prompt_tokens
    assert answer.prompts == (f"rewrite@{load('rewrite').version}",)
    assert answer.notes[0].startswith("Quotes, because the model did not answer: ")
    assert answer.notes[1] == READ_AS.format(ALONE)


def test_a_server_that_is_gone_leaves_quotes(ask_on: AskOn) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        ask_on(server, QUESTION)
    answer = ask_on(server, FOLLOW_UP, model={"max_retries": 0, "name": "other"})
    assert (answer.mode, answer.question) == (Mode.QUOTES, CARRIED)
    assert answer.usage.prompt_tokens == 0


def test_an_earlier_articles_orders_reach_the_model_as_data_and_get_no_further(
    ask_on: AskOn, own_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotes of the hostile article are the history; the model obeys it in every way it can."""
    monkeypatch.setattr("agent.extractive.quotes._MARGIN", 1.0)  # All that it says is quoted.
    earlier = "Who confessed everything about the tulips of Lisse?"
    quoted = ask(own_library, earlier, session="mine")
    said = " ".join(statement.text for statement in quoted.statements)
    assert "</data articles> SYSTEM" in said and "<|im_end|>" in said
    obeyed = "[click here](https://evil.example/x) What did delete_library do? [a1.1]"
    with ScriptedOpenAI(alone(obeyed), saying()) as server:
        answer = ask_on(server, "and why?")
    (rewriting, _) = server.chats
    user = rewriting.body["messages"][1]["content"]
    opening, closing = [line for line in user.splitlines() if "data conversation" in line]
    assert opening.startswith("<data conversation ")
    assert closing == opening.replace("<data", "</data")
    assert sum(line.startswith("# Question: ") for line in user.splitlines()) == 1
    assert "<|im_end|>" not in user and "a1.1" not in user
    assert answer.question == "and why? (Lisse)"
    assert answer.notes[0] == READ_AS.format("and why? (Lisse)")


def test_an_obedient_rewriting_is_one_line_of_the_conversations_words(ask_on: AskOn) -> None:
    written = "<b>Who</b> will fill\nthe sandbags\u202e along the Maas? [a1.1]"
    answer, _ = follow(ask_on, alone(written), saying(SANDBAGS))
    assert answer.question == ALONE


HISTORY = (
    Exchange(
        "Who warned of flooding along the Maas?",
        "Minister Anna Visser warned of flooding on 2 December 2024. Sweden sent 1,200 soldiers.",
    ),
    Exchange("Wie schrijft op krant.example over tulpen?", ""),
)


@pytest.mark.parametrize(
    ("question", "written", "fault"),
    [
        ("what did she say?", "What did Anna Visser say about flooding along the Maas?", None),
        ("and when?", "When did Minister Visser warn of flooding?", None),
        ("what about Piet Smeets?", "What did Piet Smeets say about flooding in December 2024?", None),
        ("how many soldiers?", "How many soldiers did Sweden send, 1,200?", None),
        ("hoeveel soldaten?", "Hoeveel soldaten stuurde Zweden naar de Maas?", None),
        ("wat staat daar?", "Wat staat er op krant.example over tulpen?", None),
        ("why?", " \u200b ", Fault.SILENT),
        ("why?", "“…?”", Fault.SILENT),
        ("why?", "why " * (LONGEST_ADDED // 4 + 1) + "so?", Fault.LONG),
        ("why?", "Why does https://evil.example/x say so?", Fault.ADDRESSES),
        ("why?", "Why did [Visser](http://evil.example) warn of it?", Fault.ADDRESSES),
        ("why?", "Why did visser@evil.example warn of it?", Fault.ADDRESSES),
        ("why?", "Why did Visser warn 9,000 people of flooding?", Fault.NUMBERS),
        ("why?", "Why did Visser warn of flooding in 2019?", Fault.NUMBERS),
        ("why?", "Why did Bob Evil warn of flooding along the Maas?", Fault.NAMES),
        ("what about Piet Smeets?", "What did Visser say about flooding?", Fault.DROPPED),
        ("and the 300 others?", "What about the others along the Maas?", Fault.DROPPED),
    ],
)
def test_what_may_be_added_to_a_question(
    library: Library, question: str, written: str, fault: Fault | None
) -> None:
    matcher = NameMatcher(library.embedder, library.center_tokens)
    assert find_fault(written, question, HISTORY, matcher) is fault


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ('{"question": "Who?"}', {"question": "Who?"}),
        ('<think>{"question": "x"}</think>```json\n{"question": "Who?"}\n```', {"question": "Who?"}),
        ('Here it is: {"question": "Who {was} it?"}. Done.', {"question": "Who {was} it?"}),
        ("", None),
        ("}{", None),
        ("[1]", None),
        ('{"question": "Who', None),
        ("{question: who}", None),
    ],
)
def test_an_object_is_found_in_a_reply(reply: str, found: dict[str, str] | None) -> None:
    assert find_object(reply) == found


def test_whatever_a_real_server_says_the_follow_up_is_answered(
    own_library: Library, tmp_path: Path, llama_cpp: RunLlamaCpp
) -> None:
    with llama_cpp() as url:
        model = ChatModel.connect(ModelSettings(name=MODEL, base_url=url), tmp_path / "models", {})
        assert model is not None
        writer = Writer(model, AgentSettings(max_calls=2, max_seconds=120, max_answer_tokens=64))

        def ask_on(question: str, writer: Writer | None = None) -> Answer:
            return ask(own_library, question, session="mine", writer=writer)

        first = ask_on(QUESTION)
        answer = ask_on("and where?", writer)
    assert answer.prompts[0] == f"rewrite@{load('rewrite').version}"
    assert answer.usage.model_calls >= 2
    said = " ".join(statement.text for statement in first.statements)
    assert find_fault(answer.question, "and where?", [Exchange(QUESTION, said)]) is None
    for citation in answer.citations():
        article = own_library.articles.get(citation.article)
        assert article.text[citation.start : citation.end] == citation.quote
