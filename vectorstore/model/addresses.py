"""Where a server that speaks OpenAI's protocol is, and which key may be sent there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

KEY_VARIABLE = "OPENAI_API_KEY"
ADDRESS_VARIABLE = "OPENAI_BASE_URL"
OPENAI = "https://api.openai.com/v1"
_VERSION = re.compile(r"/v\d+$")
_PATHS = re.compile(r"/(chat/completions|embeddings)/?$")
_NO_KEY = "none"  # Local servers want no key, and the client insists on one.


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The configured address of a server, and the key for it."""

    address: str
    key: SecretStr

    @property
    def host(self) -> str:
        """The server's name alone."""
        return urlsplit(self.address).hostname or ""

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI itself, whose address and prices are known."""
        return is_openai(self.address)

    @property
    def shown(self) -> str:
        """The address as messages show it: without a password."""
        return hide_password(self.address)

    @property
    def has_key(self) -> bool:
        """Whether a real key is sent."""
        return self.key.get_secret_value() != _NO_KEY

    def addresses(self) -> tuple[str, str]:
        """Return where its functions may be: the address as it is configured, and with or without `/v1`."""
        bare = _VERSION.sub("", self.address)
        return (self.address, bare) if bare != self.address else (f"{self.address}/v1", self.address)

    def redact(self, words: str) -> str:
        """Return `words` without the key, should a server repeat it."""
        return words.replace(self.key.get_secret_value(), "••••") if self.has_key else words


def find_endpoint(
    base_url: str | None, api_key: SecretStr | None, environ: Mapping[str, str]
) -> Endpoint | None:
    """Return the endpoint in force; None when neither an address nor a key is configured.

    A key from the environment is sent only where the environment, or no setting, says: a key for OpenAI
    must not reach another server because a setting names one. `OPENAI_API_KEY` and `OPENAI_BASE_URL` in
    `environ` replace the settings that are not set.
    """
    own = api_key.get_secret_value().strip() if api_key else ""
    foreign = environ.get(KEY_VARIABLE, "").strip()
    address = (base_url or "").strip()
    if not address:
        address = environ.get(ADDRESS_VARIABLE, "").strip()
        own = own or foreign
    elif is_openai(address):
        own = own or foreign
    if not address and not own:
        return None
    tidy = _PATHS.sub("", (address or OPENAI).rstrip("/")).rstrip("/")
    return Endpoint(tidy, SecretStr(own or _NO_KEY))


def is_openai(address: str) -> bool:
    """Whether `address` is OpenAI's own."""
    return urlsplit(address).hostname == urlsplit(OPENAI).hostname


def hide_password(address: str) -> str:
    """Return an address without user, password, query and fragment: any of them may hold a key."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
