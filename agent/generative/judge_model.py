"""The second model that judges statements: which it is, where, and with what key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.llm import ChatModel, ModelSettings
from agent.settings.checks import CheckSettings


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A model, and how often an answer may ask it."""

    model: ChatModel
    max_calls: int


def connect_judge(
    checks: CheckSettings, model: ModelSettings, cache: Path, environ: Mapping[str, str] = os.environ
) -> JudgeModel | None:
    """The judge that is set; None when none is, or there is no server to ask.

    At an address of its own it gets its own key and never the model's. A key from the environment goes
    where the environment says, as the model's does.
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
