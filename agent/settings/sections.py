"""The sections of the settings, each a model: what may be set, its bounds, and what it does."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr

from vectorstore import SettingsPart

Dollars = Annotated[float, Field(ge=0, le=10_000)]


class AnswerSettings(SettingsPart):
    """What an answer made of quotes looks like."""

    quotes: int = Field(default=5, ge=1, le=50)
    """Quotes an answer has at the most."""
    nearest: int = Field(default=3, ge=0, le=20)
    """Passages shown when the articles do not say it."""
    summary_sentences: int = Field(default=4, ge=1, le=50)
    """Sentences of a summary, when not asked otherwise."""


class ReceiptSettings(SettingsPart):
    """How long answers can be checked again."""

    keep: int = Field(default=1000, ge=1, le=100_000)
    """Receipts stored in a library; the oldest are removed first."""
    keep_days: int = Field(default=365, ge=1, le=36_500)
    """Days after which a receipt is removed."""


class SessionSettings(SettingsPart):
    """How long a session can be continued."""

    keep: int = Field(default=200, ge=1, le=100_000)
    """Sessions stored in a library; those longest idle are removed first."""
    keep_days: int = Field(default=90, ge=1, le=36_500)
    """Days of idleness after which one is removed."""
    turns: int = Field(default=100, ge=1, le=10_000)
    """Questions stored of one session; the oldest are removed first."""
    history_tokens: int = Field(default=1000, ge=0, le=100_000)
    """Tokens of a session that a model is shown at the most."""


class ModelSettings(SettingsPart):
    """The language model that writes answers; without one, answers are quotes."""

    name: str | None = None
    """Name of the model. Not set: `gpt-5.4-mini` at OpenAI, elsewhere the only one there is."""
    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Address of an OpenAI-compatible server, with or without `/v1`. Not set: `OPENAI_BASE_URL`, else OpenAI
    when there is a key.
    """
    api_key: SecretStr | None = None
    """Key for the server. Not set: `OPENAI_API_KEY`, which is sent to OpenAI or to `OPENAI_BASE_URL` and
    nowhere else.
    """
    timeout_seconds: float = Field(default=60, gt=0, le=3600)
    """Seconds without a byte from the server before giving up."""
    max_retries: int = Field(default=2, ge=0, le=10)
    """Further tries after a time-out, a 429 or a 5xx."""
    temperature: float | None = Field(default=0, ge=0, le=2)
    """Sampling temperature; not sent to models that refuse one."""
    context_tokens: int | None = Field(default=None, ge=512)
    """Tokens the model reads at the most. Not set: what the server or the price table says."""
    input_price: Dollars | None = None
    """Price of a million input tokens, in US dollars; overrides the table."""
    cached_input_price: Dollars | None = None
    """Price of a million input tokens the server had cached."""
    output_price: Dollars | None = None
    """Price of a million output tokens, in US dollars; overrides the table."""


class Translate(StrEnum):
    """When quotes get a translation beside them."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class AgentSettings(SettingsPart):
    """What an answer that a model writes may take."""

    max_calls: int = Field(default=6, ge=1, le=50)
    """Requests to the model an answer may take, repairs included."""
    max_tokens: int = Field(default=30_000, ge=500, le=2_000_000)
    """Tokens an answer may take, read and written, over all requests."""
    max_seconds: float = Field(default=90.0, ge=0.5, le=3600)
    """Seconds after which an answer ends with what it has."""
    max_cost: Decimal | None = Field(default=None, ge=0, le=1000)
    """US dollars an answer may cost, where the model's prices are known; none: no limit."""
    max_answer_tokens: int = Field(default=1200, ge=64, le=32_000)
    """Tokens the model may write in one request."""
    # Calibrated with `python -m bench.evidence`: 12 show .998 (en) and .978 (de) of XQuAD-R's answering
    # sentences, as 20 do with 1.6 times the tokens, and .766 of MultiHop-RAG's facts, 20 .782, 8 .725.
    evidence: int = Field(default=12, ge=1, le=100)
    """Sentences of the first search that the model is shown."""
    evidence_tokens: int = Field(default=1500, ge=100, le=100_000)
    """Tokens that the sentences of one search may take."""
    max_labels: int = Field(default=240, ge=10, le=900)
    """Sentences the model may be shown for one answer; OpenAI takes 1,000 in a strict schema."""
    max_searches: int = Field(default=8, ge=0, le=50)
    """Searches and readings the model may ask for itself."""
    summary_tokens: int = Field(default=6000, ge=500, le=500_000)
    """Tokens of articles that one request of a summary reads; longer ones are read in parts."""
    translate: Translate = Translate.AUTO
    """Translations by the model beside quotes in another language than the answer's: `auto`: where both
    languages are known; `always`: also where one is not, and beside nearest passages.
    """


class CheckSettings(SettingsPart):
    """What is asked of a second model besides the checks that need none."""

    judge: str | None = Field(default=None, min_length=1)
    """Name of a model that judges whether what a statement cites supports it. Not set: none is asked."""
    judge_base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Address of the judge's server, with or without `/v1`. Not set: the model's."""
    judge_api_key: SecretStr | None = None
    """Key for the judge's server. The model's key is sent to no other server than its own."""
    judge_calls: int = Field(default=20, ge=1, le=200)
    """Requests to the judge an answer may take; statements beyond that are shown unjudged, which is said.
    Tokens, time and cost count in the answer's own limits.
    """
    judge_input_price: Dollars | None = None
    """Price of a million tokens the judge reads, in US dollars."""
    judge_output_price: Dollars | None = None
    """Price of a million tokens the judge writes, in US dollars."""


class TelemetrySettings(SettingsPart):
    """What OpenTelemetry spans carry, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector for them."""

    content: bool = False
    """Whether OpenTelemetry spans carry questions, prompts, articles' sentences and answers."""
