"""What tokens cost: a dated table, which the settings override. What is in neither has no price."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from agent.llm.usage import TokenUsage
from agent.settings.sections import ModelSettings

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = Decimal(1_000_000)


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


@dataclass(frozen=True, slots=True)
class PriceTable:
    """OpenAI's prices as of a day."""

    as_of: date
    models: dict[str, Listed]

    def find(self, model: str) -> Listed | None:
        """Return the entry of a model or of one of its dated snapshots."""
        return self.models.get(model) or self.models.get(_SNAPSHOT.sub("", model))


@cache
def price_table() -> PriceTable:
    """Return the table that comes with this version."""
    table = tomllib.loads((files("agent.llm") / "prices.toml").read_text("utf-8"), parse_float=Decimal)
    models = {}
    for name, row in table["models"].items():
        price = Price(Decimal(row["input"]), Decimal(row["output"]), Decimal(row["cached"]))
        models[name] = Listed(price, row["context"])
    return PriceTable(table["as_of"], models)


def price_in_settings(settings: ModelSettings) -> Price | None:
    """Return the user's prices, once input and output are given; cached input costs as much as fresh."""
    if settings.input_price is None or settings.output_price is None:
        return None
    cached = settings.input_price if settings.cached_input_price is None else settings.cached_input_price
    return Price(
        *(Decimal(str(dollars)) for dollars in (settings.input_price, settings.output_price, cached))
    )
