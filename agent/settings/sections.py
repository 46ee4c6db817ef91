"""The sections of the settings, each a model: what may be set, its bounds, and what it does."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from vectorstore import SettingsPart

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Dollars = Annotated[float, Field(ge=0, le=10_000)]
DIRECT = "dm"
"""The rule of direct messages."""
EVERYWHERE = "*"
"""The rule of channels that have none of their own, direct messages among them."""

ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")]
UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]+$")]


class AnswerSettings(SettingsPart):
    """What an answer made of quotes looks like."""

    quotes: int = Field(default=5, ge=1, le=50)
    """Quotes an answer has at the most."""
    nearest: int = Field(default=3, ge=0, le=20)
    """Passages shown when the articles do not say it."""
    summary_sentences: int = Field(default=4, ge=1, le=50)
    """Sentences of a summary, when not asked otherwise."""
    languages: tuple[LanguageTag, ...] = ()
    """Languages you read besides that of your question, as BCP 47 tags: their quotes go before others."""
    read_question: bool = True
    """Whether dates, outlets, authors and languages that a question names filter the articles."""


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


class ChannelRule(SettingsPart):
    """What a channel may see; of several rules the one that names it most closely applies."""

    id: str = Field(pattern=r"^([CG][A-Z0-9]+|dm|\*)$")
    """A channel's id, `dm` for direct messages, or `*` for every other place."""
    outlets: tuple[str, ...] = ()
    """Only these outlets; none: all."""
    languages: tuple[str, ...] = ()
    """Only these languages (BCP 47); none: all."""
    collections: tuple[str, ...] = ()
    """Only what was read from these folders or web addresses; none: all."""
    private: bool | None = None
    """Whether only the asker sees answers. Not set: `slack.private_answers`."""


class SlackSettings(SettingsPart):
    """The Slack bot: who may ask what, and how it runs."""

    bot_token: SecretStr | None = None
    """The bot's token, `xoxb-…`. Not set: `SLACK_BOT_TOKEN`."""
    app_token: SecretStr | None = None
    """The app-level token for Socket Mode, `xapp-…`. Not set: `SLACK_APP_TOKEN`."""
    signing_secret: SecretStr | None = None
    """The signing secret, for the HTTP mode. Not set: `SLACK_SIGNING_SECRET`."""
    mode: Literal["socket", "http"] = "socket"
    """`socket` needs no public address; `http` takes signed requests at `/slack/events`."""
    http_host: str = "127.0.0.1"
    """Address that the HTTP mode listens on."""
    http_port: int = Field(default=3000, ge=0, le=65_535)
    """Port that the HTTP mode listens on."""
    health_port: int | None = Field(default=None, ge=0, le=65_535)
    """Port of `/healthz` on 127.0.0.1; none: not served."""
    api_url: str = Field(
        default="https://slack.com/api/",
        pattern=r"^(https://[^/\s@?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?)(/[^\s?#]*)?$",
    )
    """Slack's Web API; without TLS only on this machine."""
    allowed_users: tuple[UserId, ...] = ()
    """Users who may ask; with `allowed_groups` also empty: everybody."""
    allowed_groups: tuple[GroupId, ...] = ()
    """User groups (`S…`) whose members may ask."""
    allowed_channels: tuple[ChannelId, ...] = ()
    """Channels in which it answers; none: all it is invited to."""
    direct_messages: bool = True
    """Whether it answers direct messages."""
    admins: tuple[UserId, ...] = ()
    """Users who may add an attached article to the library."""
    channels: tuple[ChannelRule, ...] = ()
    """Narrower libraries by channel: `[{id = "C012", outlets = ["De Krant"]}]`."""
    private_answers: bool = False
    """Whether in channels only the asker sees the answer."""
    concurrency: int = Field(default=4, ge=1, le=64)
    """Questions that are answered at a time."""
    waiting_per_user: int = Field(default=10, ge=1, le=1000)
    """Questions one user may have waiting; more are refused."""
    stream_seconds: float = Field(default=240, ge=1, le=290)
    """Seconds after which a streamed message ends and another goes on; Slack ends it at 300."""
    shutdown_seconds: float = Field(default=20, ge=0, le=600)
    """Seconds that answers under way have when the bot is stopped."""
    log_text: bool = False
    """Whether the log has the text of questions."""
