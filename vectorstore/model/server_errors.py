"""What a server that speaks OpenAI's protocol says when it refuses: read once for models and for vectors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2
    import openai

_SHOWN = 300
"""Characters of a server's own words that are passed on."""
_QUOTA = re.compile(r"quota|billing|insufficient", re.IGNORECASE)


def fields_of(body: object) -> dict[str, Any]:
    """Return the fields of an error's JSON, those of its `error` where it has one."""
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else body


def read_words(error: openai.APIStatusError) -> str:
    """Return the server's message; the body when it is plain text or an `error` that is a string."""
    fields = fields_of(error.body)
    for value in (fields.get("message"), fields.get("error"), fields.get("detail"), error.body):
        if isinstance(value, str) and value:
            return value
        if isinstance(value, (list, dict)) and value:
            return json.dumps(value, ensure_ascii=False)
    return error.message


def shorten(words: str, redact: Callable[[str], str]) -> str:
    """Return a server's words without the key, on one line, and with nothing that steers a terminal."""
    visible = "".join(char if char.isprintable() else " " for char in words)
    flat = redact(" ".join(visible.split())).rstrip(".")
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN] + "…"


def list_causes(error: BaseException) -> list[BaseException]:
    """Return the error and what led to it, the last of them the first that happened."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def is_quota(words: str) -> bool:
    """Whether a 429 is for an account without money, which no waiting helps."""
    return _QUOTA.search(words) is not None


def seconds_to_wait(response: httpx2.Response) -> float | None:
    """Return what `Retry-After` asks for, in either of its forms; None when it does not say."""
    from email.utils import parsedate_to_datetime

    after = response.headers.get("retry-after", "")
    try:
        return float(after)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None


def explain_key(where: str, section: str, *, has_key: bool) -> str:
    """Say what to do about a key that is wrong or missing; `section` is that of the server's settings."""
    variable = f"PULLQUOTE_{section.upper()}__API_KEY"
    if has_key:
        return (
            f"{where} does not accept the key. Next: set the right one in OPENAI_API_KEY, or for "
            f"another server than OpenAI in {variable}"
        )
    return (
        f"{where} wants a key, and none is set for it; OPENAI_API_KEY is sent to OpenAI and to "
        f"OPENAI_BASE_URL only. Next: export {variable}=…"
    )


def explain_certificate(where: str, error: BaseException) -> str | None:
    """Say what to do about a certificate; None when the connection failed for another reason."""
    chain = " ".join(map(str, list_causes(error))).lower().replace("_", " ")
    if "certificate verify failed" not in chain:
        return None
    return (
        f"{where} shows a certificate that is not trusted here. Next: export "
        "SSL_CERT_FILE=/path/to/its-ca.pem when it is your own server"
    )


def explain_redirect(where: str, section: str, status: int) -> str:
    """Say what to do about a redirect: wherever it leads was not agreed to."""
    return (
        f"{where} sends the request elsewhere ({status}), which is not followed. "
        f"Next: set {section}.base_url to the server's own address"
    )


def explain_wrong_address(where: str, section: str, status: int) -> str:
    """Say what to do about an address without the protocol's functions."""
    return (
        f"{where} is not the address of an OpenAI-compatible server ({status}). "
        f"Next: pullquote config set {section}.base_url http://HOST:PORT/v1"
    )
