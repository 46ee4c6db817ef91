"""Who may ask what, and in which library."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.settings.sections import DIRECT, EVERYWHERE, ChannelRule, SlackSettings
from vectorstore import Filters, PullquoteError

GROUP_SECONDS = 300
"""How long the members of a user group are cached."""

WRONG_CHANNEL = (
    "I may not answer in this channel. The person who runs me can allow it with the setting "
    "`slack.allowed_channels`."
)
WRONG_USER = (
    "You are not among the people I may answer. The person who runs me can change that with the settings "
    "`slack.allowed_users` and `slack.allowed_groups`."
)
NOT_DIRECT = "I do not answer direct messages here. Mention me in a channel instead."
NOT_ADMIN = (
    "Only admins may add articles from Slack. The person who runs me can change who is one with the setting "
    "`slack.admins`."
)


@dataclass(slots=True)
class Permissions:
    """The settings' allow-lists and channel rules."""

    settings: SlackSettings
    list_members: Callable[[str], Awaitable[frozenset[str]]]
    """Gives the users of a user group; may raise PullquoteError."""
    clock: Callable[[], float] = time.monotonic
    _members: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)

    async def refuse(self, channel: str, user: str) -> str | None:
        """Return why a user gets no answer in a channel, in words for the user; None when allowed."""
        settings = self.settings
        if channel.startswith("D"):
            if not settings.direct_messages:
                return NOT_DIRECT
        elif settings.allowed_channels and channel not in settings.allowed_channels:
            return WRONG_CHANNEL
        if not settings.allowed_users and not settings.allowed_groups:
            return None
        if user in settings.allowed_users:
            return None
        for group in settings.allowed_groups:
            try:
                if user in await self._members_of(group):
                    return None
            except PullquoteError as error:
                return f"I cannot find out whether you may ask me. {error}"
        return WRONG_USER

    def is_admin(self, user: str) -> bool:
        """Whether a user may change the library."""
        return user in self.settings.admins

    def filters(self, channel: str) -> Filters:
        """Return what is visible in a channel; everything where no rule applies."""
        rule = self._rule(channel)
        if rule is None:
            return Filters()
        return Filters(
            outlets=rule.outlets, languages=rule.languages, collections=tuple(map(_expand, rule.collections))
        )

    def is_private(self, channel: str) -> bool:
        """Whether only the asker sees the answer; a direct message is private without that."""
        if channel.startswith("D"):
            return False
        rule = self._rule(channel)
        return self.settings.private_answers if rule is None or rule.private is None else rule.private

    def _rule(self, channel: str) -> ChannelRule | None:
        # A rule for the channel itself has priority over the one for every other place.
        rules = {rule.id: rule for rule in self.settings.channels}
        names = (DIRECT, EVERYWHERE) if channel.startswith("D") else (channel, EVERYWHERE)
        return next((rules[name] for name in names if name in rules), None)

    async def _members_of(self, group: str) -> frozenset[str]:
        known = self._members.get(group)
        if known is None or self.clock() - known[0] > GROUP_SECONDS:
            known = self.clock(), await self.list_members(group)
            self._members[group] = known
        return known[1]


def _expand(collection: str) -> str:
    """Return a folder in full, as the library has it; an address as it is."""
    return collection if "://" in collection else str(Path(collection).expanduser().absolute())
