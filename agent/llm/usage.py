"""Tokens, reported after a call, and what they cost: by the settings, else by a dated table, else unknown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from agent.settings.sections import ModelSettings

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = Decimal(1_000_000)


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


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal
    cached_input: Decimal

    def of(self, usage: TokenUsage) -> Decimal:
        """Return what `usage` costs, in dollars."""
        fresh = usage.input_tokens - usage.cached_tokens
        dollars = (
            self.input * fresh + self.cached_input * usage.cached_tokens + self.output * usage.output_tokens
        )
        return dollars / _MILLION


@dataclass(frozen=True, slots=True)
class Listed:
    """A model in the table."""

    price: Price
    context_tokens: int


@cache
def price_table() -> Mapping[str, Listed]:
    """Return OpenAI's models by name, in the table that comes with this version; its file says as of when."""
    table = tomllib.loads((files("agent.llm") / "prices.toml").read_text("utf-8"), parse_float=Decimal)
    models = {}
    for name, row in table["models"].items():
        price = Price(Decimal(row["input"]), Decimal(row["output"]), Decimal(row["cached"]))
        models[name] = Listed(price, row["context"])
    return models


def find_listed(model: str) -> Listed | None:
    """Return the entry of a model or of one of its dated snapshots; None for one that is not listed."""
    return price_table().get(model) or price_table().get(_SNAPSHOT.sub("", model))


def price_in_settings(settings: ModelSettings) -> Price | None:
    """Return the user's prices, once input and output are given; cached input costs as much as fresh."""
    if settings.input_price is None or settings.output_price is None:
        return None
    cached = settings.input_price if settings.cached_input_price is None else settings.cached_input_price
    # By way of their digits: 0.1 is no tenth in binary.
    return Price(*map(Decimal, map(str, (settings.input_price, settings.output_price, cached))))
