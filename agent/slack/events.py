"""What Slack sends: a question or a command for the bot, or a reason to ignore the event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_PLAIN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class RequestKind(StrEnum):
    """How the bot was addressed."""

    MENTION = "mention"
    DIRECT = "direct"
    COMMAND = "command"


class Payload(BaseModel):
    """A part of what Slack sends; fields that are not named are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, body: object) -> Self | None:
        """Return what was sent; None when it is malformed."""
        try:
            return cls.model_validate(body)
        except ValidationError:
            return None


class SharedFile(Payload):
    """A file beside a message."""

    id: str
    name: str = ""
    size: int = 0
    url_private_download: str | None = None
    url_private: str | None = None


class SlackRequest(Payload):
    """A question or command for the bot, to be answered once."""

    key: str
    """Slack's event id, or a command's trigger: the same for every delivery of it."""
    kind: RequestKind
    team: str
    channel: str
    user: str
    text: str
    """As a person would read it, without the mention of the bot."""
    ts: str | None = None
    """The message; a command has none."""
    thread_ts: str | None = None
    """The message that opened the thread it is in."""
    files: tuple[SharedFile, ...] = ()
    response_url: str | None = None
    """Where a command's answers are sent."""
    received: float = 0.0
    """Seconds since 1970."""

    @property
    def thread(self) -> str | None:
        """The message under which the answer is posted."""
        return self.thread_ts or self.ts

    @property
    def session(self) -> str | None:
        """The name of its thread's session; None for a command, which has no thread."""
        return f"slack/{self.team}/{self.channel}/{self.thread}" if self.thread else None

    @property
    def is_direct(self) -> bool:
        """Whether it was asked where only the asker and the bot are."""
        return self.channel.startswith("D")

    @property
    def message(self) -> str:
        """An id that is the same for all events of one message."""
        return f"{self.channel}:{self.ts}" if self.ts else self.key


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that asks nothing of the bot."""

    reason: str
    key: str = "unknown"
    """The event's id."""
    channel: str | None = None
    deleted: str | None = None
    """`channel:ts` of a message that was deleted."""


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
    key: str = Field(validation_alias="trigger_id")
    team: str = Field("", validation_alias="team_id")
    channel: str = Field(validation_alias="channel_id")
    user: str = Field(validation_alias="user_id")
    text: str = ""
    response_url: str


def read_event(body: Mapping[str, object], bot_user: str, now: float) -> SlackRequest | Ignored:
    """Return the request that an `app_mention` or `message` event makes; `now` in seconds since 1970."""
    envelope = _Envelope.read(body)
    if envelope is None:
        return Ignored("malformed")
    event, key = envelope.event, envelope.event_id
    channel = event.channel or None
    if event.subtype == "message_deleted":
        return Ignored("deletion", key, channel, f"{event.channel}:{event.deleted_ts}")
    if event.subtype not in _PLAIN_SUBTYPES:
        reason = "edit" if event.subtype == "message_changed" else event.subtype or ""
        return Ignored(reason, key, channel)
    if event.user == bot_user:
        return Ignored("own message", key, channel)
    # Two bots that answer each other would not stop.
    if event.bot_id is not None or event.user in (None, "USLACKBOT"):
        return Ignored("another bot", key, channel)
    if event.ts is None or not event.channel:
        return Ignored("malformed", key, channel)
    is_direct = event.channel.startswith("D")
    text = event.text or ""
    if event.type == "message" and not is_direct and f"<@{bot_user}" not in text:
        return Ignored("not addressed", key, channel)
    kind = RequestKind.DIRECT if is_direct else RequestKind.MENTION
    fields = event.model_dump(include={"channel", "user", "ts", "thread_ts", "files"})
    fields |= {"key": key, "team": envelope.team_id, "text": read_text(text, bot_user)}
    return SlackRequest(kind=kind, received=now, **fields)


def read_command(body: Mapping[str, object], bot_user: str, now: float) -> SlackRequest | Ignored:
    """Return the request that a slash command makes."""
    command = _Command.read(body)
    if command is None:
        return Ignored("malformed")
    fields = command.model_dump() | {"text": read_text(command.text, bot_user)}
    return SlackRequest(kind=RequestKind.COMMAND, received=now, **fields)


def read_text(text: str, bot_user: str) -> str:
    """Return a message's text as people see it: without a mention of the bot, and without brackets."""
    # https://docs.slack.dev/messaging/formatting-message-text: `<@U1>`, `<#C1|name>`, `<!here>`,
    # `<url|words>`, and `&`, `<`, `>` as entities.

    def show(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@" and target == bot_user:
            return " "
        if sign in ("@", "#"):
            return f"{sign}{label or target}"
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label or target

    text = _REFERENCE.sub(show, text)
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return " ".join(text.split())


class Intent(StrEnum):
    """What a request asks for."""

    ASK = "ask"
    SUMMARIZE = "summarize"
    ARTICLES = "articles"
    HELP = "help"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a request asks for, and about what."""

    intent: Intent
    about: str = ""


HELP = """Ask me what the articles say, in any language. I answer with exact quotes, or say that they do not \
say it.
• In a channel: mention me with your question. In a direct message: just ask.
• In a thread you can go on asking: “and what did Japan say?” is understood after the question before.
• `summarize` and an article's id or a topic; `articles` lists what there is; `help` is this.
• The same by command: `/pullquote ask …`, `/pullquote summarize …`, `/pullquote articles`.
• Admins may attach a text or HTML file and write `add`."""
EMPTY = (
    "You addressed me without a question. Ask me what the articles say, for instance: “who warned of "
    "flooding?” Write `help` for what else I can do."
)
FILES_ONLY = (
    "I see a file and no question. I do not read attachments as questions; an admin can write `add` beside a "
    "text or HTML file to put it into the library."
)
NO_TOPIC = "Summarize what? Name an article's id or a topic."
NO_FILE = "There is no file beside your message. Attach a text or HTML file and write `add`."


def read_instruction(request: SlackRequest) -> Instruction | str:
    """Return what `request` asks for; words for the asker when it asks for nothing."""
    first, _, rest = request.text.partition(" ")
    word, rest = first.casefold().strip(":.,!?"), rest.strip()
    if not request.text:
        if request.files:
            return FILES_ONLY
        return Instruction(Intent.HELP) if request.kind is RequestKind.COMMAND else EMPTY
    if word in (Intent.HELP, Intent.ARTICLES) and not rest:
        return Instruction(Intent(word))
    if word == Intent.ADD and (request.files or not rest):
        return Instruction(Intent.ADD) if request.files else NO_FILE
    if word == Intent.SUMMARIZE:
        return Instruction(Intent.SUMMARIZE, rest) if rest else NO_TOPIC
    if request.kind is RequestKind.COMMAND:
        if word == Intent.ASK:
            return Instruction(Intent.ASK, rest) if rest else EMPTY
        near = get_close_matches(word, [*Intent], n=1, cutoff=0.8)
        if near and word not in [*Intent]:
            return f"There is no command `{first[:40]}`. Did you mean `{near[0]}`? `help` lists them."
    return Instruction(Intent.ASK, request.text)
