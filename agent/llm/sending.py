"""One request to a model, whatever it is for: its client, what it took, and whether to send it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.llm import ChatModel, ModelError, ModelUnavailableError, TokenUsage
from agent.llm.budget import LEAST_REPLY, Budget

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_openai import ChatOpenAI

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
"""Reasoning that some local servers leave in the reply."""
_LONGEST_WAIT = 20.0


def open_client(
    model: ChatModel,
    budget: Budget,
    prompt: int,
    reader: BaseCallbackHandler,
    form: Mapping[str, Any] | None,
    seconds: float,
) -> ChatOpenAI:
    """A client for one streamed request.

    Args:
        model: to be asked.
        budget: of the answer; the reply has no more room than it leaves.
        prompt: tokens of the request.
        reader: is told of every piece of the reply.
        form: the `response_format`, None where the server is sent none.
        seconds: after which the server is given up.
    """
    client = model.client(
        seconds=seconds,
        max_tokens=max(LEAST_REPLY, budget.room_for_reply(prompt)),
        max_retries=0,
        streaming=True,
        callbacks=[reader],
    )
    if form:
        # Past openai's own streaming of forms, which ends a reply over one malformed call of a tool.
        client.extra_body = {**(client.extra_body or {}), "response_format": form}
    return client


def count_usage(
    model: ChatModel, prompt: int, reported: TokenUsage | None, reply: str, *, is_read: bool
) -> TokenUsage:
    """As reported; counted here when the reply did not get that far; nothing for a refused request."""
    if reported is not None:
        model.learn(prompt, reported.input_tokens)
        return reported
    if not is_read:
        return TokenUsage()
    return TokenUsage(prompt, model.count_tokens(reply).number, is_estimate=True)


def leave_out_thoughts(reply: str) -> str:
    """What a reply says, without the reasoning before it."""
    return _THOUGHT.sub("", reply)


def seconds_to_wait(error: ModelError, failures: int) -> float | None:
    """Before a further try; None when one would fail the same way."""
    import openai

    cause = error.__cause__
    if not isinstance(error, ModelUnavailableError) or isinstance(cause, openai.APITimeoutError):
        return None
    seconds = min(0.5 * 2 ** (failures - 1), 4.0)
    if isinstance(cause, openai.APIStatusError):
        if cause.code == "insufficient_quota":
            return None
        after = cause.response.headers.get("retry-after", "")
        if after.replace(".", "", 1).isdecimal():
            seconds = float(after)
    return seconds if seconds <= _LONGEST_WAIT else None
