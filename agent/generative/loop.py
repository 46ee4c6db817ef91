"""The agent: LangChain's loop of model and tools around `Caller`, and the one repair after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.generative.calling import Caller, OnDraft, Options, Turn
from agent.generative.schema import plain
from agent.llm import ModelError

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

_MOST_STEPS = 250
"""Nodes of the graph that may be passed; the budget of at most 50 calls ends the loop long before."""


class _Asking(AgentMiddleware):
    """Puts every turn of LangChain's loop through a `Caller`: its evidence, its schema, its budget."""

    def __init__(self, caller: Caller, on_draft: OnDraft) -> None:
        super().__init__()
        self._caller = caller
        self._on_draft = on_draft
        self.last: Turn | None = None

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """One turn; the first message of the state only stands for what the caller composes."""

        def send(client: ChatOpenAI, messages: list[BaseMessage], options: Options) -> AIMessage:
            response = handler(
                request.override(
                    model=client,
                    messages=cast(Any, messages),
                    tools=self._caller.tools if options.with_tools else [],
                    tool_choice=None if options.may_call else "none",
                    model_settings={"strict": True} if options.with_tools else {},
                )
            )
            return cast(AIMessage, response.result[0])

        history = cast(list[BaseMessage], request.messages[1:])
        self.last = self._caller.turn(history, send, self._on_draft, may_search=True)
        return ModelResponse(result=[self.last.message])


def run_agent(caller: Caller, client: ChatOpenAI, tools: list[BaseTool], on_draft: OnDraft) -> Turn:
    """Let the model search and answer; statements are handed on while it writes.

    Args:
        caller: makes the turns, and ends them when its budget is used up.
        client: any client of the model; each turn makes its own.
        tools: what the model may call.
        on_draft: takes each statement.

    Raises:
        ModelError: the model failed before anything was handed on.
    """
    asking = _Asking(caller, on_draft)
    agent: Any = create_agent(client, tools, middleware=[asking])
    agent.invoke({"messages": [HumanMessage(".")]}, {"recursion_limit": _MOST_STEPS, "max_concurrency": 1})
    if asking.last is None:
        raise ModelError("The model was not asked. Try again, or ask without it: pullquote ask --no-model")
    return asking.last


def ask_once(caller: Caller, on_draft: OnDraft) -> Turn:
    """One turn without tools.

    Raises:
        ModelError: the model failed before anything was handed on.
    """

    def send(client: ChatOpenAI, messages: list[BaseMessage], _: Options) -> AIMessage:
        return client.invoke(messages)

    return caller.turn((), send, on_draft, may_search=False)


def as_openai_tools(tools: list[BaseTool]) -> list[dict[str, Any]]:
    """The tools as the server gets them: strict, and without what costs tokens and says nothing."""
    return [cast(dict[str, Any], plain(convert_to_openai_tool(tool, strict=True))) for tool in tools]
