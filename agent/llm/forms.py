"""One structured reply of the model, without evidence and tools: for all that is not a statement."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic_core import from_json

from agent.llm import ChatModel, errors
from agent.llm.budget import Account, Budget, Limit
from agent.llm.requests import (
    Form,
    ModelRequest,
    count_prompt,
    leave_out_thoughts,
    open_reply,
    seconds_to_wait,
)
from prompts import Messages

_LONGEST = 20_000
"""Characters of a reply that are read, thoughts included."""


class SpentError(errors.ModelError):
    """The budget allows no further request."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"The limit `{limit}` is used up.")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class FormRequest:
    """What a model is asked to reply in a form."""

    messages: Messages
    form: Form
    seconds: float
    """After which it is given up."""
    reply: int | None = None
    """Tokens the reply needs. None: the answer is still to be written, and enough for it is left."""
    account: Account | None = None
    """On which it is counted, when the model is not the one that writes."""
    may_be_cut: bool = False
    """Of a reply that reached its longest length, take the values that are complete."""
    tries: int = 1
    """Requests to a server that fails for a moment, each after the wait it asks for."""


def ask_form(model: ChatModel, budget: Budget, asked: FormRequest) -> dict[str, Any] | None:
    """Return the first JSON object of one reply; None when there is none.

    The schema is sent in a weaker way when the server refuses it. What all requests take is counted on
    `budget`. Raise SpentError where that does not allow it, ModelError where there was no reply.
    """
    ends = budget.seconds_left - asked.seconds
    failures = 0
    while True:
        request = _make_request(model, budget, asked, budget.seconds_left - ends)
        try:
            return _send(model, budget, request, may_be_cut=asked.may_be_cut)
        except errors.SchemaRefusedError as error:
            if not model.degrade(error):
                raise
        except errors.ModelUnavailableError as error:
            failures += 1
            wait = seconds_to_wait(error, 1)
            if failures >= asked.tries or wait is None or wait >= budget.seconds_left - ends:
                raise
            time.sleep(wait)


def _make_request(model: ChatModel, budget: Budget, asked: FormRequest, seconds: float) -> ModelRequest:
    system = f"{asked.messages.system}\n\n{model.schema_in_prompt(asked.form.schema)}".strip()
    messages = [SystemMessage(system), HumanMessage(asked.messages.user)]
    prompt = count_prompt(model, messages, asked.form)
    if asked.reply is None:
        limit = budget.find_next_limit(prompt)
    else:
        limit = budget.find_limit(prompt, asked.reply, asked.account)
    if limit is not None:
        raise SpentError(limit)
    return ModelRequest(messages, asked.form, prompt, seconds, asked.account, longest=_LONGEST)


def _send(
    model: ChatModel, budget: Budget, request: ModelRequest, *, may_be_cut: bool
) -> dict[str, Any] | None:
    pieces: list[str] = []
    try:
        with open_reply(model, budget, request) as reply:
            pieces.extend(reply)
    except errors.ReplyCutError:
        if not may_be_cut:
            raise
        return find_object("".join(pieces), is_cut=True)
    return find_object("".join(pieces))


def find_object(reply: str, *, is_cut: bool = False) -> dict[str, Any] | None:
    """Return the JSON object in a reply, whatever is around it; of one that is cut what is complete."""
    text = leave_out_thoughts(reply)
    start, end = text.find("{"), len(text) if is_cut else text.rfind("}") + 1
    return read_object(text[start:end] if 0 <= start < end else "", is_cut=is_cut)


def read_object(text: str, *, is_cut: bool) -> dict[str, Any] | None:
    """Return the JSON object that a text is, of one that is cut what is complete; None for none."""
    try:
        value = from_json(text, allow_partial=is_cut) if text else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
