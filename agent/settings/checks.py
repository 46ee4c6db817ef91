"""The checks' part of the settings: a second model that judges."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from vectorstore import SettingsPart

_Dollars = Annotated[float, Field(ge=0, le=10_000)]


class CheckSettings(SettingsPart):
    """What is asked of a second model besides the checks that need none."""

    judge: str | None = Field(
        default=None,
        min_length=1,
        description="Name of a model that judges whether what a statement cites supports it. "
        "Not set: none is asked.",
    )
    judge_base_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Address of the judge's server, with or without `/v1`. Not set: the model's.",
    )
    judge_api_key: SecretStr | None = Field(
        default=None,
        description="Key for the judge's server. The model's key is sent to no other server than its own.",
    )
    judge_calls: int = Field(
        default=20,
        ge=1,
        le=200,
        description="Requests to the judge an answer may take; statements beyond that are shown unjudged, "
        "which is said. Tokens, time and cost count in the answer's own limits.",
    )
    judge_input_price: _Dollars | None = Field(
        default=None, description="Price of a million tokens the judge reads, in US dollars."
    )
    judge_output_price: _Dollars | None = Field(
        default=None, description="Price of a million tokens the judge writes, in US dollars."
    )
