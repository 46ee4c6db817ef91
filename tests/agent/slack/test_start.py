"""`pullquote slack` as a shell runs it: what stops it at once, and what stops it well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.cli import main
from agent.slack.run import only_bot
from tests.agent.slack.conftest import FLOOD, library_path
from tests.peers.forked import Forked
from tests.peers.slack import APP_TOKEN, BOT_TOKEN, SlackPeer
from vectorstore import Library

STEPS = "“Slack” in the README has the five steps; `pullquote slack --manifest` prints the app's manifest."
TOKENS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
BACK = "Install the app again at api.slack.com/apps, take its token from there, and set"


def environment(library: Library, peer: SlackPeer | None, tokens: dict[str, str]) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    if peer is not None:
        environ["PULLQUOTE_SLACK__API_URL"] = peer.url
    return {**environ, **tokens, "PULLQUOTE_LIBRARY": str(library_path(library))}


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `pullquote slack` in this process; it is meant to end by itself."""

    def run(peer: SlackPeer | None, tokens: dict[str, str], *words: str) -> tuple[int, str, str]:
        for name, value in environment(library, peer, tokens).items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(["slack", *words])
        return code, *capsys.readouterr()

    return run


def test_the_manifest_is_printed_without_a_token_or_a_library(run: Run) -> None:
    code, out, err = run(None, {}, "--manifest")
    assert (code, err) == (0, "")
    assert out == (Path(__file__).parents[3] / "agent" / "slack" / "manifest.yaml").read_text("utf-8")


def test_other_commands_do_not_wait_for_slacks_libraries() -> None:
    code = "import sys, agent.cli.app; print({'slack_bolt', 'slack_sdk', 'aiohttp'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("set()\n", "")


def test_without_tokens_it_points_to_the_five_steps(run: Run) -> None:
    assert run(None, {}) == (
        2,
        "",
        "pullquote: The Slack bot has no `slack.bot_token`: set SLACK_BOT_TOKEN, or: pullquote config set "
        f"slack.bot_token …\n{STEPS}\n",
    )


@pytest.mark.parametrize(
    ("method", "error", "message"),
    [
        (
            "auth.test",
            "invalid_auth",
            f"Slack does not know the token (invalid_auth, SLACK_BOT_TOKEN). {BACK} SLACK_BOT_TOKEN, or: "
            "pullquote config set slack.bot_token …",
        ),
        (
            "auth.test",
            "token_expired",
            f"Slack says that the token has expired (token_expired, SLACK_BOT_TOKEN). {BACK} "
            "SLACK_BOT_TOKEN, or: pullquote config set slack.bot_token …",
        ),
        (
            "apps.connections.open",
            "not_allowed_token_type",
            "Slack takes another kind of token here (not_allowed_token_type, SLACK_APP_TOKEN). "
            f"{BACK} SLACK_APP_TOKEN, or: pullquote config set slack.app_token …",
        ),
    ],
)
def test_a_token_that_is_worth_nothing_is_named(run: Run, method: str, error: str, message: str) -> None:
    with SlackPeer(errors={method: error}) as peer:
        code, out, err = run(peer, TOKENS)
    assert (code, out, err) == (2, "", f"pullquote: {message}\n")


def test_a_missing_scope_is_named_at_the_start(run: Run) -> None:
    with SlackPeer(scopes="app_mentions:read,im:history,commands") as peer:
        code, out, err = run(peer, TOKENS)
    assert (code, out, err) == (
        2,
        "",
        "pullquote: The Slack app lacks the scope `chat:write`, which the bot needs. Add it under “OAuth & "
        "Permissions” at api.slack.com/apps, then install the app again.\n",
    )
    lacking = {"ok": False, "error": "missing_scope", "needed": "connections:write"}
    with SlackPeer(errors={"apps.connections.open": lacking}) as peer:
        code, out, err = run(peer, TOKENS)
    assert (code, out, err) == (
        2,
        "",
        "pullquote: The Slack app lacks the scope `connections:write`, which apps.connections.open needs. "
        "Add it under “OAuth & Permissions” at api.slack.com/apps, then install the app again.\n",
    )


def test_a_slack_that_is_not_there_is_said(run: Run) -> None:
    peer = SlackPeer()
    with peer:
        pass
    code, out, err = run(peer, TOKENS)
    assert (code, out) == (2, "")
    assert err.startswith(
        "pullquote: Slack could not be reached for auth.test (Cannot connect to host 127.0.0.1:"
    )


def test_a_library_has_one_bot(run: Run, library: Library) -> None:
    with only_bot(library_path(library)):
        code, out, err = run(None, TOKENS)
    assert (code, out, err) == (
        2,
        "",
        f"pullquote: Another Slack bot is running on the library in {library_path(library)}. Stop that one "
        "first, or give this one another `--library`.\n",
    )


@pytest.fixture
def process(library: Library, slack: SlackPeer) -> Iterator[Forked]:
    """The bot in a process of its own."""
    started = Forked(main, ["slack"], env=environment(library, slack, TOKENS))
    yield started
    started.kill()
    started.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_well_and_its_log_has_a_line_an_event_and_no_token(
    process: Forked, slack: SlackPeer, number: signal.Signals
) -> None:
    slack.wait(slack.is_connected)
    slack.mention("U1", FLOOD)
    slack.wait(lambda: slack.posted)
    process.send_signal(number)
    out, err = process.communicate()
    assert (process.returncode, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    assert [(line["event"], line.get("outcome")) for line in lines] == [
        ("started", None),
        (slack.event_ids[0], "answered"),
        ("stopped", None),
    ]
    assert "xoxb" not in err and "xapp" not in err and "flooding" not in err
