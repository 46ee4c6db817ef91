"""The span around a tool that a model has called."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from agent.telemetry.spans import span

Given = ParamSpec("Given")
Artifact = TypeVar("Artifact")


def traced_tool(
    name: str, call: Callable[Given, tuple[str, Artifact]]
) -> Callable[Given, tuple[str, Artifact]]:
    """`call`, which gives content and artifact, with a span around it."""

    @wraps(call)
    def traced(*args: Given.args, **kwargs: Given.kwargs) -> tuple[str, Artifact]:
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.type": "function",
        }
        with span(f"execute_tool {name}", attributes) as here:
            content, artifact = call(*args, **kwargs)
            if here.has_content:
                here.tell({"gen_ai.tool.call.arguments": repr(kwargs), "gen_ai.tool.call.result": content})
            return content, artifact

    return traced
