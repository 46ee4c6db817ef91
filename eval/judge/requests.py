"""One form that a model fills in, of one statement or article, with the failures that concern it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent import (
    LEAST_REPLY,
    AgentSettings,
    Budget,
    ChatModel,
    ContextTooLongError,
    Form,
    FormRequest,
    MalformedReplyError,
    ModelError,
    ModelRefusedError,
    ReplyCutError,
    SpentError,
    ask_form,
    closed_object,
    explain_briefly,
    explain_spent,
    name_language,
)
from prompts import Messages
from vectorstore import UNDETERMINED

TRIES = 2
ABOUT_ONE_REQUEST = (SpentError, ContextTooLongError, MalformedReplyError, ModelRefusedError, ReplyCutError)
"""Failures after which the next statement or article may be asked about nevertheless."""


def make_form(title: str, **properties: object) -> Form:
    """Return a form with these fields, all of them required; each is a JSON schema."""
    return Form(title, closed_object(properties))


def ask_once(
    model: ChatModel, budget: Budget, limits: AgentSettings, messages: Messages, form: Form
) -> Mapping[str, Any]:
    """Return the fields a model gives, none if they cannot be read. Raises SpentError or ModelError."""
    request = FormRequest(messages, form, limits.max_seconds, LEAST_REPLY, tries=TRIES)
    return ask_form(model, budget, request) or {}


def explain_failure(error: SpentError | ModelError) -> str:
    """Say in a few words why a request came to nothing."""
    return explain_spent(error.limit) if isinstance(error, SpentError) else explain_briefly(error)


def name_written(language: str) -> str:
    """Return the name of a language for a prompt."""
    return "the language of the sentences" if language == UNDETERMINED else name_language(language)
