"""One turn of the model: packed, sent, read as it streams, and asked again where that helps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk

from agent.answer.citations import LoadArticle
from agent.generative.evidence import Block, render, shown_in, to_sources
from agent.generative.labels import Labels
from agent.generative.schema import NAME, answer_form
from agent.generative.wording import NO_MORE_SEARCHING, Wording
from agent.llm import (
    ChatModel,
    ContextTooLongError,
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
from agent.llm.budget import Budget, Limit
from agent.llm.sending import count_usage, open_client, seconds_to_wait
from agent.llm.stream import AnswerStream, Draft

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

Send = Callable[["ChatOpenAI", list[BaseMessage], "Options"], AIMessage]
OnDraft = Callable[[Draft], object]

_PER_MESSAGE = 4
"""Tokens a chat template puts around a message, at OpenAI and in the templates of most open models."""
_LEAST_SHARE = 0.05
_LONGEST_REPLY = 200_000
"""Characters of a reply that are read: a server that ignores the limit it was sent is hung up on."""
_MALFORMED_TWICE = 2


class _OutOfTime(Exception):
    """The answer's time is over in the middle of a reply."""


class _TooMuch(Exception):
    """The reply is longer than anything that was asked for."""


@dataclass(frozen=True, slots=True)
class Options:
    """What becomes of the tools in a request."""

    with_tools: bool
    may_call: bool
    """False: tools are declared, because earlier messages mention them, and may not be called."""


@dataclass(slots=True)
class Turn:
    """What came of one turn."""

    message: AIMessage
    missing: tuple[str, ...] = ()
    is_cut: bool = False
    """The reply broke off; what was complete of it has been handed on."""


@dataclass(slots=True)
class Reader(BaseCallbackHandler):
    """Reads a reply as it streams; an exception of its own ends the request."""

    on_draft: OnDraft
    seconds_left: Callable[[], float]
    stream: AnswerStream = field(default_factory=AnswerStream)
    is_begun: bool = False
    usage: TokenUsage | None = None
    finish: str | None = None
    drafts: int = 0
    raise_error = True

    def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        **_: Any,
    ) -> None:
        """Hand on what the piece completes."""
        self.is_begun = True
        if isinstance(chunk, ChatGenerationChunk):
            reported = TokenUsage.reported(getattr(chunk.message, "usage_metadata", None))
            self.usage = reported or self.usage
            self.finish = (chunk.generation_info or {}).get("finish_reason") or self.finish
        for draft in self.stream.feed(token if isinstance(token, str) else ""):
            self.drafts += 1
            self.on_draft(draft)
        if len(self.stream.text) > _LONGEST_REPLY:
            raise _TooMuch
        if self.seconds_left() <= 0:
            raise _OutOfTime


