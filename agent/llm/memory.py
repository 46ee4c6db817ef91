"""What was found out about an endpoint and a model, remembered in a file of theirs; the last writer wins."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from vectorstore import replace_file

FORGET_AFTER = timedelta(days=30)
"""Servers are updated: what an old one refused is tried again once a month, at the cost of one refusal."""


class StructuredMode(StrEnum):
    """How the server is made to answer in JSON, best first."""

    JSON_SCHEMA = "json_schema"
    """Strict: the server writes nothing that the schema does not allow."""
    JSON_OBJECT = "json_object"
    """The server writes some JSON; the schema is in the prompt."""
    PROMPT = "prompt"
    """The schema is in the prompt and nothing is promised."""

    def weaker(self) -> StructuredMode | None:
        """Return the next mode; None after the weakest."""
        modes = list(StructuredMode)
        return next(iter(modes[modes.index(self) + 1 :]), None)


class Findings(BaseModel):
    """What is known of one endpoint and model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str | None = None
    """Path of the address that answered; the rest of it is configured, and may hold a password."""
    structured: StructuredMode = StructuredMode.JSON_SCHEMA
    context_tokens: int | None = None
    estimated_tokens: float = 0
    """Tokens estimated for texts of which the server then reported the real number."""
    reported_tokens: float = 0
    since: datetime


class Memory:
    """The file for one endpoint and model."""

    def __init__(self, cache: Path, endpoint: str, model: str) -> None:
        key = hashlib.sha256(f"{endpoint}\n{model}".encode()).hexdigest()[:16]
        self._file = cache / "models" / f"{key}.json"

    def recall(self) -> Findings:
        """Return what is remembered; nothing when there is no such file, or an old or a foreign one."""
        now = datetime.now(UTC)
        try:
            findings = Findings.model_validate_json(self._file.read_bytes())
        except (OSError, ValueError):
            return Findings(since=now)
        return findings if now - findings.since < FORGET_AFTER else Findings(since=now)

    def remember(self, findings: Findings) -> None:
        """Write `findings`; a cache folder that cannot be written costs asking again, nothing else."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._file, findings.model_dump_json(), mode=0o600)
        except OSError:
            return
