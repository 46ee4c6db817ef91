"""The span of a request to a model, by OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.telemetry import OpenSpan, span

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What a span says of a request."""

    model: str
    endpoint: str
    """Without a password."""
    temperature: float | None
    max_tokens: int | None
    has_form: bool
    redact: Callable[[str], str]
    """Takes a key out of a text."""

    @contextmanager
    def trace(self, messages: Sequence[BaseMessage]) -> Iterator[Callable[[BaseMessage], None]]:
        """Put a span around the request; what is yielded is to be called with the reply."""
        address = urlsplit(self.endpoint)
        attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": self.model,
            "gen_ai.request.temperature": self.temperature,
            "gen_ai.request.max_tokens": self.max_tokens,
            "gen_ai.output.type": "json" if self.has_form else None,
            "server.address": address.hostname,
            "server.port": address.port or {"http": 80, "https": 443}.get(address.scheme),
        }
        with span(f"chat {self.model}", attributes, is_request=True) as here:
            if here.has_content:
                here.set_content({"gen_ai.input.messages": self._write(messages)})
            yield lambda reply: self._describe(reply, here)

    def _describe(self, reply: BaseMessage, here: OpenSpan) -> None:
        usage = getattr(reply, "usage_metadata", None) or {}
        finish = reply.response_metadata.get("finish_reason")
        here.set(
            {
                "gen_ai.response.model": reply.response_metadata.get("model_name"),
                "gen_ai.response.finish_reasons": (str(finish),) if finish else None,
                "gen_ai.usage.input_tokens": usage.get("input_tokens"),
                "gen_ai.usage.output_tokens": usage.get("output_tokens"),
                "gen_ai.usage.cache_read.input_tokens": (usage.get("input_token_details") or {}).get(
                    "cache_read"
                ),
            }
        )
        if here.has_content:
            here.set_content({"gen_ai.output.messages": self._write([reply])})

    def _write(self, messages: Sequence[BaseMessage]) -> str:
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
        return self.redact(json.dumps(written, ensure_ascii=False))
