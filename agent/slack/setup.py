"""What an admin sets up in Slack: the app, from its manifest, and the tokens that Slack gives for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from pydantic import SecretStr

from agent.settings.sections import SlackSettings
from vectorstore import SetupError

FIVE_STEPS = (
    "“Slack” in the README has the five steps; `pullquote slack --manifest` prints the app's manifest."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The tokens that prove who the bot is."""

    bot: SecretStr
    app: SecretStr | None = None
    """For Socket Mode."""
    signing: SecretStr | None = None
    """For the HTTP mode."""


def read_manifest() -> str:
    """Return the app's manifest in YAML, as Slack takes it."""
    return files("agent.slack").joinpath("manifest.yaml").read_text("utf-8")


def find_credentials(settings: SlackSettings, environ: Mapping[str, str] = os.environ) -> Credentials:
    """Return what `settings.mode` needs, from settings, else variables; SetupError for missing or wrong."""
    bot = _require("bot_token", settings.bot_token, environ, prefix="xoxb-")
    if settings.mode == "http":
        return Credentials(bot, signing=_require("signing_secret", settings.signing_secret, environ))
    return Credentials(bot, app=_require("app_token", settings.app_token, environ, prefix="xapp-"))


def _require(name: str, given: SecretStr | None, environ: Mapping[str, str], prefix: str = "") -> SecretStr:
    variable = f"SLACK_{name.upper()}"
    secret = (given.get_secret_value() if given else environ.get(variable, "")).strip()
    if not secret:
        raise SetupError(
            f"The Slack bot has no `slack.{name}`: set {variable}, or: pullquote config set slack.{name} …\n"
            f"{FIVE_STEPS}"
        )
    if not secret.startswith(prefix):
        where = f"`slack.{name}`" if given else variable
        raise SetupError(f"{where} does not begin with {prefix}, so it is another token.\n{FIVE_STEPS}")
    return SecretStr(secret)
