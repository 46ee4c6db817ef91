"""The writer's part of the settings: what one answer by a model may take."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from vectorstore import SettingsPart


class Translate(StrEnum):
    """When quotes get a translation beside them."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class AgentSettings(SettingsPart):
    """What an answer that a model writes may take."""

    max_calls: int = Field(
        default=6, ge=1, le=50, description="Requests to the model an answer may take, repairs included."
    )
    max_tokens: int = Field(
        default=30_000,
        ge=500,
        le=2_000_000,
        description="Tokens an answer may take, read and written, over all requests.",
    )
    max_seconds: float = Field(
        default=90.0, ge=0.5, le=3600, description="Seconds after which an answer ends with what it has."
    )
    max_cost: Decimal | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="US dollars an answer may cost, where the model's prices are known; none: no limit.",
    )
    max_answer_tokens: int = Field(
        default=1200, ge=64, le=32_000, description="Tokens the model may write in one request."
    )
    # Calibrated with `python -m bench.evidence`: 12 show .998 (en) and .978 (de) of XQuAD-R's answering
    # sentences, as 20 do with 1.6 times the tokens, and .766 of MultiHop-RAG's facts, 20 .782, 8 .725.
    evidence: int = Field(
        default=12, ge=1, le=100, description="Sentences of the first search that the model is shown."
    )
    evidence_tokens: int = Field(
        default=1500, ge=100, le=100_000, description="Tokens that the sentences of one search may take."
    )
    max_labels: int = Field(
        default=240,
        ge=10,
        le=900,
        description="Sentences the model may be shown for one answer; OpenAI takes 1,000 in a strict schema.",
    )
    max_searches: int = Field(
        default=8, ge=0, le=50, description="Searches and readings the model may ask for itself."
    )
    summary_tokens: int = Field(
        default=6000,
        ge=500,
        le=500_000,
        description="Tokens of articles that one request of a summary reads; longer ones are read in parts.",
    )
    translate: Translate = Field(
        default=Translate.AUTO,
        description="Translations by the model beside quotes in another language than the answer's: `auto`: "
        "where both languages are known; `always`: also where one is not, and beside nearest passages.",
    )
