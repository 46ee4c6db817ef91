"""Where the model is: the address and key in force, and what the server there says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from vectorstore import Endpoint

if TYPE_CHECKING:
    import httpx2

_PROBE_SECONDS = 10


def put_path(address: str, path: str | None) -> str:
    """Return `address` with another path, when there is one."""
    return address if path is None else urlunsplit(urlsplit(address)._replace(path=path))


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
    """`GET …/models` where `/v1` may be, until a list comes back; else the best of the refusals."""
    replies = []
    for address in endpoint.addresses():
        headers = {"Authorization": f"Bearer {endpoint.key.get_secret_value()}"}
        response = http.get(f"{address}/models", headers=headers, timeout=_PROBE_SECONDS)
        reply = Answered(address, response.status_code, _read_offers(response))
        if reply.offers is not None:
            return reply
        replies.append(reply)
    # Any other refusal says more than that a path, which may be a guess, is not there.
    return min(replies, key=lambda reply: reply.status in (404, 405))


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
