from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli import main
from tests.eval.fleet import Pilot, write_fleet
from tests.peers.scripted_openai import ScriptedOpenAI


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def run(self) -> Path:
        """The folder of the run that was made."""
        (line,) = (line for line in self.out.splitlines() if line.startswith("Run: "))
        return Path(line.removeprefix("Run: "))


@pytest.fixture
def pullquote(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command as a shell would, in this process."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite of eight ferries."""
    return write_fleet(tmp_path_factory.mktemp("fleet") / "fleet")


@pytest.fixture
def use(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    """Configure a server, none of whose answers is known yet."""
    # A server may get the port that one of an earlier test had, and would be taken for it.
    for known in ("answers", "grades"):
        shutil.rmtree(cache / "eval" / known, ignore_errors=True)

    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")
        monkeypatch.setenv("PULLQUOTE_MODEL__MAX_RETRIES", "0")

    return use


__all__ = ["Pilot"]
