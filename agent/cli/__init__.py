"""The command `pullquote`: the one place that knows all rooms."""

from agent.cli.app import main

__all__ = ["main"]
