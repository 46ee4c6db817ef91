"""The tokens the bot needs, from the settings or from Slack's customary variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from agent.settings.slack import SlackSettings
from vectorstore.model.errors import SetupError

FIVE_STEPS = (
    "“Slack” in the README has the five steps; `pullquote slack --manifest` prints the app's manifest."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves who the bot is."""

    bot: SecretStr
    app: SecretStr | None = None
    """For Socket Mode."""
    signing: SecretStr | None = None
    """For the HTTP mode."""


def find_credentials(settings: SlackSettings, environ: Mapping[str, str] = os.environ) -> Credentials:
    """The credentials that `settings.mode` needs; settings go before variables.

    Raises:
        SetupError: one is missing, or is plainly another one; the message names the setting and the variable.
    """
    bot = _require(settings.bot_token, "bot_token", "SLACK_BOT_TOKEN", "xoxb-", environ)
    if settings.mode == "http":
        signing = _require(settings.signing_secret, "signing_secret", "SLACK_SIGNING_SECRET", "", environ)
        return Credentials(bot, signing=signing)
    return Credentials(
        bot, app=_require(settings.app_token, "app_token", "SLACK_APP_TOKEN", "xapp-", environ)
    )


def _require(
    given: SecretStr | None, name: str, variable: str, prefix: str, environ: Mapping[str, str]
) -> SecretStr:
    secret = given.get_secret_value() if given else environ.get(variable, "")
    secret = secret.strip()
    if not secret:
        raise SetupError(
            f"The Slack bot has no `slack.{name}`: set {variable}, or: pullquote config set slack.{name} …\n"
            f"{FIVE_STEPS}"
        )
    if not secret.startswith(prefix):
        where = f"`slack.{name}`" if given else variable
        raise SetupError(f"{where} does not begin with {prefix}, so it is another token.\n{FIVE_STEPS}")
    return SecretStr(secret)
