"""A span for each request to a model, by OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from agent.telemetry.otlp import Tracing
from agent.telemetry.spans import Mark

_ROLES = {"human": "user", "ai": "assistant"}


class ModelCalls(BaseCallbackHandler):
    """Watches the client of one model; see `watch_model`."""

    def __init__(
        self,
        tracing: Tracing,
        parent: Callable[[], Mark | None],
        name: str,
        endpoint: str,
        redact: Callable[[str], str],
    ) -> None:
        """Take the parts; `parent` gives the span that is open."""
        self._tracing = tracing
        self._parent = parent
        self._name = name
        self._address = urlsplit(endpoint)
        self._redact = redact
        self._open: dict[UUID, Mark] = {}

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        invocation_params: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Open the span."""
        sent = invocation_params or {}
        in_body = sent.get("extra_body") or {}
        form = (in_body.get("response_format") or {}).get("type")
        limits = ("max_tokens", "max_completion_tokens")
        mark = self._tracing.begin(
            f"chat {self._name}",
            self._parent(),
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": self._name,
                "gen_ai.request.temperature": sent.get("temperature"),
                "gen_ai.request.max_tokens": next(
                    (place[name] for place in (sent, in_body) for name in limits if place.get(name)), None
                ),
                "gen_ai.output.type": "json" if form else None,
                "server.address": self._address.hostname,
                "server.port": self._address.port or {"http": 80, "https": 443}.get(self._address.scheme),
            },
            is_request=True,
        )
        if mark.has_content:
            mark.tell({"gen_ai.input.messages": self._write([m for batch in messages for m in batch])})
        self._open[run_id] = mark

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        """Close it with what the server reports."""
        mark = self._open.pop(run_id, None)
        if mark is None:
            return
        message = _message_of(response)
        if message is not None:
            usage = message.usage_metadata
            finish = message.response_metadata.get("finish_reason")
            mark.set(
                {
                    "gen_ai.response.model": message.response_metadata.get("model_name"),
                    "gen_ai.response.finish_reasons": (str(finish),) if finish else None,
                    "gen_ai.usage.input_tokens": usage["input_tokens"] if usage else None,
                    "gen_ai.usage.output_tokens": usage["output_tokens"] if usage else None,
                    "gen_ai.usage.cache_read.input_tokens": (
                        (usage.get("input_token_details") or {}).get("cache_read") if usage else None
                    ),
                }
            )
            if mark.has_content:
                mark.tell({"gen_ai.output.messages": self._write([message])})
        mark.end()

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """Close it as failed."""
        mark = self._open.pop(run_id, None)
        if mark is not None:
            mark.fail(type(error).__name__)
            mark.end()

    def _write(self, messages: Sequence[BaseMessage]) -> str:
        written = [
            {
                "role": _ROLES.get(message.type, message.type),
                "parts": [
                    *([{"type": "text", "content": message.text}] if message.text else ()),
                    *(
                        {
                            "type": "tool_call",
                            "id": call["id"],
                            "name": call["name"],
                            "arguments": call["args"],
                        }
                        for call in (message.tool_calls if isinstance(message, AIMessage) else ())
                    ),
                ],
            }
            for message in messages
        ]
        return self._redact(json.dumps(written, ensure_ascii=False))


def _message_of(response: LLMResult) -> AIMessage | None:
    for batch in response.generations:
        for generation in batch:
            if isinstance(generation, ChatGeneration) and isinstance(generation.message, AIMessage):
                return generation.message
    return None
