from __future__ import annotations

from pathlib import Path

import pytest

from agent.settings.editing import set_setting
from agent.settings.loading import load_settings
from agent.settings.sections import ChannelRule, SlackSettings
from agent.slack.setup import find_credentials, read_manifest
from vectorstore import SetupError

STEPS = "“Slack” in the README has the five steps; `pullquote slack --manifest` prints the app's manifest."


def test_a_channels_rule_is_written_and_read(home: Path) -> None:
    set_setting("slack.channels", '[{id = "C1", outlets = ["De Krant"]}, {id = "*", private = true}]')
    assert load_settings().slack.channels == (
        ChannelRule(id="C1", outlets=("De Krant",)),
        ChannelRule(id="*", private=True),
    )
    assert 'id = "C1"' in (home / "settings.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slack.api_url", "http://slack.com/api/"),
        ("slack.api_url", "http://127.0.0.1.evil.example/api/"),
        ("slack.api_url", "https://user@evil.example/api/"),
        ("slack.allowed_channels", '["general"]'),
        ("slack.admins", '["@anna"]'),
        ("slack.channels", '[{id = "news"}]'),
        ("slack.channels", '[{id = "C1", outlet = ["De Krant"]}]'),
        ("slack.concurrency", "0"),
    ],
)
def test_what_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=f"Setting `{name}` cannot be"):
        set_setting(name, value)


@pytest.mark.parametrize(
    ("settings", "environ", "message"),
    [
        (
            {},
            {},
            "The Slack bot has no `slack.bot_token`: set SLACK_BOT_TOKEN, or: pullquote config set "
            f"slack.bot_token …\n{STEPS}",
        ),
        (
            {},
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "The Slack bot has no `slack.app_token`: set SLACK_APP_TOKEN, or: pullquote config set "
            f"slack.app_token …\n{STEPS}",
        ),
        (
            {"mode": "http"},
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
            "The Slack bot has no `slack.signing_secret`: set SLACK_SIGNING_SECRET, or: pullquote config set "
            f"slack.signing_secret …\n{STEPS}",
        ),
        (
            {},
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"},
            f"SLACK_BOT_TOKEN does not begin with xoxb-, so it is another token.\n{STEPS}",
        ),
        (
            {"bot_token": "xoxb-1", "app_token": "xoxb-1"},
            {},
            f"`slack.app_token` does not begin with xapp-, so it is another token.\n{STEPS}",
        ),
    ],
)
def test_missing_and_mistaken_tokens_are_named(
    settings: dict[str, str], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(SetupError) as refused:
        find_credentials(SlackSettings.model_validate(settings), environ)
    assert str(refused.value) == message


def test_settings_go_before_variables_and_show_no_token() -> None:
    environ = {"SLACK_BOT_TOKEN": "xoxb-env", "SLACK_APP_TOKEN": " xapp-env\n"}
    found = find_credentials(SlackSettings.model_validate({"bot_token": "xoxb-set"}), environ)
    assert found.app is not None
    assert (found.bot.get_secret_value(), found.app.get_secret_value()) == ("xoxb-set", "xapp-env")
    assert "xoxb" not in repr(found) and "xapp" not in repr(found)


def test_the_manifest_has_what_the_bot_uses() -> None:
    import yaml

    manifest = yaml.safe_load(read_manifest())
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == [
        "app_mention",
        "app_uninstalled",
        "assistant_thread_context_changed",
        "assistant_thread_started",
        "message.im",
        "tokens_revoked",
    ]
    assert manifest["features"]["slash_commands"][0]["command"] == "/pullquote"
    assert {"chat:write", "app_mentions:read", "im:history"} <= set(manifest["oauth_config"]["scopes"]["bot"])
