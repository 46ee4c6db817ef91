from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from agent.cli import main


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
