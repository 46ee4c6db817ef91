"""The one place where the libraries' exceptions become ours."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.llm import errors
from vectorstore import PullquoteError, server_errors

if TYPE_CHECKING:
    import openai
    from langchain_core.messages import AIMessage

    from agent.llm.chat import ChatModel

_WITHOUT = "or ask without the model: pullquote ask --no-model"
_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|exceed_context|maximum model length|prompt is too long"
    r"|max_new_tokens.{0,10}<=|too large for model|reduce the length of the messages",
    re.IGNORECASE,
)
"""As OpenAI, vLLM, llama.cpp, LM Studio, TGI and Mistral word it."""
_TOO_LARGE = re.compile(r"request too large", re.IGNORECASE)
"""A 429 or 413 for one request that no waiting makes smaller: tokens a minute at OpenAI and Groq."""
_FORM = re.compile(
    r"response[ _]?format|json[ _]?schema|json[ _]?object|json mode|grammar|structured[ _]outputs?|guided",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content[ _]?(filter|policy|management)|moderation", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"incomplete|peer closed|without sending|disconnected")
_LIMIT = re.compile(
    r"(?:maximum context length (?:is|of)|maximum model length of|context length (?:is )?(?:only |of only )?"
    r"|context size \(|must be <=|with|limit)\D{0,12}(\d[\d,]*)",
    re.IGNORECASE,
)
_REQUESTED = re.compile(
    r"(?:resulted in|you requested|requested|you passed|length|first|\()\s?(\d[\d,]*)", re.IGNORECASE
)


@contextmanager
def map_model_errors(chat: ChatModel) -> Iterator[None]:
    """Turn what openai, langchain and httpx raise into the errors of `agent.llm.errors`, about `chat`."""
    try:
        yield
    except PullquoteError:
        raise
    except Exception as error:
        mapped = _explain(error, chat)
        if mapped is None:
            raise
        raise mapped from error


def check_reply(message: AIMessage, chat: ChatModel) -> None:
    """Raise ModelRefusedError or ReplyCutError where that is what an ordinary reply amounts to."""
    refusal = message.additional_kwargs.get("refusal")
    if refusal:
        raise _declined(chat.name, str(refusal), chat)
    finish = message.response_metadata.get("finish_reason")
    if finish == "content_filter":
        raise _filtered(chat)
    if finish == "length":
        raise _cut(chat)


def _explain(error: Exception, chat: ChatModel) -> errors.ModelError | None:
    import httpx2
    import openai
    from langchain_openai.chat_models.base import OpenAIRefusalError

    where = chat.endpoint
    match error:
        case openai.APITimeoutError() | httpx2.TimeoutException():
            return errors.ModelUnavailableError(
                f"{where} sent nothing in time. Try again, raise model.timeout_seconds, {_WITHOUT}"
            )
        case openai.APIStatusError():
            return _explain_status(error, chat)
        case openai.APIResponseValidationError() | json.JSONDecodeError():
            return _malformed(where)
        case openai.ContentFilterFinishReasonError():
            return _filtered(chat)
        case openai.LengthFinishReasonError():
            return _cut(chat)
        case OpenAIRefusalError():
            return _declined("The model", str(error), chat)
        case openai.APIConnectionError() | httpx2.TransportError():
            return _explain_connection(error, chat)
        case openai.APIError():
            return _explain_words(error.message, error.body, chat) or errors.ModelUnavailableError(
                f"{where} broke off its reply: {_short(error.message, chat)}. Try again, {_WITHOUT}"
            )
        case TypeError() | KeyError() | ValueError() | AttributeError() if _is_raised_in_langchain(error):
            return _malformed(where)
    return None


def _explain_status(error: openai.APIStatusError, chat: ChatModel) -> errors.ModelError:
    where, status, words = chat.endpoint, error.status_code, server_errors.read_words(error)
    said = _short(words, chat)
    if 300 <= status < 400:
        return errors.ModelError(server_errors.explain_redirect(where, "model", status))
    if known := _explain_words(words, error.body, chat, status):
        return known
    if status == 401:
        return errors.ModelError(server_errors.explain_key(where, "model", has_key=chat.has_key))
    if status == 403:
        return errors.ModelError(
            f"{where} does not let this key use {_name_of(chat)}: {said}. "
            "Next: check the key's rights, or pullquote config set model.name NAME"
        )
    if status == 404:
        return _explain_not_found(words, chat)
    if status == 429:
        if server_errors.is_quota(words):
            return errors.ModelUnavailableError(
                f"The account at {where} has nothing left to spend: {said}. Top it up, {_WITHOUT}"
            )
        wait = server_errors.seconds_to_wait(error.response)
        when = f"in {math.ceil(wait)} s" if wait and wait > 0 else "in a minute"
        return errors.ModelUnavailableError(
            f"{where} gets too many requests (429) and was asked again in vain. Try {when}, {_WITHOUT}"
        )
    if status in (408, 409) or status >= 500:
        return errors.ModelUnavailableError(f"{where} fails ({status}): {said}. Try again later, {_WITHOUT}")
    return errors.ModelError(
        f"{where} does not take the request for {_name_of(chat)} ({status}): {said}. "
        "Next: check model.name and model.temperature in `pullquote config`"
    )


def _explain_words(words: str, body: object, chat: ChatModel, status: int = 400) -> errors.ModelError | None:
    """What servers say in prose, whatever the status: too long, a form they do not know, filtered."""
    where = chat.endpoint
    fields = server_errors.fields_of(body)
    kinds = f"{fields.get('code')} {fields.get('type')}"
    if status in (429, 413):
        if not (status == 413 or _TOO_LARGE.search(words)):
            return None
    elif status == 401 or status == 403 or (status >= 500 and not _TOO_LONG.search(words)):
        return None
    if status == 413 or _TOO_LARGE.search(words) or _TOO_LONG.search(f"{words} {kinds}"):
        limit = _number(fields.get("n_ctx")) or _find(_LIMIT, words)
        if limit and status not in (429, 413):
            chat.learn_context(limit)
        requested = _number(fields.get("n_prompt_tokens")) or _find(_REQUESTED, words)
        known = f" of {limit:,} tokens" if limit else ""
        return errors.ContextTooLongError(
            f"The prompt is longer than the context{known} of {_name_of(chat)} at {where}. "
            "Next: ask something narrower, or use a model with a longer context",
            limit,
            requested,
        )
    if _FILTERED.search(f"{words} {kinds}"):
        return _filtered(chat)
    if status in (400, 404, 415, 422, 501) and _FORM.search(words):
        return errors.SchemaRefusedError(f"{where} does not take response_format: {_short(words, chat)}")
    return None


def _explain_not_found(words: str, chat: ChatModel) -> errors.ModelError:
    where, name = chat.endpoint, _name_of(chat)
    if "model" not in words.lower():
        chat.forget_address()
        return errors.ModelError(server_errors.explain_wrong_address(where, "model", 404))
    offered = chat.offered
    shown = ", ".join(offered[:20]) + (", …" if len(offered) > 20 else "")
    has = f"It has: {shown}. " if offered else ""
    return errors.ModelError(f"{where} has no model {name}. {has}Next: pullquote config set model.name NAME")


def _explain_connection(error: Exception, chat: ChatModel) -> errors.ModelError:
    where, causes = chat.endpoint, list(map(str, server_errors.list_causes(error)))
    if untrusted := server_errors.explain_certificate(where, error):
        return errors.ModelUnavailableError(untrusted)
    if _BROKEN_OFF.search(" ".join(causes)):
        return errors.ModelUnavailableError(
            f"{where} broke off in the middle of its reply. Try again, {_WITHOUT}"
        )
    reason = _short(causes[-1], chat) or type(error).__name__
    return errors.ModelUnavailableError(
        f"{where} cannot be reached: {reason}. Start the server or check model.base_url, {_WITHOUT}"
    )


def _declined(who: str, words: str, chat: ChatModel) -> errors.ModelRefusedError:
    return errors.ModelRefusedError(
        f"{who} declined to answer: {_short(words, chat)}. Put it differently, {_WITHOUT}"
    )


def _filtered(chat: ChatModel) -> errors.ModelRefusedError:
    return errors.ModelRefusedError(
        f"The content filter at {chat.endpoint} stopped the answer. Put the question differently, {_WITHOUT}"
    )


def _cut(chat: ChatModel) -> errors.ReplyCutError:
    return errors.ReplyCutError(
        f"{chat.endpoint} cut its reply short: it reached the longest reply allowed. "
        "Next: ask something narrower"
    )


def _malformed(where: str) -> errors.MalformedReplyError:
    return errors.MalformedReplyError(
        f"{where} replied with something that is not a chat completion. Next: check model.base_url, and "
        "that the server speaks OpenAI's /v1/chat/completions"
    )


def _name_of(chat: ChatModel) -> str:
    """The model's name without asking for it: the error may be about the asking."""
    return str(chat.__dict__.get("name") or "the model")


def _short(words: str, chat: ChatModel) -> str:
    return server_errors.shorten(words, chat.redact)


def _find(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return int(found[1].replace(",", "")) if found else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _is_raised_in_langchain(error: Exception) -> bool:
    """Whether a library's parsing tripped over the reply, and not our own code over something else."""
    trace = error.__traceback__
    module = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return module.startswith(("langchain_core.", "langchain_openai.", "openai."))
