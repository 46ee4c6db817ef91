from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli import main
from tests.agent.generative.conftest import ARTICLES
from tests.agent.newsroom import open_filled
from tests.peers.scripted_openai import ScriptedOpenAI
from vectorstore.embedding import Embedder


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


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Path:
    """A library of four articles, to be copied."""
    folder = tmp_path_factory.mktemp("cli")
    with open_filled(folder / "news", ARTICLES, cache, embedder):
        return folder / "library"


@pytest.fixture
def run(pullquote: Callable[..., Ran], filled: Path, home: Path) -> Callable[..., Ran]:
    """The command, with four articles in its library."""
    shutil.copytree(filled, home / "library")
    return pullquote


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    """Configure a server."""

    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")

    return use
