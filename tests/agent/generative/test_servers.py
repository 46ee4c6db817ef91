"""What different servers refuse, and that an answer comes of it all the same."""

from __future__ import annotations

import pytest

from agent.answer.answer import Verdict
from agent.generative import NotWrittenError
from tests.agent.generative.conftest import Ask, find_label, reply, saying
from tests.peers import wordings
from tests.peers.scripted_openai import Raw, Request, ScriptedOpenAI, Status, Text, refuse_formats

LEAD = "warned of flooding along the Maas on Monday"
WARNED = ("Minister Anna Visser warned of flooding along the Maas.", LEAD)


def formats(server: ScriptedOpenAI) -> list[str | None]:
    return [request.format for request in server.chats]


def test_a_server_without_json_schema_gets_json_mode_and_this_is_remembered(write: Ask) -> None:
    step = refuse_formats({"json_schema"}, wordings.VLLM_REFUSES_SCHEMA, saying(WARNED))
    with ScriptedOpenAI(step) as server:
        first, second = write(server), write(server)
    assert formats(server) == ["json_schema", "json_object", "json_object"]
    assert [s.text for s in first.statements] == [s.text for s in second.statements] == [WARNED[0]]
    assert (first.usage.model_calls, second.usage.model_calls) == (2, 1)
    system = server.chats[1].body["messages"][0]["content"]
    assert '"enum"' in system and '"enum"' not in server.chats[0].body["messages"][0]["content"]
    assert first.usage.prompt_tokens == server.chats[1].prompt_tokens


def test_a_server_without_any_form_gets_a_plain_prompt(write: Ask) -> None:
    refused = refuse_formats(
        {"json_schema", "json_object"},
        wordings.OLD_SERVER_REFUSES_FORMAT,
        lambda request: Text(
            f"Sure!\n```json\n{reply((WARNED[0], [find_label(request, LEAD)]))}\n```\nDone."
        ),
    )
    with ScriptedOpenAI(refused) as server:
        answer = write(server)
    assert formats(server) == ["json_schema", "json_object", None]
    assert [s.text for s in answer.statements] == [WARNED[0]]


def test_a_server_that_passes_over_the_form_is_asked_in_the_prompt(write: Ask) -> None:
    def step(request: Request) -> Text:
        system = request.body["messages"][0]["content"]
        return saying(WARNED)(request) if '"enum"' in system else Text("Anna Visser did, I think.")

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert formats(server) == ["json_schema", "json_object"]
    assert [s.text for s in answer.statements] == [WARNED[0]]
    assert answer.usage.prompt_tokens == server.prompt_tokens


def test_words_that_are_no_json_on_every_rung_are_an_error_and_never_shown(write: Ask) -> None:
    shown: list[object] = []
    prose = Text("Anna Visser did. See https://evil.example")
    said = "did not answer in the form"
    with ScriptedOpenAI(prose) as server, pytest.raises(NotWrittenError, match=said) as failure:
        write(server, on_statement=shown.append)
    assert formats(server) == ["json_schema", "json_object", None]
    assert shown == []
    assert failure.value.usage.prompt_tokens == server.prompt_tokens


@pytest.mark.parametrize(
    "refusal",
    [
        Status(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        Status(400, "registry.ollama.ai/library/gemma does not support tools"),
        Status(500, "Cannot use custom grammar constraints with tools."),
    ],
    ids=["vllm", "ollama", "llama.cpp"],
)
def test_a_server_without_tools_answers_from_the_first_search(write: Ask, refusal: Status) -> None:
    def step(request: Request) -> Status | Text:
        return refusal if request.body.get("tools") else saying(WARNED)(request)

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.usage.model_calls == 2
    assert any("takes no tools" in note for note in answer.notes)


@pytest.mark.parametrize(
    "refusal",
    [
        wordings.OPENAI_TOO_LONG,
        wordings.LLAMA_CPP_TOO_LONG,
        wordings.VLLM_TOO_LONG,
        wordings.LM_STUDIO_TOO_LONG,
    ],
    ids=["openai", "llama.cpp", "vllm", "lm-studio"],
)
def test_a_prompt_longer_than_the_context_is_packed_again_with_less(write: Ask, refusal: Status) -> None:
    def step(request: Request) -> Status | Text:
        shown = sum(line.startswith("[a") for line in request.body["messages"][1]["content"].splitlines())
        return refusal if shown > 5 else saying(WARNED)(request)

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert [s.text for s in answer.statements] == [WARNED[0]]
    assert any("fitted" in note for note in answer.notes)


def test_a_context_too_short_for_anything_is_an_error(write: Ask) -> None:
    said = "longer than the context"
    with ScriptedOpenAI(wordings.OPENAI_TOO_LONG) as server, pytest.raises(NotWrittenError, match=said):
        write(server)
    assert len(server.chats) <= 5


@pytest.mark.parametrize(
    ("reply_", "says"),
    [
        (wordings.WRONG_KEY, "key"),
        (wordings.UNKNOWN_MODEL, "has no model"),
        (wordings.AZURE_FILTERED, "content filter"),
        (Text("", finish="content_filter"), "content filter"),
        (Raw(b"<html>gateway</html>", "text/html"), "not a chat completion"),
        (Raw(b'{"choices": [', "application/json"), "not a chat completion"),
    ],
    ids=["401", "404", "filter-400", "filter-finish", "html", "cut-json"],
)
def test_a_failure_is_a_reason_with_a_next_step(write: Ask, reply_: object, says: str) -> None:
    with ScriptedOpenAI(reply_) as server, pytest.raises(NotWrittenError, match=says):  # type: ignore[arg-type]
        write(server)


def test_usage_that_is_not_reported_is_counted_here_and_says_so(write: Ask) -> None:
    def step(request: Request) -> Text:
        return Text(reply((WARNED[0], [find_label(request, LEAD)])), usage=False)

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert answer.usage.tokens_are_estimated
    assert answer.usage.prompt_tokens > 300 and answer.usage.completion_tokens > 10


def test_a_server_that_is_never_silent_is_left_when_the_time_is_over(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        write(server)  # So that what is imported once does not take of the time.
    thinking = Text(reply(("The minister did.", ["a1.1"])), comments=100)
    with ScriptedOpenAI(thinking) as server, pytest.raises(NotWrittenError) as caught:
        write(server, max_seconds=2)
    assert str(caught.value) == (
        "The limit `agent.max_seconds` ended the answer before the model had said anything. "
        "Raise it, or ask without the model: pullquote ask --no-model"
    )
    assert len(server.chats) == 1
    assert 0 < server.comments < 100
    assert server.chats[0].header("x-pullquote-seconds") is None
