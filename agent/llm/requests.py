"""One request to a model: sent, read while its reply streams, and counted whatever comes of it.

Answers, structured replies, the judge and repairs all ask through `open_reply`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.llm import (
    ChatModel,
    MalformedReplyError,
    ModelError,
    ModelUnavailableError,
    StructuredMode,
    TokenUsage,
    check_reply,
    map_model_errors,
)
from agent.llm.budget import LEAST_REPLY, Account, Budget
from agent.llm.tracing import trace_request
from vectorstore import server_errors

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
    from langchain_openai import ChatOpenAI

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
"""Reasoning that some local servers leave in the reply."""
_PER_MESSAGE = 4
"""Tokens a chat template puts around a message, at OpenAI and in the templates of most open models."""
_LONGEST_REPLY = 200_000
_LONGEST_WAIT = 20.0


class LateReplyError(ModelUnavailableError):
    """The time for the request is over in the middle of the reply."""


class EndlessReplyError(MalformedReplyError):
    """The reply is longer than anything that was asked for."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a reply has to look like: a name for the server, and a strict JSON schema."""

    name: str
    schema: Mapping[str, Any]


def closed_object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with all of the properties and no other, as strict mode wants it."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a model is asked, and what its reply may take."""

    messages: Sequence[BaseMessage]
    form: Form | None
    prompt_tokens: int
    seconds: float
    """After which the request is given up."""
    account: Account | None = None
    """On which it is counted, when the model is not the one that writes."""
    tools: Sequence[dict[str, Any]] = ()
    may_call: bool = False
    """False: tools are declared, because earlier messages mention them, and may not be called."""
    longest: int = _LONGEST_REPLY
    """Characters of a reply that are read: the connection to a server that ignores its limit is closed."""


class Reply:
    """A reply while it is read; iterate it once, for its pieces of text."""

    def __init__(self, chunks: Iterator[AIMessageChunk], check: Callable[[str], None]) -> None:
        self._chunks = chunks
        self._check = check
        self._read: list[AIMessageChunk] = []
        self.text = ""
        self.usage: TokenUsage | None = None
        """As the server reported it."""

    def __iter__(self) -> Iterator[str]:
        for chunk in self._chunks:
            self._read.append(chunk)
            metadata: Mapping[str, Any] | None = chunk.usage_metadata
            self.usage = TokenUsage.reported(metadata) or self.usage
            piece = str(chunk.text)
            self.text += piece
            yield piece
            self._check(self.text)

    @property
    def has_begun(self) -> bool:
        """Whether anything came."""
        return bool(self._read)

    @property
    def message(self) -> AIMessage:
        """The reply as a message of LangChain's, once all of it was read."""
        from langchain_core.messages import message_chunk_to_message

        whole = self._read[0] + self._read[1:]
        return message_chunk_to_message(whole)  # type: ignore[return-value]


@contextmanager
def open_reply(model: ChatModel, budget: Budget, request: ModelRequest) -> Iterator[Reply]:
    """Send a request, and give its reply to be read in the block.

    Raise LateReplyError or EndlessReplyError where it takes more than the request allows, else ModelErrors.
    """
    client = _make_client(model, budget, request)
    bound = client
    if request.tools:
        choice = None if request.may_call else "none"
        bound = client.bind_tools(request.tools, tool_choice=choice, strict=True)  # type: ignore[assignment]
    # What the budget's clock, which counts down, shows when the reply has to be over.
    ends = budget.seconds_left - request.seconds

    def check(text: str) -> None:
        if len(text) > request.longest:
            raise EndlessReplyError(f"{model.name} did not stop writing.")
        if budget.seconds_left <= ends:
            raise LateReplyError(f"{model.name} did not end its reply in time.")

    began = budget.begin_call(request.account, request.prompt_tokens)
    chunks: Generator[AIMessageChunk] = bound.stream(list(request.messages))  # type: ignore[assignment]
    reply = Reply(chunks, check)
    is_read = False
    try:
        with map_model_errors(model):
            with trace_request(model, client, request.messages) as describe, closing(chunks):
                yield reply
                describe(reply.message)
            check_reply(reply.message, model)
        is_read = True
    except ModelUnavailableError as error:
        # A server that was silent for too long has read the prompt all the same.
        is_read = is_timeout(error)
        raise
    finally:
        taken = _count_usage(model, request.prompt_tokens, reply, is_read=is_read or reply.has_begun)
        budget.end_call(began, taken, request.account)


def _make_client(model: ChatModel, budget: Budget, request: ModelRequest) -> ChatOpenAI:
    room = max(LEAST_REPLY, budget.room_for_reply(request.prompt_tokens))
    client = model.client(seconds=request.seconds, max_tokens=room)
    form = request.form and model.response_format(request.form.name, request.form.schema)
    if form:
        # Past openai's own streaming of forms, which ends a reply over one malformed call of a tool.
        client.extra_body = {**(client.extra_body or {}), "response_format": form}
    return client


def _count_usage(model: ChatModel, prompt: int, reply: Reply, *, is_read: bool) -> TokenUsage:
    """As reported; counted here when the reply did not get that far; nothing for a refused request."""
    if reply.usage is not None:
        model.learn(prompt, reply.usage.input_tokens)
        return reply.usage
    if not is_read:
        return TokenUsage()
    return TokenUsage(prompt, model.count_tokens(reply.text), is_estimate=True)


def count_prompt(model: ChatModel, messages: Sequence[BaseMessage], form: Form | None) -> int:
    """Return the tokens of messages, and of the schema where the server reads it too."""
    texts: list[str] = []
    for message in messages:
        calls = getattr(message, "tool_calls", None)
        texts.append(f"{message.text}{json.dumps(calls) if calls else ''}")
    if form is not None and model.structured is StructuredMode.JSON_SCHEMA:
        texts.append(json.dumps(form.schema))
    return model.count_tokens("\n".join(texts)) + _PER_MESSAGE * len(messages)


def leave_out_thoughts(reply: str) -> str:
    """Return what a reply says, without the reasoning before it."""
    return _THOUGHT.sub("", reply)


def is_timeout(error: ModelError) -> bool:
    """Whether a server was silent for too long."""
    import openai

    return isinstance(error.__cause__, openai.APITimeoutError) or "Timeout" in type(error.__cause__).__name__


def seconds_to_wait(error: ModelError, failures: int) -> float | None:
    """Return the wait before a further try; None when one would fail the same way."""
    import openai

    cause = error.__cause__
    if not isinstance(error, ModelUnavailableError) or isinstance(cause, openai.APITimeoutError):
        return None
    seconds = min(0.5 * 2 ** (failures - 1), 4.0)
    if isinstance(cause, openai.APIStatusError):
        if cause.code == "insufficient_quota":
            return None
        after = server_errors.seconds_to_wait(cause.response)
        seconds = seconds if after is None else max(0.0, after)
    return seconds if seconds <= _LONGEST_WAIT else None
