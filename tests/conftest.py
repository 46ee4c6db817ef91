"""What every test gets: a home of its own, no settings from outside, one embedder for the whole run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.settings.paths import DATA_VARIABLE
from vectorstore.embedding import E5Embedder, Embedder

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts in the background so; tests of Ctrl-C need what a terminal gives.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the run, so that the embedder's graph is built once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def embedder(cache: Path) -> Embedder:
    """The bundled embedder."""
    return E5Embedder.bundled(cache, threads=2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty `PULLQUOTE_HOME`; nothing of the caller's environment is read."""
    for name in list(os.environ):
        if name.upper().startswith(("PULLQUOTE_", "OTEL_")) and name != DATA_VARIABLE:
            monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("PULLQUOTE_HOME", str(folder))
    monkeypatch.setenv("PULLQUOTE_CACHE", str(cache))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    yield folder


@pytest.fixture
def data() -> Path:
    """The evaluation data, for tests that measure on it."""
    folder = os.environ.get(DATA_VARIABLE)
    if not folder:
        pytest.skip(f"{DATA_VARIABLE} does not name the folder of the evaluation data")
    return Path(folder)
