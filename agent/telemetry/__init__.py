"""OpenTelemetry spans of answers, when a collector is configured by the standard variables.

Without one nothing is imported and nothing happens. Ours is a tracer provider of its own: the global one,
which chromadb and others look for, is neither set nor used, and nothing of ours is current in their context.
"""

from agent.settings.telemetry import TelemetrySettings
from agent.telemetry.answering import answering
from agent.telemetry.search import search
from agent.telemetry.spans import Mark, is_wanted, span, start, stop, watch_model
from agent.telemetry.tools import traced_tool

__all__ = [
    "Mark",
    "TelemetrySettings",
    "answering",
    "is_wanted",
    "search",
    "span",
    "start",
    "stop",
    "traced_tool",
    "watch_model",
]
