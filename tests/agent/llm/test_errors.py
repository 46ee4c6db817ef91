"""Every way a server can fail, over real HTTP, streamed and not."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from agent.llm import (
    ChatModel,
    ContextTooLongError,
    MalformedReplyError,
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    ReplyCutError,
    SchemaRefusedError,
    check_reply,
    map_model_errors,
)
from agent.llm.budget import Budget
from agent.llm.forms import FormRequest, ask_form
from agent.llm.requests import Form
from agent.settings.sections import AgentSettings
from prompts import Messages
from tests.agent.llm.conftest import Connect
from tests.peers import wordings
from tests.peers.scripted_openai import (
    Cut,
    Raw,
    Reply,
    ScriptedOpenAI,
    Stall,
    Status,
    StreamError,
    Text,
)

RAINS = Text('{"text": "It rains."}')
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


def ask(chat: ChatModel, stream: bool = False, form: bool = False) -> str:
    """One question, whole or streamed, in words or in JSON; what comes back."""
    with map_model_errors(chat):
        client = chat.client()
        if form:
            client = client.bind(response_format=chat.response_format("reply", SCHEMA))
        if stream:
            message = None
            for chunk in client.stream("Who?"):
                message = chunk if message is None else message + chunk
            assert message is not None
            check_reply(message, chat)
            return str(message.content)
        message = client.invoke("Who?")
        check_reply(message, chat)
        return str(message.content)


WITHOUT = "or ask without the model: pullquote ask --no-model"
CASES: dict[str, tuple[Reply, type[ModelError], str]] = {
    "wrong key": (
        wordings.WRONG_KEY,
        ModelError,
        "{url} does not accept the key. Next: set the right one in OPENAI_API_KEY, or for another server "
        "than OpenAI in PULLQUOTE_MODEL__API_KEY",
    ),
    "redirect": (
        Status(302, headers={"location": "http://169.254.169.254/latest"}),
        ModelError,
        "{url} sends the request elsewhere (302), which is not followed. "
        "Next: set model.base_url to the server's own address",
    ),
    "no rights": (
        Status(403, "Project does not have access to model `scripted`."),
        ModelError,
        "{url} does not let this key use scripted: Project does not have access to model `scripted`. "
        "Next: check the key's rights, or pullquote config set model.name NAME",
    ),
    "unknown model": (
        wordings.UNKNOWN_MODEL,
        ModelError,
        "{url} has no model scripted. It has: one, two. Next: pullquote config set model.name NAME",
    ),
    "wrong path": (
        Status(404, body="<html>Not Found</html>"),
        ModelError,
        "{url} is not the address of an OpenAI-compatible server (404). "
        "Next: pullquote config set model.base_url http://HOST:PORT/v1",
    ),
    "bad request": (
        Status(400, "Unsupported value: 'temperature' does not support 0."),
        ModelError,
        "{url} does not take the request for scripted (400): Unsupported value: 'temperature' does not "
        "support 0. Next: check model.name and model.temperature in `pullquote config`",
    ),
    "too many requests": (
        Status(429, "Rate limit reached", code="rate_limit_exceeded"),
        ModelUnavailableError,
        "{url} gets too many requests (429) and was asked again in vain. Try in a minute, " + WITHOUT,
    ),
    "too many requests, for so long": (
        Status(429, "Rate limit reached", headers={"Retry-After": "17"}),
        ModelUnavailableError,
        "{url} gets too many requests (429) and was asked again in vain. Try in 17 s, " + WITHOUT,
    ),
    "no money": (
        Status(429, "You exceeded your current quota, please check your plan.", code="insufficient_quota"),
        ModelUnavailableError,
        "The account at {url} has nothing left to spend: You exceeded your current quota, please check your "
        "plan. Top it up, " + WITHOUT,
    ),
    "server error": (
        Status(500, "The server had an error"),
        ModelUnavailableError,
        "{url} fails (500): The server had an error. Try again later, " + WITHOUT,
    ),
    "overloaded": (
        Status(503, "Loading model"),
        ModelUnavailableError,
        "{url} fails (503): Loading model. Try again later, " + WITHOUT,
    ),
    "content filter": (
        wordings.AZURE_FILTERED,
        ModelRefusedError,
        "The content filter at {url} stopped the answer. Put the question differently, " + WITHOUT,
    ),
    "filtered reply": (
        Text("It is", finish="content_filter"),
        ModelRefusedError,
        "The content filter at {url} stopped the answer. Put the question differently, " + WITHOUT,
    ),
    "refusal": (
        Text("", refusal="I can't help with that."),
        ModelRefusedError,
        "scripted declined to answer: I can't help with that. Put it differently, " + WITHOUT,
    ),
    "longest reply": (
        Text("It is", finish="length"),
        ReplyCutError,
        "{url} cut its reply short: it reached the longest reply allowed. Next: ask something narrower",
    ),
    "stall": (
        Stall(),
        ModelUnavailableError,
        "{url} sent nothing in time. Try again, raise model.timeout_seconds, " + WITHOUT,
    ),
    "cut": (
        Cut("It is rain"),
        ModelUnavailableError,
        "{url} broke off in the middle of its reply. Try again, " + WITHOUT,
    ),
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("form", [False, True], ids=["words", "schema"])
@pytest.mark.parametrize("case", CASES)
def test_a_failure_says_what_happened_where_and_what_to_do(
    connect: Connect, case: str, form: bool, stream: bool
) -> None:
    reply, kind, message = CASES[case]
    with ScriptedOpenAI(reply, models=["one", "two"]) as server:
        seconds = 0.5 if isinstance(reply, Stall) else 60
        chat = connect(server.url, api_key="sk-secret", timeout_seconds=seconds)
        with pytest.raises(ModelError) as caught:
            ask(chat, stream, form)
        assert str(caught.value) == message.format(url=server.url)
        assert type(caught.value) is kind
        assert len(server.chats) == 1


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("wording", "limit", "requested"),
    [
        (wordings.OPENAI_TOO_LONG, 8192, 10231),
        (wordings.LLAMA_CPP_TOO_LONG, 256, 1407),
        (wordings.VLLM_TOO_LONG, 4096, 5120),
        (wordings.LM_STUDIO_TOO_LONG, 4096, 6000),
        (wordings.OPENAI_TOO_LARGE, 30000, 45000),
        (Status(413, "Payload Too Large"), None, None),
    ],
    ids=["OpenAI", "llama.cpp", "vLLM", "LM Studio", "OpenAI, tokens a minute", "413"],
)
def test_a_prompt_that_is_too_long_says_by_how_much(
    connect: Connect, wording: Status, limit: int | None, requested: int | None, stream: bool
) -> None:
    with ScriptedOpenAI(wording) as server:
        chat = connect(server.url)
        with pytest.raises(ContextTooLongError) as caught:
            ask(chat, stream)
        assert chat.context_tokens == (limit if wording.status == 400 else None)
        assert (caught.value.limit, caught.value.requested) == (limit, requested)
        context = f"the context of {limit:,} tokens" if limit else "the context"
        assert str(caught.value) == (
            f"The prompt is longer than {context} of scripted at {server.url}. "
            "Next: ask something narrower, or use a model with a longer context"
        )


def test_an_error_within_a_stream_is_told_like_one_before_it(connect: Connect) -> None:
    too_long = StreamError("It is ", wordings.OPENAI_TOO_LONG.message, "context_length_exceeded")
    with ScriptedOpenAI(StreamError("It is ", "out of memory"), too_long) as server:
        chat = connect(server.url)
        with pytest.raises(ModelUnavailableError) as caught:
            ask(chat, stream=True)
        assert str(caught.value) == f"{server.url} broke off its reply: out of memory. Try again, {WITHOUT}"
        with pytest.raises(ContextTooLongError):
            ask(chat, stream=True)


@pytest.mark.parametrize(
    "content",
    [b"<html>hello</html>", b"{", b"null", b"[]", b'{"choices": null}', b'{"object": "error"}', b'"text"'],
)
def test_a_reply_that_is_no_completion_is_told_as_such(connect: Connect, content: bytes) -> None:
    with ScriptedOpenAI(Raw(content)) as server:
        with pytest.raises(MalformedReplyError) as caught:
            ask(connect(server.url))
        assert str(caught.value) == (
            f"{server.url} replied with something that is not a chat completion. Next: check model.base_url, "
            "and that the server speaks OpenAI's /v1/chat/completions"
        )


def test_malformed_events_are_told_as_such(connect: Connect) -> None:
    events = Raw(b"data: {not json\n\n", "text/event-stream")
    with ScriptedOpenAI(events) as server, pytest.raises(MalformedReplyError):
        ask(connect(server.url), stream=True)


def test_a_missing_key_says_where_the_other_one_goes(connect: Connect) -> None:
    with ScriptedOpenAI(Text("x"), key="right") as server:
        with pytest.raises(ModelError) as caught:
            ask(connect(server.url))
        assert str(caught.value) == (
            f"{server.url} wants a key, and none is set for it; OPENAI_API_KEY is sent to OpenAI and to "
            "OPENAI_BASE_URL only. Next: export PULLQUOTE_MODEL__API_KEY=…"
        )


def test_a_server_that_is_not_there_is_named(connect: Connect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailableError) as caught:
        ask(connect(f"http://127.0.0.1:{port}/v1"))
    assert str(caught.value) == (
        f"http://127.0.0.1:{port}/v1 cannot be reached: [Errno 111] Connection refused. "
        f"Start the server or check model.base_url, {WITHOUT}"
    )


def ask_again(chat: ChatModel, tries: int, seconds: float = 30) -> dict[str, Any] | None:
    """One question in a form, asked up to `tries` times while there is time."""
    request = FormRequest(Messages("", "Who?"), Form("reply", SCHEMA), seconds, reply=10, tries=tries)
    return ask_form(chat, Budget(AgentSettings(), chat.price), request)


def test_a_limit_that_passes_is_waited_for(connect: Connect) -> None:
    with ScriptedOpenAI(Status(429, headers={"Retry-After": "0.1"}), RAINS) as server:
        assert ask_again(connect(server.url), tries=2) == {"text": "It rains."}
        assert len(server.chats) == 2


@pytest.mark.parametrize(
    "after",
    [
        "90",
        "89.5",
        pytest.param(format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True), id="day"),
    ],
)
def test_a_limit_longer_than_the_time_out_is_not_waited_for(connect: Connect, after: str) -> None:
    with ScriptedOpenAI(Status(429, headers={"Retry-After": after}), RAINS) as server:
        with pytest.raises(ModelUnavailableError, match=r"Try in (90|\d{5}) s"):
            ask_again(connect(server.url), tries=6)
        assert len(server.chats) == 1


def test_five_server_errors_end_in_one_message(connect: Connect) -> None:
    with ScriptedOpenAI(*[Status(500, "boom")] * 5, Text("too late")) as server:
        with pytest.raises(ModelUnavailableError, match="fails \\(500\\): boom"):
            ask_again(connect(server.url), tries=2)
        assert len(server.chats) == 2


def test_no_retry_is_begun_that_cannot_end_in_time(connect: Connect) -> None:
    with ScriptedOpenAI(Stall()) as server:
        with pytest.raises(ModelUnavailableError):
            ask_again(connect(server.url), tries=6, seconds=0.3)
        assert len(server.chats) == 1


def test_a_key_a_server_repeats_is_not_passed_on(connect: Connect) -> None:
    with ScriptedOpenAI(Status(400, "bad header: Bearer sk-secret")) as server:
        with pytest.raises(ModelError) as caught:
            ask(connect(server.url, api_key="sk-secret"))
        assert "bad header: Bearer ••••" in str(caught.value)
        assert "sk-secret" not in str(caught.value)


def test_what_steers_a_terminal_is_not_passed_on(connect: Connect) -> None:
    with ScriptedOpenAI(Status(500, "bo\x1b[31mom \x1b]0;title\x07\u202ereversed\n\u200bhere")) as server:
        with pytest.raises(ModelUnavailableError) as caught:
            ask(connect(server.url))
        assert str(caught.value) == (
            f"{server.url} fails (500): bo [31mom ]0;title reversed here. Try again later, or ask without "
            "the model: pullquote ask --no-model"
        )


def test_our_own_mistakes_stay_what_they_are(connect: Connect) -> None:
    with pytest.raises(TypeError, match="ours"), map_model_errors(connect("http://127.0.0.1:1/v1")):
        raise TypeError("ours")


def test_a_form_that_is_refused_is_told_apart(connect: Connect) -> None:
    refused = pytest.raises(SchemaRefusedError, match="does not take response_format")
    with ScriptedOpenAI(wordings.VLLM_REFUSES_SCHEMA) as server, refused:
        ask(connect(server.url))
