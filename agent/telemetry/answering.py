"""The span around an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from agent.telemetry.spans import Mark, span

if TYPE_CHECKING:
    from agent.answer.answer import Answer

Given = ParamSpec("Given")


def answering(name: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Put a span of this name around a function that gives an answer."""

    def around(answer: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(answer)
        def traced(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            with span(name) as here:
                given = answer(*args, **kwargs)
                _describe(given, here)
                return given

        return traced

    return around


def _describe(answer: Answer, here: Mark) -> None:
    usage = answer.usage
    here.set(
        {
            "pullquote.mode": answer.mode.value,
            "pullquote.verdict": answer.verdict.value,
            "pullquote.confidence": answer.confidence,
            "pullquote.language": answer.language,
            "pullquote.statements": len(answer.statements),
            "pullquote.citations": len(answer.citations()) - len(answer.nearest),
            "pullquote.withheld": answer.withheld,
            "pullquote.generation": answer.generation,
            "pullquote.receipt": answer.receipt,
            "pullquote.prompts": answer.prompts,
            "pullquote.model_calls": usage.model_calls,
            "pullquote.cost": float(usage.cost) if usage.cost is not None else None,
            "pullquote.model": answer.model,
            # Not as gen_ai.usage: collectors add that up over the spans of the requests.
            "pullquote.prompt_tokens": usage.prompt_tokens,
            "pullquote.completion_tokens": usage.completion_tokens,
        }
    )
    here.tell(
        {
            "pullquote.question": answer.question,
            "pullquote.answer": "\n".join(statement.text for statement in answer.statements),
        }
    )
