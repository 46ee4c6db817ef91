"""The protocol as a real server speaks it. What the model says is worthless and is not looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from agent.llm import ChatModel, ContextTooLongError, StructuredMode, TokenUsage, map_model_errors
from tests.agent.llm.conftest import Connect
from tests.peers.llama_cpp import MODEL, RunLlamaCpp

CONTEXT = 1024
SCHEMA = {
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "maxLength": 12},
                    "cites": {"type": "array", "items": {"enum": ["a1.1", "a1.2"]}, "maxItems": 2},
                },
                "required": ["text", "cites"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def server(llama_cpp: RunLlamaCpp) -> Iterator[str]:
    with llama_cpp(context=CONTEXT) as url:
        yield url


@pytest.fixture
def chat(server: str, connect: Connect) -> ChatModel:
    return connect(server.removesuffix("/v1"), name=None, timeout_seconds=120)


def test_the_model_is_found_and_answers(chat: ChatModel, server: str) -> None:
    with map_model_errors(chat):
        message = chat.client().bind(extra_body={"max_tokens": 4, "ignore_eos": True}).invoke("Count to ten.")
    usage = TokenUsage.reported(message.usage_metadata)
    assert usage is not None
    assert (chat.name, chat.endpoint, chat.context_tokens) == (MODEL, server, CONTEXT)
    assert usage.output_tokens == 4
    assert usage.input_tokens > 4


def test_a_reply_is_as_long_as_allowed(chat: ChatModel) -> None:
    with map_model_errors(chat):
        message = chat.client(max_tokens=3).invoke("Count to one hundred.")
    assert message.response_metadata["finish_reason"] == "length"
    assert message.usage_metadata is not None
    assert message.usage_metadata["output_tokens"] == 3


@pytest.mark.parametrize("form", [False, True], ids=["words", "schema"])
def test_streams_end_with_their_usage(chat: ChatModel, form: bool) -> None:
    client = chat.client(max_tokens=200 if form else 8)
    asked = client.bind(response_format=chat.response_format("answer", SCHEMA)) if form else client
    chunks = []
    with map_model_errors(chat):
        chunks.extend(asked.stream("[a1.1] It rains. [a1.2] It is cold. Say hello in one word."))
    usage = [TokenUsage.reported(chunk.usage_metadata) for chunk in chunks if chunk.usage_metadata]
    assert len(usage) == 1
    assert len(chunks) > 2
    if form:
        (statement,) = json.loads("".join(str(chunk.content) for chunk in chunks))["statements"]
        assert sorted(statement) == ["cites", "text"]
        assert set(statement["cites"]) <= {"a1.1", "a1.2"}
        assert chat.structured is StructuredMode.JSON_SCHEMA


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_too_long_a_prompt_is_told_with_its_numbers(chat: ChatModel, stream: bool) -> None:
    client = chat.client(max_tokens=5)
    prompt = "word " * 2 * CONTEXT
    with pytest.raises(ContextTooLongError) as caught, map_model_errors(chat):
        list(client.stream(prompt)) if stream else client.invoke(prompt)
    assert caught.value.limit == CONTEXT
    assert caught.value.requested is not None
    assert caught.value.requested > 2 * CONTEXT


def test_estimates_come_close_to_this_servers_tokens(chat: ChatModel) -> None:
    text = "De regering zei dinsdag dat zij de accijns op brandstof met drie procent verhoogt. " * 8
    for _ in range(3):
        counted = chat.count_tokens(text)
        with map_model_errors(chat):
            message = chat.client(max_tokens=1).invoke(text)
        usage = TokenUsage.reported(message.usage_metadata)
        assert usage is not None
        chat.learn(counted, usage.input_tokens)
    assert abs(chat.count_tokens(text) - usage.input_tokens) < 0.15 * usage.input_tokens
