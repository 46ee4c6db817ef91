"""Where the model is: the address and key in force, and what the server there says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from agent.model.settings import ModelSettings

if TYPE_CHECKING:
    import httpx2

KEY_VARIABLE = "OPENAI_API_KEY"
ADDRESS_VARIABLE = "OPENAI_BASE_URL"
OPENAI = "https://api.openai.com/v1"
_VERSION = re.compile(r"/v\d+$")
_NO_KEY = "none"
"""Local servers want no key, and the client insists on one."""
_PROBE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The configured address of a server, and the key for it."""

    address: str
    key: SecretStr

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI itself, whose address and prices are known."""
        return urlsplit(self.address).hostname == urlsplit(OPENAI).hostname

    @property
    def shown(self) -> str:
        """The address as it may stand in a message: without a password in it."""
        return hide_password(self.address)

    @property
    def has_key(self) -> bool:
        """Whether a real key is sent."""
        return self.key.get_secret_value() != _NO_KEY


def put_path(address: str, path: str | None) -> str:
    """`address` with another path, when there is one."""
    return address if path is None else urlunsplit(urlsplit(address)._replace(path=path))


def path_of(address: str) -> str:
    """The path of `address`."""
    return urlsplit(address).path


def hide_password(address: str) -> str:
    """`address` without a user and password."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def find_endpoint(settings: ModelSettings, environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint in force; None when neither an address nor a key is configured.

    A key from the environment goes only where the environment, or nobody, says: a key for OpenAI must
    not reach another server because `model.base_url` names one.
    """
    own = settings.api_key.get_secret_value().strip() if settings.api_key else ""
    foreign = environ.get(KEY_VARIABLE, "").strip()
    address = (settings.base_url or "").strip()
    if not address:
        address = environ.get(ADDRESS_VARIABLE, "").strip()
        own = own or foreign
    elif _is_openai(address):
        own = own or foreign
    if not address and not own:
        return None
    return Endpoint(_tidy(address or OPENAI), SecretStr(own or _NO_KEY))


def _is_openai(address: str) -> bool:
    return urlsplit(address).hostname == urlsplit(OPENAI).hostname


def _tidy(address: str) -> str:
    return address.rstrip("/").removesuffix("/chat/completions").rstrip("/")


@dataclass(frozen=True, slots=True)
class Offer:
    """A model a server has."""

    name: str
    context_tokens: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking a server for its models."""

    address: str
    status: int
    offers: tuple[Offer, ...] | None
    """None when the reply was not a list of models."""


def ask_for_models(endpoint: Endpoint, http: httpx2.Client) -> Answered:
    """`GET …/models` where `/v1` may be, until a list comes back; else the best of the refusals.

    Raises:
        httpx2.HTTPError: the server cannot be reached.
    """
    replies = []
    for address in _candidates(endpoint.address):
        headers = {"Authorization": f"Bearer {endpoint.key.get_secret_value()}"}
        response = http.get(f"{address}/models", headers=headers, timeout=_PROBE_SECONDS)
        reply = Answered(address, response.status_code, _read_offers(response))
        if reply.offers is not None:
            return reply
        replies.append(reply)
    return min(replies, key=lambda reply: reply.status in (404, 405))


def seconds_to_wait(response: httpx2.Response) -> float | None:
    """What `Retry-After` asks for, in either of its forms; None when it does not say."""
    after = response.headers.get("retry-after", "")
    try:
        return float(after)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None


def _candidates(address: str) -> Iterator[str]:
    bare = _VERSION.sub("", address)
    yield from (address, bare) if bare != address else (f"{address}/v1", address)


def _read_offers(response: httpx2.Response) -> tuple[Offer, ...] | None:
    if response.status_code != 200:
        return None
    try:
        rows = response.json()["data"]
        return tuple(Offer(str(row["id"]), _context_of(row)) for row in rows)
    except (ValueError, KeyError, TypeError):
        return None


def _context_of(row: Mapping[str, Any]) -> int | None:
    """`max_model_len` at vLLM, `meta.n_ctx` at llama.cpp; OpenAI and Ollama say nothing."""
    meta = row.get("meta")
    for value in (row.get("max_model_len"), meta.get("n_ctx") if isinstance(meta, dict) else None):
        if isinstance(value, int) and value > 0:
            return value
    return None
