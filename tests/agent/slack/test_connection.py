"""Sockets that drop, requests that are signed, limits that are waited out, and health."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from itertools import pairwise
from typing import Any

import pytest

from agent.slack import app
from tests.agent.slack.conftest import FLOOD, Running, Start
from tests.peers.slack import BOT_TOKEN, TEAM, SlackPeer


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dropped socket is noticed within a fraction of a second."""
    monkeypatch.setattr(app, "PING_SECONDS", 0.3)


def test_events_are_acknowledged_within_three_seconds_while_answers_take_longer(
    slack: SlackPeer, start: Start
) -> None:
    bot = start()
    for number in range(12):
        slack.mention(f"U{number}", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["answered"] * 12)
    assert len(slack.acks) == 12
    assert max(slack.acks[envelope] - slack.sent[envelope] for envelope in slack.acks) < 3


def test_a_dropped_socket_is_opened_again_and_what_was_asked_meanwhile_is_answered(
    slack: SlackPeer, start: Start, quick: None
) -> None:
    bot = start()
    for _ in range(2):
        slack.wait(slack.is_connected)
        slack.drop_sockets()
        before = len(bot.outcomes())
        slack.mention("U1", FLOOD)
        slack.wait(lambda: len(bot.outcomes()) > before)  # noqa: B023
    slack.ask_to_reconnect()
    slack.wait(lambda: slack.methods().count("apps.connections.open") >= 4)
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes().count("answered") == 3)
    assert len(slack.posted) == 3


def test_rate_limits_are_waited_out_as_long_as_slack_says(slack: SlackPeer, start: Start) -> None:
    bot = start()
    slack.rate_limited = 1.0
    slack.mention("U1", FLOOD)
    slack.wait(lambda: slack.methods().count("chat.postMessage") == 2)
    slack.rate_limited = 0.0
    slack.wait(lambda: bot.outcomes() == ["answered"])
    calls = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert [call.status for call in calls] == [429, 429, 200]
    assert all(later.at - earlier.at >= 1 for earlier, later in pairwise(calls))
    assert len(slack.posted) == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("token_revoked", "Slack says that the token was revoked (token_revoked, SLACK_BOT_TOKEN)."),
        ("token_expired", "Slack says that the token has expired (token_expired, SLACK_BOT_TOKEN)."),
        (
            "account_inactive",
            "Slack says that the app has been removed from the workspace (account_inactive, "
            "SLACK_BOT_TOKEN).",
        ),
    ],
)
def test_a_token_that_goes_while_it_runs_ends_the_bot_with_the_way_back(
    slack: SlackPeer, start: Start, code: str, message: str
) -> None:
    bot = start()
    slack.errors["chat.postMessage"] = code
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.error is not None)
    assert str(bot.error) == (
        f"{message} Install the app again at api.slack.com/apps, take its token from there, and set "
        "SLACK_BOT_TOKEN, or: pullquote config set slack.bot_token …"
    )
    assert BOT_TOKEN not in str(bot.error) + "".join(bot.raw)


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
def test_an_app_that_is_removed_ends_the_bot(slack: SlackPeer, start: Start, event: str) -> None:
    bot = start()
    slack.send_event({"type": event, "tokens": {"bot": ["UBOT"]}})
    slack.wait(lambda: bot.error is not None)
    assert f"({event}, SLACK_BOT_TOKEN)" in str(bot.error)


def test_a_message_that_cannot_be_brought_is_logged_with_the_missing_scope(
    slack: SlackPeer, start: Start
) -> None:
    refused = {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "none"}
    bot = start()
    slack.errors["chat.postMessage"] = refused
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["undelivered"])
    assert bot.lines[-1]["reason"] == (
        "The Slack app lacks the scope `chat:write`, which chat.postMessage needs. Add it under “OAuth & "
        "Permissions” at api.slack.com/apps, then install the app again."
    )


