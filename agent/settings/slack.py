"""The Slack bot's part of the settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from vectorstore import SettingsPart

DIRECT = "dm"
"""The rule of direct messages."""
EVERYWHERE = "*"
"""The rule of channels that have none of their own, direct messages among them."""

ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")]
UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]+$")]


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
