"""Tokens: counted before a call, reported after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens spent on one call or on several; `+` adds them up."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """The part of `input_tokens` the server had cached."""
    is_estimate: bool = False
    """At least one server reported nothing, so that its part was counted here."""

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.is_estimate or other.is_estimate,
        )

    @property
    def total(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    @classmethod
    def reported(cls, metadata: Mapping[str, Any] | None) -> TokenUsage | None:
        """From LangChain's `AIMessage.usage_metadata`; None when the server reported nothing."""
        if not metadata or not metadata.get("input_tokens"):
            return None
        details = metadata.get("input_token_details") or {}
        return cls(
            int(metadata["input_tokens"]),
            int(metadata.get("output_tokens") or 0),
            int(details.get("cache_read") or 0),
        )
