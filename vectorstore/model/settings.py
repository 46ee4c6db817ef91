"""The library's part of the settings; `agent.settings.loading` composes the parts into one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Megabytes = Annotated[int, Field(ge=1, le=1024)]


class SettingsPart(BaseModel):
    """A section of the settings: unknown keys are an error, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadSettings(SettingsPart):
    """How files become articles."""

    max_file_mb: Megabytes = 20
    """Files larger than this are refused, in MB."""


class EmbedderSettings(SettingsPart):
    """Which model turns text into vectors."""

    model: str = Field(default="e5", pattern=r"^(e5|e5:.+|openai:.+)$")
    """Embedder of new libraries: `e5` is the bundled multilingual-e5-small, `e5:FOLDER` an ONNX export of an
    e5 model, `openai:MODEL` a model of an OpenAI-compatible server. A library keeps its own until `pullquote
    reembed` gives it another.
    """
    threads: int = Field(default=2, ge=1, le=64)
    """Threads the embedder may use."""
    passage_tokens: int = Field(default=160, ge=32, le=400)
    """Token budget of one passage, in the bundled model's tokens."""
    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Address of the server of `openai:MODEL`, with or without `/v1`. Not set: `OPENAI_BASE_URL`, else OpenAI
    when there is a key.
    """
    api_key: SecretStr | None = None
    """Key for that server. Not set: `OPENAI_API_KEY`, which is sent to OpenAI or to `OPENAI_BASE_URL` and
    nowhere else.
    """
    dimensions: int | None = Field(default=None, ge=8, le=8192)
    """Length of vectors asked of the server, for models that can shorten them."""
    batch_size: int = Field(default=64, ge=1, le=2048)
    """Passages sent to the server at a time, at the most."""
    batch_tokens: int = Field(default=8_000, ge=512, le=250_000)
    """Tokens sent to the server at a time, about."""
    timeout_seconds: float = Field(default=60, gt=0, le=3600)
    """Seconds without a byte from the server before giving up."""
    max_retries: int = Field(default=4, ge=0, le=20)
    """Further tries after a time-out, a 429 or a 5xx."""
    price: float | None = Field(default=None, ge=0, le=10_000)
    """Price of a million tokens, in US dollars; overrides the table."""
    confirm_tokens: int = Field(default=100_000, ge=0, le=1_000_000_000_000)
    """`reembed` asks first when it is about to send more tokens than this to a server."""


class SearchSettings(SettingsPart):
    """How a question is matched to sentences."""

    depth: int = Field(default=8, ge=1, le=100)
    """Passages whose sentences are re-ranked, about 150 tokens each."""
    exact_scan_limit: int = Field(default=2_000, ge=0, le=1_000_000)
    """Up to this many passages, of the library or left by a filter, are compared exactly."""


class LibrarySettings(SettingsPart):
    """Everything `vectorstore` needs to know."""

    path: Path
    """Folder that holds the library database and its Chroma index."""
    cache: Path
    """Folder for things that can be made again, such as the embedder's graph."""
    read: ReadSettings = Field(default_factory=ReadSettings)
    embedder: EmbedderSettings = Field(default_factory=EmbedderSettings)
    search: SearchSettings = Field(default_factory=SearchSettings)
