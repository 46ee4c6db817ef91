"""What can go wrong between us and an embedding server, in the words of a user; mapped in one place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vectorstore.model import server_errors
from vectorstore.model.addresses import Endpoint
from vectorstore.model.errors import SetupError

if TYPE_CHECKING:
    import openai

_TOO_LARGE = re.compile(r"too (large|long|many)|batch|maximum|context|exceed|must have less", re.IGNORECASE)
"""As OpenAI, Azure, TEI, vLLM, llama.cpp and Ollama say that a request is more than they take."""


@contextmanager
def map_errors(endpoint: Endpoint, model: str, texts: int) -> Iterator[None]:
    """Turn what openai and httpx raise over `texts` texts into `SetupError`s that name the next step."""
    import httpx2
    import openai

    try:
        yield
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        next_step = "try again, or raise embedder.timeout_seconds with `pullquote config set`"
        raise SetupError(f"{endpoint.shown} sent nothing in time. Next: {next_step}") from error
    except openai.APIStatusError as error:
        raise SetupError(_explain_status(error, endpoint, model, texts)) from error
    except (openai.APIResponseValidationError, json.JSONDecodeError) as error:
        raise SetupError(say_malformed(endpoint, model)) from error
    except (openai.APIError, httpx2.HTTPError) as error:
        raise SetupError(_explain_connection(error, endpoint)) from error


def say_malformed(endpoint: Endpoint, model: str) -> str:
    """Return what to do when a reply is not what the protocol promises."""
    return (
        f"{endpoint.shown} replied to a request for vectors of {model} with something else. Next: check "
        "embedder.base_url, and that the server speaks OpenAI's /v1/embeddings"
    )


def _explain_status(error: openai.APIStatusError, endpoint: Endpoint, model: str, texts: int) -> str:
    where, status, words = endpoint.shown, error.status_code, server_errors.read_words(error)
    said = server_errors.shorten(words, endpoint.redact)
    if 300 <= status < 400:
        return server_errors.explain_redirect(where, "embedder", status)
    if status in (401, 403):
        return server_errors.explain_key(where, "embedder", has_key=endpoint.has_key)
    if status == 404 and "model" in words.lower():
        return f"{where} has no model {model}: {said}. Next: pullquote reembed --embedder openai:NAME"
    if status in (404, 405):
        return server_errors.explain_wrong_address(where, "embedder", status)
    if status == 429 and server_errors.is_quota(words):
        return f"The account at {where} has nothing left to spend: {said}. Top it up, then try again"
    if status == 429:
        wait = server_errors.seconds_to_wait(error.response)
        when = f"in {math.ceil(wait)} s" if wait and wait > 0 else "in a minute"
        return f"{where} gets too many requests (429) and was asked again in vain. Next: try again {when}"
    # 500 too: llama.cpp says so that an input is too large for it.
    if status in (400, 413, 422, 500) and texts > 1 and _TOO_LARGE.search(words):
        return (
            f"{where} does not take {texts} passages at once ({status}): {said}. "
            f"Next: pullquote config set embedder.batch_size {texts // 2}"
        )
    if status == 501:
        return (
            f"{where} serves no embeddings (501): {said}. Next: start it with embeddings switched on "
            "(llama.cpp: --embeddings), or set embedder.base_url to another server"
        )
    if status in (408, 409) or status >= 500:
        return f"{where} fails ({status}): {said}. Next: try again later"
    return (
        f"{where} does not take the request for {model} ({status}): {said}. "
        "Next: check embedder.dimensions and embedder.base_url in `pullquote config`"
    )


def _explain_connection(error: BaseException, endpoint: Endpoint) -> str:
    if untrusted := server_errors.explain_certificate(endpoint.shown, error):
        return untrusted
    first = server_errors.list_causes(error)[-1]
    reason = server_errors.shorten(str(first), endpoint.redact) or type(error).__name__
    return f"{endpoint.shown} cannot be reached: {reason}. Next: start the server or check embedder.base_url"
