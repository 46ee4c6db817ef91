"""The library's part of the settings; `agent.settings` composes the parts into one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Megabytes = Annotated[int, Field(ge=1, le=1024)]


class SettingsPart(BaseModel):
    """A section of the settings: unknown keys are an error, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadSettings(SettingsPart):
    """How files become articles."""

    max_file_mb: Megabytes = Field(default=20, description="Files larger than this are refused, in MB.")


class EmbedderSettings(SettingsPart):
    """Which model turns text into vectors."""

    model: str = Field(
        default="e5",
        pattern=r"^(e5|e5:.+)$",
        description="`e5` is the bundled multilingual-e5-small; `e5:FOLDER` an ONNX export of an e5 model.",
    )
    threads: int = Field(default=2, ge=1, le=64, description="Threads the embedder may use.")
    passage_tokens: int = Field(
        default=160, ge=32, le=400, description="Token budget of one passage, in the embedder's own tokens."
    )


class SearchSettings(SettingsPart):
    """How a question is matched to sentences."""

    depth: int = Field(
        default=8, ge=1, le=100, description="Passages whose sentences are re-ranked, about 150 tokens each."
    )
    exact_scan_limit: int = Field(
        default=2_000,
        ge=0,
        le=1_000_000,
        description="Up to this many passages left by a filter are scanned exactly.",
    )


class LibrarySettings(SettingsPart):
    """Everything `vectorstore` needs to know."""

    path: Path = Field(description="Folder that holds the library database and its Chroma index.")
    cache: Path = Field(description="Folder for things that can be made again, such as the embedder's graph.")
    read: ReadSettings = Field(default_factory=ReadSettings)
    embedder: EmbedderSettings = Field(default_factory=EmbedderSettings)
    search: SearchSettings = Field(default_factory=SearchSettings)
