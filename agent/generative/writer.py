"""A model ready to write answers and summaries, connected as the settings say. Light: no langchain here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.answer.answer import Answer, Statement, Step, Usage
from agent.llm import ChatModel, ModelError, ModelSettings
from agent.settings.loading import Settings
from agent.settings.sections import AgentSettings, CheckSettings, Translate
from vectorstore import SetupError

HOW_TO_ADD = "set OPENAI_API_KEY, or: pullquote config set model.base_url http://127.0.0.1:8080/v1"


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A model, and how often an answer may ask it."""

    model: ChatModel
    max_calls: int


class NotWrittenError(ModelError):
    """The model failed before it had said anything that could be shown."""

    def __init__(self, message: str, usage: Usage) -> None:
        super().__init__(message)
        self.usage = usage
        """What was spent in vain."""


class WritingStopped(KeyboardInterrupt):
    """Ctrl-C in the middle of an answer of which some had been shown."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        """As far as it had come; a partial one."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that failed its checks: what it says is not supported, so it is no part of an answer."""

    text: str
    reasons: tuple[str, ...]


def _ignore(_: object) -> None:
    """Do nothing: no interface is watching."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A model, what it may take, and what is called while it writes."""

    model: ChatModel
    settings: AgentSettings = field(default_factory=AgentSettings)
    language: str | None = None
    """BCP 47, of the answers; the question's when None."""
    on_statement: Callable[[Statement], None] = _ignore
    """Called with each statement when it has passed its checks."""
    on_trace: Callable[[Step], None] = _ignore
    """Called with each search and reading."""
    judge: JudgeModel | None = None
    """A second model, asked about statements that pass the other checks."""
    on_withheld: Callable[[Withheld], None] = _ignore
    """Called with each statement of an answer that is not shown, when it has failed for good."""

    on_failure: Callable[[NotWrittenError], None] = _ignore
    """Called when an answer has to be made without the model."""


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """What a user asks of the model for one run; None is as the settings say."""

    model: str | None = None
    language: str | None = None
    """BCP 47, of the answers."""
    max_tokens: int | None = None
    translate: bool | None = None
    """Whether quotes get translations beside them."""

    @property
    def need_model(self) -> bool:
        """Whether they ask for something that only a model does."""
        return bool(self.model or self.language or self.max_tokens)


def connect_writer(settings: Settings, options: WriterOptions = WriterOptions()) -> Writer | None:
    """Return the settings' model with `options` on top; without a server None, or SetupError for options."""
    cache = settings.cache.expanduser()
    named = {"name": options.model} if options.model else {}
    model = ChatModel.connect(settings.model.model_copy(update=named), cache)
    if model is None:
        if options.need_model:
            raise SetupError(f"There is no server to ask a model of. Next: {HOW_TO_ADD}")
        return None
    changes: dict[str, object] = {}
    if options.max_tokens:
        changes["max_tokens"] = options.max_tokens
    if options.translate is not None:
        changes["translate"] = Translate.ALWAYS if options.translate else Translate.NEVER
    limits = settings.agent.model_copy(update=changes)
    judge = connect_judge(settings.checks, settings.model, cache)
    return Writer(model, limits, options.language, judge=judge)


def connect_judge(
    checks: CheckSettings, model: ModelSettings, cache: Path, environ: Mapping[str, str] = os.environ
) -> JudgeModel | None:
    """Return the judge of the settings; None when none is set, or no server is known.

    At an address of its own it gets its own key and never the model's. A key from the environment is
    sent where the environment says, as the model's is.
    """
    if checks.judge is None:
        return None
    own: dict[str, object] = {
        "name": checks.judge,
        "context_tokens": None,
        "input_price": checks.judge_input_price,
        "cached_input_price": None,
        "output_price": checks.judge_output_price,
    }
    address = checks.judge_base_url
    if address is not None and address.rstrip("/") != (model.base_url or "").rstrip("/"):
        own |= {"base_url": address, "api_key": checks.judge_api_key}
    elif checks.judge_api_key is not None:
        own["api_key"] = checks.judge_api_key
    chat = ChatModel.connect(model.model_copy(update=own), cache, environ)
    return JudgeModel(chat, checks.judge_calls) if chat else None
