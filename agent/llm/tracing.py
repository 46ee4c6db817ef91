"""The span of a request to a model, by OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.telemetry import span

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

    from agent.llm.chat import ChatModel


@contextmanager
def trace_request(
    model: ChatModel, client: ChatOpenAI, messages: Sequence[BaseMessage]
) -> Iterator[Callable[[BaseMessage], None]]:
    """Put a span around a request by `client`; what is yielded is to be called with the reply."""
    address, in_body = urlsplit(model.endpoint), client.extra_body or {}
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model.name,
        "gen_ai.request.temperature": client.temperature,
        "gen_ai.request.max_tokens": client.max_tokens or in_body.get("max_tokens"),
        "gen_ai.output.type": "json" if "response_format" in in_body else None,
        "server.address": address.hostname,
        "server.port": address.port or {"http": 80, "https": 443}.get(address.scheme),
    }
    with span(f"chat {model.name}", attributes, is_request=True) as here:
        if here.has_content:
            here.set_content({"gen_ai.input.messages": model.redact(_write(messages))})

        def describe(reply: BaseMessage) -> None:
            here.set(_describe(reply))
            if here.has_content:
                here.set_content({"gen_ai.output.messages": model.redact(_write([reply]))})

        yield describe


def _describe(reply: BaseMessage) -> dict[str, Any]:
    usage = getattr(reply, "usage_metadata", None) or {}
    finish = reply.response_metadata.get("finish_reason")
    cached = (usage.get("input_token_details") or {}).get("cache_read")
    return {
        "gen_ai.response.model": reply.response_metadata.get("model_name"),
        "gen_ai.response.finish_reasons": (str(finish),) if finish else None,
        "gen_ai.usage.input_tokens": usage.get("input_tokens"),
        "gen_ai.usage.output_tokens": usage.get("output_tokens"),
        "gen_ai.usage.cache_read.input_tokens": cached,
    }


def _write(messages: Sequence[BaseMessage]) -> str:
    written = []
    for message in messages:
        parts: list[dict[str, Any]] = []
        if message.text:
            parts.append({"type": "text", "content": str(message.text)})
        for call in getattr(message, "tool_calls", ()):
            named = {"id": call["id"], "name": call["name"], "arguments": call["args"]}
            parts.append({"type": "tool_call", **named})
        role = {"human": "user", "ai": "assistant"}.get(message.type, message.type)
        written.append({"role": role, "parts": parts})
    return json.dumps(written, ensure_ascii=False)
