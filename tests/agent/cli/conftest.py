from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli import main
from tests.agent.generative.conftest import ARTICLES
from tests.peers.scripted_openai import ScriptedOpenAI


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def pullquote(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command as a shell would, in this process."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def run(pullquote: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """The command, with four articles in its library."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    assert pullquote("add", str(folder)).code == 0
    return pullquote


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    """Configure a server."""

    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")

    return use
