"""One reply of the model in a form, without evidence and tools: for all that is not a statement."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk
from pydantic_core import from_json

from agent.llm import (
    ChatModel,
    MalformedReplyError,
    ModelError,
    ModelUnavailableError,
    ReplyCutError,
    SchemaRefusedError,
    StructuredMode,
    TokenUsage,
    check_reply,
    map_model_errors,
)
from agent.llm.budget import Account, Budget, Limit
from agent.llm.sending import count_usage, leave_out_thoughts, open_client, seconds_to_wait
from prompts import Messages

_PER_MESSAGES = 8
"""Tokens a chat template puts around the two messages."""
_LONGEST = 20_000
"""Characters of a reply that are read, thoughts included."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a reply has to look like: a name for the server, and a strict JSON schema."""

    name: str
    schema: Mapping[str, Any]


class SpentError(ModelError):
    """The budget allows no further request."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"The limit `{limit}` is used up.")
        self.limit = limit


class _Listener(BaseCallbackHandler):
    """Collects a reply as it streams, and hangs up on one that does not end."""

    raise_error = True

    def __init__(self, name: str, is_late: Callable[[], bool]) -> None:
        self._name = name
        self._is_late = is_late
        self.text = ""
        self.is_begun = False
        self.usage: TokenUsage | None = None

    def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        **_: Any,
    ) -> None:
        self.is_begun = True
        self.text += token if isinstance(token, str) else ""
        if isinstance(chunk, ChatGenerationChunk):
            self.usage = TokenUsage.reported(getattr(chunk.message, "usage_metadata", None)) or self.usage
        if len(self.text) > _LONGEST:
            raise MalformedReplyError(f"{self._name} did not stop writing.")
        if self._is_late():
            raise ModelUnavailableError(f"{self._name} did not end its reply in time.")


def ask_form(
    model: ChatModel,
    budget: Budget,
    messages: Messages,
    form: Form,
    *,
    seconds: float,
    reply: int | None = None,
    account: Account | None = None,
    may_be_cut: bool = False,
    tries: int = 1,
) -> dict[str, Any] | None:
    """The first JSON object of one reply; None when there is none.

    The next rung of the ladder is taken when the server does not know the form.
    What it takes is counted on `budget`, whatever comes of it.

    Args:
        model: to be asked.
        budget: of the answer this is for.
        messages: what it is asked.
        form: what it has to reply.
        seconds: after which it is given up.
        reply: tokens the reply needs. None: the answer is still to be written, and enough for it is left.
        account: on which it is counted, when `model` is not the one that writes.
        tries: requests to a server that fails for a moment, each after the wait it asks for.
        may_be_cut: of a reply that reached its longest length, take the values that are complete.

    Raises:
        SpentError: the budget does not allow it.
        ModelError: there was no reply.
    """
    ends = budget.seconds_left - seconds
    while True:
        system = f"{messages.system}\n\n{model.schema_in_prompt(form.schema)}".strip()
        is_read_by_server = model.structured is StructuredMode.JSON_SCHEMA
        read = system + messages.user + (json.dumps(form.schema) if is_read_by_server else "")
        prompt = model.count_tokens(read).number + _PER_MESSAGES
        limit = budget.find_next_limit(prompt) if reply is None else budget.find_limit(prompt, reply, account)
        if limit is not None:
            raise SpentError(limit)
        left = budget.seconds_left - ends
        try:
            return _send(
                model, budget, Messages(system, messages.user), form, prompt, left, account, may_be_cut
            )
        except SchemaRefusedError as error:
            if not model.degrade(error):
                raise
        except ModelUnavailableError as error:
            tries -= 1
            wait = seconds_to_wait(error, 1)
            if tries < 1 or wait is None or wait >= budget.seconds_left - ends:
                raise
            time.sleep(wait)


def _send(
    model: ChatModel,
    budget: Budget,
    messages: Messages,
    form: Form,
    prompt: int,
    seconds: float,
    account: Account | None,
    may_be_cut: bool,
) -> dict[str, Any] | None:
    ends = budget.seconds_left - seconds
    listener = _Listener(model.name, lambda: budget.seconds_left <= ends)
    wanted = model.response_format(form.name, form.schema)
    client = open_client(model, budget, prompt, listener, wanted, seconds)
    began = budget.begin_call(account, prompt)
    is_read = is_cut = False
    try:
        with map_model_errors(model):
            message = client.invoke([SystemMessage(messages.system), HumanMessage(messages.user)])
            check_reply(message, model)
        is_read = True
    except ReplyCutError:
        is_cut = True
        if not may_be_cut:
            raise
    finally:
        is_read |= listener.is_begun
        taken = count_usage(model, prompt, listener.usage, listener.text, is_read=is_read)
        budget.end_call(began, taken, account)
    return find_object(listener.text, is_cut=is_cut)


def find_object(reply: str, *, is_cut: bool = False) -> dict[str, Any] | None:
    """The JSON object in a reply, whatever stands around it (a thought, a fence, a remark).

    Of one that is cut the values that are complete.
    """
    text = leave_out_thoughts(reply)
    start, end = text.find("{"), len(text) if is_cut else text.rfind("}") + 1
    try:
        value = from_json(text[start:end], allow_partial=is_cut) if 0 <= start < end else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
