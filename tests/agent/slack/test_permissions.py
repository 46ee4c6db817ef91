"""Who may ask what, and what is visible where; refusals in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.settings.sections import SlackSettings
from agent.slack.permissions import Permissions
from tests.agent.slack.conftest import FLOOD, Start
from tests.peers.slack import SlackPeer, read_view
from vectorstore import Filters, Library, PullquoteError

WRONG_CHANNEL = (
    "I may not answer in this channel. The person who runs me can allow it with the setting "
    "`slack.allowed_channels`."
)
WRONG_USER = (
    "You are not among the people I may answer. The person who runs me can change that with the settings "
    "`slack.allowed_users` and `slack.allowed_groups`."
)
NOT_DIRECT = "I do not answer direct messages here. Mention me in a channel instead."


async def no_groups(group: str) -> frozenset[str]:
    raise PullquoteError("The groups are not to be had.")


def test_refusals_are_said_in_words_in_the_thread(slack: SlackPeer, start: Start) -> None:
    bot = start(allowed_users=["U1"], allowed_channels=["C1"], direct_messages=False)
    threads = {
        slack.mention("U1", FLOOD, "C2"): WRONG_CHANNEL,
        slack.mention("U2", FLOOD, "C1"): WRONG_USER,
        slack.say("U1", FLOOD, "D1"): NOT_DIRECT,
    }
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert bot.outcomes() == ["refused"] * 3
    assert {str(reply.thread_ts): reply.text for reply in slack.posted} == threads
    slack.mention("U1", FLOOD, "C1")
    slack.wait(lambda: bot.outcomes()[3:] == ["answered"])


def test_members_of_a_user_group_may_ask(slack: SlackPeer, start: Start) -> None:
    slack.groups["S1"] = ["U1"]
    bot = start(allowed_groups=["S1"])
    slack.mention("U1", FLOOD)
    slack.mention("U2", FLOOD)
    slack.wait(lambda: sorted(bot.outcomes()) == ["answered", "refused"])
    slack.mention("U1", FLOOD)
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert slack.methods().count("usergroups.users.list") <= 2
    assert WRONG_USER in [reply.text for reply in slack.posted]


def test_a_group_that_cannot_be_read_lets_nobody_in_and_the_missing_scope_is_named(
    slack: SlackPeer, start: Start
) -> None:
    slack.errors["usergroups.users.list"] = {
        "ok": False,
        "error": "missing_scope",
        "needed": "usergroups:read",
        "provided": "chat:write",
    }
    bot = start(allowed_groups=["S1"])
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["refused"])
    assert [reply.text for reply in slack.posted] == [
        "I cannot find out whether you may ask me. The Slack app lacks the scope `usergroups:read`, which "
        "usergroups.users.list needs. Add it under “OAuth &amp; Permissions” at api.slack.com/apps, "
        "then install the app again."
    ]


def test_a_public_channel_sees_less_than_a_private_one(
    slack: SlackPeer, start: Start, articles: Path
) -> None:
    bot = start(
        channels=[
            {"id": "C1", "outlets": ["the courier"]},
            {"id": "C2", "languages": ["nl"]},
            {"id": "C3", "collections": [str(articles / "avondbode")]},
            {"id": "dm", "collections": ["https://courier.example/"]},
            {"id": "*", "outlets": ["Nobody"]},
        ]
    )
    seen = {}
    for channel in ("C1", "C2", "C3", "D1", "C9"):
        before = len(bot.outcomes())
        (slack.say if channel == "D1" else slack.mention)("U1", FLOOD, channel=channel)
        slack.wait(lambda: len(bot.outcomes()) > before)  # noqa: B023
        shown = slack.posted[-1].shown
        seen[channel] = ("The Courier" in shown, "De Avondbode" in shown)
    assert seen == {
        "C1": (True, False),
        "C2": (False, True),
        "C3": (False, True),
        "D1": (True, False),
        "C9": (False, False),
    }
    assert slack.posted[-1].shown.startswith("The articles do not say this.")


def test_lists_and_summaries_keep_to_what_a_channel_sees(
    slack: SlackPeer, start: Start, library: Library
) -> None:
    bot = start(channels=[{"id": "C1", "outlets": ["The Courier"]}])
    hidden = next(header.id for header in library.articles.headers() if header.outlet == "De Avondbode")
    for text in ("articles", f"summarize {hidden}", f"summarize {hidden[:4]}", "summarize the Limburg dike"):
        before = len(bot.outcomes())
        slack.mention("U1", text)
        slack.wait(lambda: len(bot.outcomes()) > before)  # noqa: B023
    assert "1 article, newest first:" in slack.posted[0].text
    assert not any("Avondbode" in posted.shown + posted.text for posted in slack.posted)
    assert not any("Waterschap" in posted.shown + posted.text for posted in slack.posted)


def test_who_may_not_ask_may_not_press_buttons_either(slack: SlackPeer, start: Start) -> None:
    bot = start(allowed_users=["U1"])
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes())
    (reply,) = slack.posted
    slack.press("U2", reply, "passage-1", reply.buttons["passage-1"])
    slack.wait(lambda: slack.views)
    assert list(map(read_view, slack.views)) == [WRONG_USER]


def test_private_answers_are_for_the_asker_and_a_channel_may_have_its_own_way(
    slack: SlackPeer, start: Start
) -> None:
    bot = start(private_answers=True, channels=[{"id": "C2", "private": False}])
    for channel in ("C1", "C2"):
        slack.mention("U1", FLOOD, channel)
    slack.say("U1", FLOOD, "D1")
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert {reply.channel: reply.seen_by for reply in slack.posted} == {"C1": "U1", "C2": None, "D1": None}


@pytest.mark.parametrize(
    ("channel", "filters"),
    [
        ("C1", Filters(outlets=("A",))),
        ("C2", Filters(languages=("nl",))),
        ("D1", Filters(languages=("nl",))),
    ],
)
def test_the_closest_rule_holds(channel: str, filters: Filters) -> None:
    settings = SlackSettings.model_validate(
        {"channels": [{"id": "*", "languages": ["nl"]}, {"id": "C1", "outlets": ["A"]}]}
    )
    assert Permissions(settings, no_groups).filters(channel) == filters


def test_members_are_asked_for_again_after_a_while() -> None:
    now = [0.0]
    asked: list[str] = []

    async def list_members(group: str) -> frozenset[str]:
        asked.append(group)
        return frozenset({"U1"})

    async def ask() -> list[str | None]:
        permissions = Permissions(SlackSettings(allowed_groups=("S1",)), list_members, clock=lambda: now[0])
        refusals = []
        for at in (0, 299, 301):
            now[0] = at
            refusals.append(await permissions.refuse("C1", "U1"))
        return refusals

    assert asyncio.run(ask()) == [None, None, None]
    assert asked == ["S1", "S1"]
