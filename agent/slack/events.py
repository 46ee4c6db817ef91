"""What Slack sends, as far as the bot cares: a question put to it, or a reason to pass over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, ValidationError

_PLAIN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Kind(StrEnum):
    """How the bot was addressed."""

    MENTION = "mention"
    DIRECT = "direct"
    COMMAND = "command"


class Payload(BaseModel):
    """Something out of a request of Slack's; what is not named here is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SharedFile(Payload):
    """A file beside a message."""

    id: str
    name: str = ""
    size: int = 0
    url_private_download: str | None = None
    url_private: str | None = None


class Request(Payload):
    """Something the bot was asked, to be answered once."""

    key: str
    """Slack's event id, or a command's trigger: the same for every delivery of it."""
    kind: Kind
    team: str
    channel: str
    user: str
    text: str
    """As a person would read it, without the mention of the bot."""
    ts: str | None = None
    """The message; a command has none."""
    thread_ts: str | None = None
    """The message that opened the thread it stands in."""
    files: tuple[SharedFile, ...] = ()
    response_url: str | None = None
    """Where a command's answers go."""
    received: float = 0.0
    """Seconds since 1970."""

    @property
    def thread(self) -> str | None:
        """The message under which the answer goes."""
        return self.thread_ts or self.ts

    @property
    def session(self) -> str | None:
        """The session its thread is; None for a command, which stands alone."""
        return f"slack/{self.team}/{self.channel}/{self.thread}" if self.thread else None

    @property
    def is_direct(self) -> bool:
        """Whether it was put where only the asker and the bot are."""
        return self.channel.startswith("D")

    @property
    def message(self) -> str:
        """What is the same for a message however many events it comes in."""
        return f"{self.channel}:{self.ts}" if self.ts else self.key


@dataclass(frozen=True, slots=True)
class Passed:
    """An event that asks nothing of the bot."""

    reason: str
    key: str = "unknown"
    """The event's id."""
    channel: str | None = None
    deleted: str | None = None
    """`channel:ts` of the message that is no longer there."""


class _Event(Payload):
    type: str = ""
    subtype: str | None = None
    user: str | None = None
    text: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    channel: str = ""
    bot_id: str | None = None
    deleted_ts: str | None = None
    files: tuple[SharedFile, ...] = ()


class _Envelope(Payload):
    event_id: str
    team_id: str = ""
    event: _Event


class _Command(Payload):
    trigger_id: str
    team_id: str = ""
    channel_id: str
    user_id: str
    text: str = ""
    response_url: str


def read_event(body: Mapping[str, object], bot_user: str, now: float) -> Request | Passed:
    """An `app_mention` or `message` event.

    Args:
        body: The payload, its `event` among it.
        bot_user: The bot's user id.
        now: Seconds since 1970.
    """
    try:
        envelope = _Envelope.model_validate(body)
    except ValidationError:
        return Passed("malformed")
    event, key = envelope.event, envelope.event_id
    channel = event.channel or None
    if event.subtype == "message_deleted":
        return Passed("deletion", key, channel, f"{event.channel}:{event.deleted_ts}")
    if event.subtype not in _PLAIN_SUBTYPES:
        reason = "edit" if event.subtype == "message_changed" else event.subtype or ""
        return Passed(reason, key, channel)
    if event.user == bot_user:
        return Passed("own message", key, channel)
    if event.bot_id is not None or event.user in (None, "USLACKBOT"):
        return Passed("another bot", key, channel)
    if event.ts is None or not event.channel:
        return Passed("malformed", key, channel)
    is_direct = event.channel.startswith("D")
    text = event.text or ""
    if event.type == "message" and not is_direct and f"<@{bot_user}" not in text:
        return Passed("not addressed", key, channel)
    return Request(
        key=envelope.event_id,
        kind=Kind.DIRECT if is_direct else Kind.MENTION,
        team=envelope.team_id,
        channel=event.channel,
        user=event.user,
        text=read_text(text, bot_user),
        ts=event.ts,
        thread_ts=event.thread_ts,
        files=event.files,
        received=now,
    )


def read_command(body: Mapping[str, object], bot_user: str, now: float) -> Request | Passed:
    """A slash command."""
    try:
        command = _Command.model_validate(body)
    except ValidationError:
        return Passed("malformed")
    return Request(
        key=command.trigger_id,
        kind=Kind.COMMAND,
        team=command.team_id,
        channel=command.channel_id,
        user=command.user_id,
        text=read_text(command.text, bot_user),
        response_url=command.response_url,
        received=now,
    )


def read_text(text: str, bot_user: str) -> str:
    """A message's text as people see it: no mention of the bot, links and names without their brackets.

    https://docs.slack.dev/messaging/formatting-message-text: `<@U1>`, `<#C1|name>`, `<!here>`, `<url|words>`,
    and `&`, `<`, `>` as entities.
    """

    def show(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@" and target == bot_user:
            return " "
        if sign == "@":
            return f"@{label or target}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label or target

    text = _REFERENCE.sub(show, text)
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return " ".join(text.split())
