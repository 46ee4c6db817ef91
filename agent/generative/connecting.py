"""Connect the models of the settings: the one that writes, and the one that judges."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.generative.writer import JudgeModel, Writer
from agent.llm import ChatModel, ModelSettings
from agent.settings.loading import Settings
from agent.settings.sections import CheckSettings, Translate
from vectorstore import SetupError

HOW_TO_ADD = "set OPENAI_API_KEY, or: pullquote config set model.base_url http://127.0.0.1:8080/v1"


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
    """Return the model of the settings with `options` on top; None when no server is known.

    Raises:
        SetupError: an option needs a model, and no server is known.
    """
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
    if checks.judge_base_url is not None and not _is_same(checks.judge_base_url, model.base_url):
        own |= {"base_url": checks.judge_base_url, "api_key": checks.judge_api_key}
    elif checks.judge_api_key is not None:
        own["api_key"] = checks.judge_api_key
    chat = ChatModel.connect(model.model_copy(update=own), cache, environ)
    return JudgeModel(chat, checks.judge_calls) if chat else None


def _is_same(address: str, other: str | None) -> bool:
    return other is not None and address.rstrip("/") == other.rstrip("/")
