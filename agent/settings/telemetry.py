"""What of an answer its traces carry."""

from __future__ import annotations

from pydantic import Field

from vectorstore import SettingsPart


class TelemetrySettings(SettingsPart):
    """What OpenTelemetry spans carry, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector for them."""

    content: bool = Field(
        default=False,
        description="Whether OpenTelemetry spans carry questions, prompts, articles' sentences and answers.",
    )
