"""Model steps: one request each within an answer, packed, read as it streams, sent again where that helps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.generative.answer_json import NAME, AnswerStream, CandidateStatement, answer_form, plain
from agent.generative.evidence import Block, render, to_sources
from agent.generative.wording import NO_MORE_SEARCHING, Wording
from agent.llm import errors
from agent.llm.budget import Limit
from agent.llm.requests import (
    EndlessReplyError,
    Form,
    LateReplyError,
    ModelRequest,
    count_prompt,
    is_timeout,
    open_reply,
    seconds_to_wait,
)

if TYPE_CHECKING:
    from agent.generative.run import Run

OnCandidate = Callable[[CandidateStatement], object]

_LEAST_SHARE = 0.05
_MALFORMED_TWICE = 2
_MOST_NODES = 250
"""Nodes of the graph that may be passed; the budget of at most 50 calls ends the loop long before."""


class _NotInFormError(errors.MalformedReplyError):
    """The reply is whole, and not in the form that was asked for."""


@dataclass(slots=True)
class ModelStep:
    """What came of one step."""

    message: AIMessage
    missing: tuple[str, ...] = ()
    is_cut: bool = False
    """The reply broke off; the statements that were complete have been handed on."""


@dataclass(slots=True)
class _Attempts:
    """What failed within one step."""

    unavailable: int = 0
    malformed: int = 0
    last: errors.ModelError | None = None


class ModelSteps:
    """Makes the steps of one answer or repair, within the run's budget.

    Less evidence is packed when the prompt is too long, a weaker way to ask for the form is taken when the
    server does not know the one it is sent, tools are left out where it does not know those, and what failed
    for a moment is tried again while there is time.
    """

    def __init__(self, run: Run, wording: Wording, first: Block, tools: Sequence[BaseTool] = ()) -> None:
        self._run = run
        self._model = run.model
        self._budget = run.budget
        self._wording = wording
        self._first = first
        # Strict, and without what costs tokens and says nothing.
        declared = [plain(convert_to_openai_tool(tool, strict=True)) for tool in tools]
        self._tools = cast(list[dict[str, Any]], declared)
        self._tools_tokens = run.count_tokens(json.dumps(self._tools)) if tools else 0
        self._share = 1.0
        self.takes_tools = bool(tools)
        self.is_shortened = False
        """Whether evidence had to be left out for the model to read the rest."""

    def take(
        self, history: Sequence[BaseMessage], on_candidate: OnCandidate, *, may_search: bool
    ) -> ModelStep:
        """Make one step: the model answers, or calls tools if it `may_search`; ModelError for no reply."""
        attempts = _Attempts()
        while True:
            request, stopped_by = self._make_request(history, may_search, attempts)
            stream = AnswerStream()
            try:
                with open_reply(self._model, self._budget, request) as reply:
                    for piece in reply:
                        for candidate in stream.feed(piece):
                            on_candidate(candidate)
                return self._conclude(reply.message, stream, request, stopped_by)
            except errors.ModelError as error:
                self._prepare_retry(error, stream, request, attempts)
                if stream.given and not isinstance(error, errors.SchemaRefusedError):
                    return ModelStep(AIMessage(""), is_cut=True)

    def _make_request(
        self, history: Sequence[BaseMessage], may_search: bool, attempts: _Attempts
    ) -> tuple[ModelRequest, Limit | None]:
        """Return a request that the budget allows, and what forbids a further one after it."""
        while True:
            messages, form = self._compose(history)
            with_tools = may_search and self.takes_tools
            prompt = count_prompt(self._model, messages, form) + (self._tools_tokens if with_tools else 0)
            limit = self._budget.find_limit(prompt)
            if limit is None:
                break
            if limit not in (Limit.TOKENS, Limit.COST) or not self._shrink(None):
                self._budget.hit = limit
                raise attempts.last or errors.ModelError(_explain_limit(limit))
        stopped_by = self._budget.find_next_limit(prompt) if with_tools else None
        may_call = with_tools and stopped_by is None
        has_called = any(isinstance(message, ToolMessage) for message in messages)
        if with_tools and not may_call and has_called:
            messages.append(HumanMessage(NO_MORE_SEARCHING))
        declares_tools = with_tools and (may_call or has_called)
        request = ModelRequest(
            messages,
            form,
            prompt,
            self._budget.seconds_left,
            tools=self._tools if declares_tools else (),
            may_call=may_call,
        )
        return request, stopped_by

    def _compose(self, history: Sequence[BaseMessage]) -> tuple[list[BaseMessage], Form | None]:
        """The messages with as much evidence as fits, and the form for exactly the sentence ids in them."""
        run = self._run
        first = self._first.shorten(self._share)
        rest: list[BaseMessage] = []
        blocks = [first]
        for message in history:
            found = message.artifact if isinstance(message, ToolMessage) else None
            if isinstance(found, Block) and found.sentences:
                block = found.shorten(self._share)
                blocks.append(block)
                message = message.model_copy(update={"content": render(block, run.ids, run.load)})
            rest.append(message)
        # From here on only what this prompt shows can be cited.
        run.ids.show(chain.from_iterable(block.sentences for block in blocks))
        form = None
        in_prompt = ""
        if run.ids.shown:
            schema = answer_form(run.ids.shown, has_conflicts=self._wording.asks_for_conflicts)
            form = Form(NAME, schema)
            in_prompt = self._model.schema_in_prompt(schema)
        opening = self._wording.write(to_sources(first, run.ids, run.load))
        system = f"{opening.system}\n\n{in_prompt}".strip()
        return [SystemMessage(system), HumanMessage(opening.user), *rest], form

    def _conclude(
        self, message: AIMessage, stream: AnswerStream, request: ModelRequest, stopped_by: Limit | None
    ) -> ModelStep:
        if message.tool_calls:
            if request.may_call:
                return ModelStep(message)
            self._budget.hit = self._budget.hit or stopped_by
            message = AIMessage(message.text)
        if not (stream.is_complete or stream.given):
            raise _NotInFormError(
                f"{self._model.name} at {self._model.endpoint} did not answer in the form it was asked for. "
                "Try another model, or ask without one: pullquote ask --no-model"
            )
        if stream.missing and stopped_by is not None:
            self._budget.hit = stopped_by
        return ModelStep(message, stream.missing, is_cut=not stream.is_complete)

    def _prepare_retry(
        self, error: errors.ModelError, stream: AnswerStream, request: ModelRequest, attempts: _Attempts
    ) -> None:
        """Return when asking again may help, or what was given must do; else raise why there is no reply."""
        is_late = isinstance(error, LateReplyError) or (is_timeout(error) and self._budget.seconds_left <= 0)
        if is_late:
            self._budget.hit = Limit.SECONDS
        match error:
            case errors.SchemaRefusedError():
                may_repeat = self._model.degrade(error)
            case errors.ContextTooLongError():
                may_repeat = not stream.given and self._shrink(error)
            case _ if stream.given:
                return
            case _ if is_late:
                raise errors.ModelUnavailableError(_explain_limit(Limit.SECONDS)) from None
            case EndlessReplyError():
                raise errors.MalformedReplyError(
                    f"{self._model.name} did not stop writing. Try another model, or --no-model"
                ) from None
            case _NotInFormError():
                attempts.malformed += 1
                may_repeat = self._model.degrade(error) or attempts.malformed < _MALFORMED_TWICE
            case errors.ReplyCutError():
                raise errors.ModelError(
                    f"{self._model.name} used up its reply before it had said anything. "
                    "Next: pullquote config set agent.max_answer_tokens 4000"
                ) from error
            case _ if request.tools and _is_about_tools(error):
                self.takes_tools = False
                return
            case _:
                attempts.unavailable += 1
                may_repeat = self._wait(error, attempts.unavailable)
        attempts.last = error
        if not may_repeat:
            raise error

    def _shrink(self, error: errors.ContextTooLongError | None) -> bool:
        """Pack less next time; False when there is next to nothing left to leave out."""
        factor = 0.5
        if error is not None and error.limit and error.requested and error.limit < error.requested:
            factor = min(factor, 0.8 * error.limit / error.requested)
        if self._share * factor < _LEAST_SHARE:
            return False
        self._share *= factor
        self.is_shortened = True
        return True

    def _wait(self, error: errors.ModelError, failures: int) -> bool:
        """Wait as the server asks; False when asking again is no use or there is no time for it."""
        seconds = seconds_to_wait(error, failures)
        if seconds is None or failures > self._model.max_retries or seconds >= self._budget.seconds_left:
            return False
        time.sleep(seconds)
        return True


class _SteppingModel(BaseChatModel):
    """The model as LangChain's agent sees it: each of its requests is a model step."""

    take: Callable[[list[BaseMessage]], AIMessage]

    @property
    def _llm_type(self) -> str:
        return "pullquote"

    def bind_tools(self, *_: Any, **__: Any) -> Any:
        """Nothing is bound: a step sends the tools itself, while the budget allows calls."""
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.take(messages))])