def test_the_assistant_pane_shows_prompts_status_and_a_title(slack: SlackPeer, start: Start) -> None:
    bot = start()
    opened = slack.new_ts()
    slack.send_event(
        {
            "type": "assistant_thread_started",
            "assistant_thread": {"user_id": "U1", "channel_id": "D1", "thread_ts": opened, "context": {}},
        }
    )
    slack.wait(lambda: slack.prompts)
    assert [prompt["title"] for prompt in slack.prompts] == [
        "Summarize “Waterschap tegenspreekt minister”",
        "Summarize “Minister warns of flooding”",
        "Which articles are there?",
        "What can you do?",
    ]
    slack.send_event({"type": "assistant_thread_context_changed", "assistant_thread": {}})
    slack.say("U1", FLOOD, "D1", thread_ts=opened)
    slack.wait(lambda: bot.outcomes() == ["answered"] and slack.titles)
    assert (slack.statuses, slack.titles) == (["is reading the articles…"], [FLOOD])
    slack.say("U1", slack.prompts[1]["message"], "D1", thread_ts=opened)
    slack.wait(lambda: len(bot.outcomes()) == 2)
    assert slack.posted[-1].shown.startswith("3 sentences from 1 article")


def test_a_workspace_without_assistant_gets_its_answers_all_the_same(slack: SlackPeer, start: Start) -> None:
    for method in ("setStatus", "setTitle", "setSuggestedPrompts"):
        slack.errors[f"assistant.threads.{method}"] = "method_not_supported_for_channel_type"
    bot = start()
    for _ in range(3):
        before = len(bot.outcomes())
        slack.say("U1", FLOOD, "D1")
        slack.wait(lambda: len(bot.outcomes()) > before)  # noqa: B023
    assert (bot.outcomes(), len(slack.posted)) == (["answered"] * 3, 3)
    assert slack.methods().count("assistant.threads.setStatus") == 1


def get(address: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(address, timeout=120) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def port_of(bot: Running) -> int:
    """From what it said at its start."""
    notice = next(line for line in bot.notices if "127.0.0.1:" in line)
    return int(notice.partition("127.0.0.1:")[2].split("/")[0].strip("."))


def test_health_says_whether_slack_is_there(slack: SlackPeer, start: Start, quick: None) -> None:
    bot = start(health_port=0)
    address = f"http://127.0.0.1:{port_of(bot)}/healthz"
    assert bot.notices == [f"{address} says whether the bot is well."]
    assert get(address) == (200, {"status": "ok", "waiting": 0, "under_way": 0})
    slack.close()
    slack.wait(lambda: get(address)[0] == 503)
    assert get(address) == (503, {"status": "unavailable", "waiting": 0, "under_way": 0})


def post(port: int, body: bytes, secret: str, age: int = 0, kind: str = "application/json") -> int:
    moment = str(int(time.time()) - age)
    signed = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slack/events",
        data=body,
        headers={
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={signed}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_over_http_only_signed_and_fresh_requests_are_heard(slack: SlackPeer, start: Start) -> None:
    bot = start(mode="http", http_port=0)
    port = port_of(bot)
    ts = slack.new_ts()
    event = {"type": "app_mention", "user": "U1", "text": FLOOD, "channel": "C1", "ts": ts}
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event}).encode()
    assert post(port, body, "another secret") == 401
    assert post(port, body, "signing-secret", age=600) == 401
    assert post(port, body, "signing-secret") == 200
    assert post(port, body, "signing-secret") == 200
    command = urllib.parse.urlencode(
        {
            "command": "/pullquote",
            "text": "articles",
            "trigger_id": "t1",
            "team_id": TEAM,
            "channel_id": "C1",
            "user_id": "U1",
            "response_url": slack.url.replace("/api/", "/commands/1"),
        }
    ).encode()
    assert post(port, command, "signing-secret", kind="application/x-www-form-urlencoded") == 200
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert sorted(bot.outcomes()) == ["answered", "duplicate", "told"]
    assert [reply.thread_ts for reply in slack.posted] == [ts]
    assert [str(response["text"])[:10] for response in slack.responses] == ["3 articles"]
    assert "apps.connections.open" not in slack.methods()
