"""The app's manifest, as Slack takes it."""

from __future__ import annotations

from importlib.resources import files


def read_manifest() -> str:
    """The manifest in YAML."""
    return files("agent.slack").joinpath("manifest.yaml").read_text("utf-8")