def run_agent(steps: ModelSteps, tools: Sequence[BaseTool], on_candidate: OnCandidate) -> ModelStep:
    """Let the model answer, or search and answer; statements are handed on while it writes."""
    taken = [steps.take((), on_candidate, may_search=True)]
    if not taken[0].message.tool_calls:
        return taken[0]
    # Most answers need no second step, and are spared the import of langgraph: .3 s and 18 MB.
    from langchain.agents import create_agent

    def take(messages: list[BaseMessage]) -> AIMessage:
        # The first message of the state is only a stand-in for the prompt, which each step composes.
        if history := messages[1:]:
            taken.append(steps.take(history, on_candidate, may_search=True))
        return taken[-1].message

    agent: Any = create_agent(_SteppingModel(take=take), list(tools))
    agent.invoke({"messages": [HumanMessage(".")]}, {"recursion_limit": _MOST_NODES, "max_concurrency": 1})
    return taken[-1]


def ask_once(steps: ModelSteps, on_candidate: OnCandidate) -> ModelStep:
    """Take one step without tools."""
    return steps.take((), on_candidate, may_search=False)


def _is_about_tools(error: errors.ModelError) -> bool:
    """Whether a server does not take tools, or not together with a form of reply."""
    # As vLLM ("auto" tool choice requires --enable-auto-tool-choice), Ollama (does not support tools) and
    # llama.cpp (cannot use custom grammar constraints with tools) say it.
    import openai

    cause = error.__cause__
    return (
        isinstance(cause, openai.APIStatusError)
        and cause.status_code in (400, 404, 422, 500, 501)
        and ("tool" in cause.message.lower() or "function" in cause.message.lower())
    )


def _explain_limit(limit: Limit) -> str:
    return (
        f"The limit `{limit}` ended the answer before the model had said anything. "
        "Raise it, or ask without the model: pullquote ask --no-model"
    )