class Caller:
    """Puts turns to one model for one answer, within its budget.

    Less evidence is packed when the prompt is too long, the next rung of the ladder is taken when the server
    does not know the form of reply, tools are left out where it does not know those, and what failed for a
    moment is tried again while there is time.
    """

    def __init__(
        self,
        model: ChatModel,
        budget: Budget,
        labels: Labels,
        load: LoadArticle,
        wording: Wording,
        first: Block,
        tools: Sequence[dict[str, Any]],
    ) -> None:
        """Take the parts.

        Args:
            model: to be asked.
            budget: of the answer.
            labels: told of what the model sees, before each turn.
            load: gives an article by id.
            wording: the prompt.
            first: the sentences that go with the prompt.
            tools: the tools as the server gets them, to be counted.
        """
        self._model = model
        self._budget = budget
        self._labels = labels
        self._load = load
        self._wording = wording
        self._first = first
        self.tools: list[Any] = list(tools)
        self._tools_tokens = self._count(json.dumps(list(tools))) if tools else 0
        self._share = 1.0
        self._retries: int | None = None
        self.takes_tools = bool(tools)
        self.is_shortened = False
        """Whether evidence had to be left out for the model to read the rest."""

    def turn(
        self, history: Sequence[BaseMessage], send: Send, on_draft: OnDraft, *, may_search: bool
    ) -> Turn:
        """One reply of the model: an answer, or calls of tools when `may_search`.

        Raises:
            ModelError: there is no reply, and nothing of one has been handed on.
        """
        failures = malformed = 0
        last: ModelError | None = None
        while True:
            messages, schema = self._compose(history)
            with_tools = may_search and self.takes_tools
            prompt = self._measure(messages, schema, with_tools)
            limit = self._budget.find_limit(prompt)
            if limit in (Limit.TOKENS, Limit.COST) and self._shrink(None):
                continue
            if limit is not None:
                self._budget.hit = limit
                raise last or ModelError(_explain_limit(limit))
            stops = self._budget.find_next_limit(prompt) if with_tools else None
            may_call = with_tools and stops is None
            has_called = any(isinstance(message, ToolMessage) for message in messages)
            if with_tools and not may_call and has_called:
                messages.append(HumanMessage(NO_MORE_SEARCHING))
            options = Options(with_tools and (may_call or has_called), may_call)
            reader = Reader(on_draft, lambda: self._budget.seconds_left)
            try:
                message = self._send(messages, schema, options, send, reader, prompt)
            except SchemaRefusedError as error:
                last = error
                if self._model.degrade(error):
                    continue
                raise
            except ContextTooLongError as error:
                last = error
                if reader.drafts or not self._shrink(error):
                    raise
                continue
            except _OutOfTime:
                self._budget.hit = Limit.SECONDS
                if not reader.drafts:
                    raise ModelUnavailableError(_explain_limit(Limit.SECONDS)) from None
                return Turn(AIMessage(""), is_cut=True)
            except _TooMuch:
                if not reader.drafts:
                    raise MalformedReplyError(
                        f"{self._model.name} did not stop writing. Try another model, or --no-model"
                    ) from None
                return Turn(AIMessage(""), is_cut=True)
            except ModelError as error:
                if reader.drafts:
                    return Turn(AIMessage(""), is_cut=True)
                if isinstance(error, ReplyCutError):
                    raise _too_short(self._model.name) from error
                if options.with_tools and _is_about_tools(error):
                    self.takes_tools = False
                    continue
                failures, last = failures + 1, error
                if not self._wait(error, failures):
                    raise
                continue
            if message.tool_calls and may_call:
                return Turn(message)
            if message.tool_calls:
                self._budget.hit = self._budget.hit or stops
                message = AIMessage(message.text)
            stream = reader.stream
            if stream.is_complete or reader.drafts:
                if stream.missing and stops is not None:
                    self._budget.hit = stops
                return Turn(message, stream.missing, is_cut=not stream.is_complete)
            if reader.finish == "length":
                raise _too_short(self._model.name)
            malformed += 1
            last = refused = MalformedReplyError(
                f"{self._model.name} at {self._model.endpoint} did not answer in the form it was asked for. "
                "Try another model, or ask without one: pullquote ask --no-model"
            )
            if not self._model.degrade(refused) and malformed >= _MALFORMED_TWICE:
                raise refused

    def _send(
        self,
        messages: list[BaseMessage],
        schema: dict[str, Any] | None,
        options: Options,
        send: Send,
        reader: Reader,
        prompt: int,
    ) -> AIMessage:
        """Send once, and count it whatever happens."""
        form = self._model.response_format(NAME, schema) if schema else None
        client = open_client(self._model, self._budget, prompt, reader, form, self._budget.seconds_left)
        began = self._budget.begin_call(prompt=prompt)
        is_read = False
        try:
            with map_model_errors(self._model):
                message = send(client, messages, options)
                check_reply(message, self._model)
            is_read = True
            return message
        except ModelUnavailableError as error:
            is_read = _is_timeout(error)
            if is_read and self._budget.seconds_left <= 0:
                raise _OutOfTime from error
            raise
        finally:
            is_read |= reader.is_begun
            taken = count_usage(self._model, prompt, reader.usage, reader.stream.text, is_read=is_read)
            self._budget.end_call(began, taken)

    def _compose(self, history: Sequence[BaseMessage]) -> tuple[list[BaseMessage], dict[str, Any] | None]:
        """The messages with as much evidence as fits, and the schema for exactly the labels in them."""
        first = self._first.shorten(self._share)
        rest: list[BaseMessage] = []
        blocks = [first]
        for message in history:
            if (
                isinstance(message, ToolMessage)
                and isinstance(message.artifact, Block)
                and message.artifact.sentences
            ):
                block = message.artifact.shorten(self._share)
                blocks.append(block)
                message = message.model_copy(update={"content": render(block, self._labels, self._load)})
            rest.append(message)
        self._labels.show(shown_in(blocks))
        labels = self._labels.shown
        has_conflicts = self._wording.asks_for_conflicts
        schema = answer_form(labels, has_conflicts=has_conflicts) if labels else None
        form = self._model.schema_in_prompt(schema) if schema else ""
        opening = self._wording.write(to_sources(first, self._labels, self._load))
        system = f"{opening.system}\n\n{form}".strip()
        return [SystemMessage(system), HumanMessage(opening.user), *rest], schema

    def _measure(
        self, messages: Sequence[BaseMessage], schema: dict[str, Any] | None, with_tools: bool
    ) -> int:
        """Tokens of a request: messages, tools and, on the first rung, the schema the server reads too."""
        texts = [f"{message.text}{json.dumps(_calls_of(message))}" for message in messages]
        form = json.dumps(schema) if self._model.structured is StructuredMode.JSON_SCHEMA else ""
        tools = self._tools_tokens if with_tools else 0
        return self._count("\n".join(texts) + form) + _PER_MESSAGE * len(messages) + tools

    def _count(self, text: str) -> int:
        return self._model.count_tokens(text).number

    def _shrink(self, error: ContextTooLongError | None) -> bool:
        """Pack less next time; False when there is next to nothing left to leave out."""
        factor = 0.5
        if error is not None and error.limit and error.requested and error.limit < error.requested:
            factor = min(factor, 0.8 * error.limit / error.requested)
        if self._share * factor < _LEAST_SHARE:
            return False
        self._share *= factor
        self.is_shortened = True
        return True

    def _wait(self, error: ModelError, failures: int) -> bool:
        """Wait as the server asks; False when asking again is no use or there is no time for it."""
        if self._retries is None:
            self._retries = self._model.client().max_retries or 0
        seconds = seconds_to_wait(error, failures)
        if seconds is None or failures > self._retries or seconds >= self._budget.seconds_left:
            return False
        time.sleep(seconds)
        return True


def _calls_of(message: BaseMessage) -> list[Any]:
    return message.tool_calls if isinstance(message, AIMessage) else []


def _is_timeout(error: ModelError) -> bool:
    import openai

    return isinstance(error.__cause__, openai.APITimeoutError) or "Timeout" in type(error.__cause__).__name__


def _is_about_tools(error: ModelError) -> bool:
    """Whether a server does not take tools, or not together with a form of reply.

    As vLLM ("auto" tool choice requires --enable-auto-tool-choice), Ollama (does not support tools) and
    llama.cpp (cannot use custom grammar constraints with tools) say it.
    """
    import openai

    cause = error.__cause__
    return (
        isinstance(cause, openai.APIStatusError)
        and cause.status_code in (400, 404, 422, 500, 501)
        and ("tool" in cause.message.lower() or "function" in cause.message.lower())
    )


def _too_short(name: str) -> ModelError:
    return ModelError(
        f"{name} used up its reply before it had said anything. "
        "Next: pullquote config set agent.max_answer_tokens 4000"
    )


def _explain_limit(limit: Limit) -> str:
    return (
        f"The limit `{limit}` ended the answer before the model had said anything. "
        "Raise it, or ask without the model: pullquote ask --no-model"
    )
