from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from agent.llm import DEFAULT_MODEL, ChatModel, ModelSettings, TokenUsage
from agent.llm.usage import price_table

USAGE = TokenUsage(input_tokens=10_000, output_tokens=1_000, cached_tokens=4_000)


def price(tmp_path: Path, **settings: Any) -> Decimal | None:
    chat = ChatModel.connect(ModelSettings(**settings), tmp_path, {"OPENAI_API_KEY": "sk-x"})
    assert chat is not None
    return chat.price(USAGE)


def test_the_table_is_dated_and_sound() -> None:
    file = tomllib.loads((files("agent.llm") / "prices.toml").read_text("utf-8"))
    assert file["as_of"] == date(2026, 11, 24)
    assert DEFAULT_MODEL in price_table()
    for listed in price_table().values():
        assert 0 < listed.price.cached_input <= listed.price.input
        assert listed.context_tokens >= 8_000


@pytest.mark.parametrize("name", [None, "gpt-5.4-mini", "gpt-5.4-mini-2026-03-17"])
def test_openai_models_cost_what_the_table_says(tmp_path: Path, name: str | None) -> None:
    assert price(tmp_path, name=name) == Decimal("0.0093")
    # 6,000 fresh tokens at 0.75, 4,000 cached at 0.075 and 1,000 written at 4.50 dollars a million.


def test_an_unknown_model_has_no_price(tmp_path: Path) -> None:
    assert price(tmp_path, name="gpt-99") is None


def test_another_server_has_no_price_even_for_a_name_in_the_table(tmp_path: Path) -> None:
    assert price(tmp_path, name="gpt-4o", base_url="http://127.0.0.1:8080/v1") is None


def test_the_users_prices_come_first(tmp_path: Path) -> None:
    local = {"name": "own", "base_url": "http://127.0.0.1:8080/v1", "input_price": 0.1, "output_price": 0.2}
    assert price(tmp_path, **local) == Decimal("0.0012")
    assert price(tmp_path, **local, cached_input_price=0) == Decimal("0.0008")
    assert price(tmp_path, name="gpt-4o", input_price=0, output_price=0) == 0
    assert price(tmp_path, name="gpt-99", input_price=1) is None


def test_usage_adds_up() -> None:
    guessed = TokenUsage(5, 6, 0, is_estimate=True)
    assert USAGE + guessed == TokenUsage(10_005, 1_006, 4_000, is_estimate=True)
    assert (USAGE + guessed).total == 11_011


@pytest.mark.parametrize("metadata", [None, {}, {"input_tokens": 0, "output_tokens": 0}])
def test_no_report_is_no_usage(metadata: dict[str, int] | None) -> None:
    assert TokenUsage.reported(metadata) is None
