"""What Slack's errors (https://docs.slack.dev/reference/methods) and the network's mean to a user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientError
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError, SlackClientError

from vectorstore import PullquoteError, SetupError

_APPS = "api.slack.com/apps"
"""Without `https://`: in Slack, where addresses are made harmless, it could not be copied."""
_GONE = {
    "account_inactive": "Slack says that the app has been removed from the workspace",
    "app_uninstalled": "Slack says that the app has been removed from the workspace",
    "token_revoked": "Slack says that the token was revoked",
    "tokens_revoked": "Slack says that the token was revoked",
    "token_expired": "Slack says that the token has expired",
    "invalid_auth": "Slack does not know the token",
    "not_authed": "Slack was given no token",
    "not_allowed_token_type": "Slack takes another kind of token here",
}
"""Codes after which no request with this token will succeed."""
CANNOT_POST = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "user_not_in_channel"}
)
"""Codes that say the answer has to be sent elsewhere."""
REFUSED_SHAPE = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_arguments"}
)
"""Codes that plain text may get around."""
PASSING = frozenset({"ratelimited", "unreachable"})
"""Codes that say nothing about whether the same request will be refused again."""


class SlackError(PullquoteError):
    """Slack refused a request, or could not be reached."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
        """Slack's own, or `unreachable`."""


class SlackGoneError(SlackError, SetupError):
    """The token is not valid any more: the bot has to stop."""


@contextmanager
def translating_errors(doing: str) -> Iterator[None]:
    """Raise what slack-sdk, slack-bolt and aiohttp raise while `doing` something as a SlackError."""
    try:
        yield
    except SlackApiError as error:
        needed = str(error.response.get("needed") or "unknown")
        raise make_error(str(error.response.get("error", "unknown")), doing, needed) from error
    except (ClientError, TimeoutError, SlackClientError, BoltError) as error:
        reason = str(error) or type(error).__name__
        raise SlackError(f"Slack could not be reached for {doing} ({reason}).", "unreachable") from error


def make_error(code: str, doing: str, scope: str = "unknown") -> SlackError:
    """Return the error for one of Slack's codes; `scope` is the one that Slack says is missing."""
    if code in _GONE:
        variable = "SLACK_APP_TOKEN" if doing == "apps.connections.open" else "SLACK_BOT_TOKEN"
        setting = variable.removeprefix("SLACK_").lower()
        return SlackGoneError(
            f"{_GONE[code]} ({code}, {variable}). Install the app again at {_APPS}, take its token from "
            f"there, and set {variable}, or: pullquote config set slack.{setting} …",
            code,
        )
    if code == "missing_scope":
        return SlackError(
            f"The Slack app lacks the scope `{scope}`, which {doing} needs. Add it under “OAuth & "
            f"Permissions” at {_APPS}, then install the app again.",
            code,
        )
    if code == "ratelimited":
        return SlackError(f"Slack's rate limit for {doing} is exhausted. Try again in a minute.", code)
    return SlackError(f"Slack refused {doing} ({code}).", code)
