"""A cache of one test's own, and no settings of OpenAI's from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.llm import ChatModel, ModelSettings

Connect = Callable[..., ChatModel]


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SSL_CERT_FILE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    """The cache folder, empty at first."""
    return tmp_path / "cache"


@pytest.fixture
def connect(findings: Path) -> Connect:
    """Connects to an address; quick to give up."""

    def connect(base_url: str, **settings: Any) -> ChatModel:
        given = {"name": "scripted", "timeout_seconds": 60, "max_retries": 0, "base_url": base_url} | settings
        chat = ChatModel.connect(ModelSettings(**given), findings, {})
        assert chat is not None
        return chat

    return connect
