"""The model's part of the settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from vectorstore import SettingsPart

Dollars = Annotated[float, Field(ge=0, le=10_000)]


class ModelSettings(SettingsPart):
    """The language model that writes answers; without one, answers are quotes."""

    name: str | None = Field(
        default=None,
        description="Name of the model. Not set: `gpt-5.4-mini` at OpenAI, elsewhere the only one there is.",
    )
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Address of an OpenAI-compatible server, with or without `/v1`. "
        "Not set: `OPENAI_BASE_URL`, else OpenAI when there is a key.",
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="Key for the server. Not set: `OPENAI_API_KEY`, which is sent to OpenAI or to "
        "`OPENAI_BASE_URL` and nowhere else.",
    )
    timeout_seconds: float = Field(
        default=60, gt=0, le=3600, description="Seconds without a byte from the server before giving up."
    )
    max_retries: int = Field(
        default=2, ge=0, le=10, description="Further tries after a time-out, a 429 or a 5xx."
    )
    temperature: float | None = Field(
        default=0, ge=0, le=2, description="Sampling temperature; not sent to models that refuse one."
    )
    context_tokens: int | None = Field(
        default=None,
        ge=512,
        description="Tokens the model reads at the most. Not set: what the server or the price table says.",
    )
    input_price: Dollars | None = Field(
        default=None, description="Price of a million input tokens, in US dollars; overrides the table."
    )
    cached_input_price: Dollars | None = Field(
        default=None, description="Price of a million input tokens the server had cached."
    )
    output_price: Dollars | None = Field(
        default=None, description="Price of a million output tokens, in US dollars; overrides the table."
    )
